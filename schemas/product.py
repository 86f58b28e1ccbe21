"""One product's figures, a product whose cost is unknown, and what a product sold, for comparing documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final

from schemas.stored import known

#: Stands for what was sold and names no product: it is none.
UNNAMED: Final = "(sem SKU)"
#: Products whose cost is asked for, that the facts list at most.
MAX_MISSING_COSTS: Final = 100
#: Products of a channel that documents of other channels are compared with, those with most revenue.
MAX_SOLD: Final = 500
#: Products, and orders, that one figure names, the worst first.
MOST_SKUS: Final = 10
MOST_ORDERS: Final = 20
#: Products that the facts of a channel list.
MOST_PRODUCTS: Final = 60
#: Products beyond those that the facts list, kept for the channel's next document to be compared with.
MAX_REST: Final = 2_000


def sku_key(sku: str) -> str:
    """Return the key by which SKUs are compared: trimmed, single blanks, lower case."""
    return " ".join(sku.split()).casefold()


@dataclass(frozen=True, slots=True)
class Product:
    """One product's sums over the document's period; money in its currency; None = the columns were missing."""

    sku: str
    title: str
    units: float | None
    revenue: float | None
    orders: int | None
    returned_units: float | None = None
    refunds: float | None = None
    fees: float | None = None
    shipping: float | None = None
    net: float | None = None
    unit_price: float | None = None
    last_sale: str | None = None  # ISO date
    cost: float | None = None  # of all its units, packaging included
    taxes: float | None = None
    contribution: float | None = None  # net - cost - taxes, where these are known
    break_even: float | None = None  # the price of a unit at which nothing is left
    stock: float | None = None  # units on hand
    stock_days: float | None = None  # how long they last
    cancelled_orders: int | None = None  # in which all of its rows were cancelled
    advertising: float | None = None  # what a report says that its advertising cost in the document's days
    advertising_sales: float | None = None  # and what that sold, as the marketplace attributes it

    @property
    def acos(self) -> float | None:
        """Return what its advertising cost / what that sold; None where one is unknown, or nothing was sold by it."""
        return (
            self.advertising / self.advertising_sales
            if self.advertising is not None and self.advertising_sales
            else None
        )

    @property
    def after_ads(self) -> float | None:
        """Return what is left of it less its advertising; None where one is unknown."""
        return None if self.net is None or self.advertising is None else self.net - self.advertising

    @property
    def margin(self) -> float | None:
        """Return the margin, as a share of the revenue; None where it is unknown."""
        return self.contribution / self.revenue if self.contribution is not None and self.revenue else None


@dataclass(frozen=True, slots=True)
class Rest:
    """The products that a channel's facts do not list: their fields by row, since they may be thousands."""

    columns: list[str] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)  # at most MAX_REST, the most revenue first

    @classmethod
    def of(cls, products: Sequence[Product]) -> Rest:
        """Take them apart; what none of them tells is left out."""
        names = [one.name for one in fields(Product)]
        told = [name for name in names if any(getattr(one, name) is not None for one in products)]
        return cls(told, [[getattr(one, name) for name in told] for one in products])

    @classmethod
    def from_dict(cls, data: dict[str, Any] | None) -> Rest:
        """Read what `asdict` wrote; earlier versions wrote none."""
        return cls() if data is None else cls(**known(cls, data))

    def products(self) -> list[Product]:
        """Put them together again."""
        empty = dict.fromkeys(one.name for one in fields(Product))
        rows = (dict(zip(self.columns, row, strict=True)) for row in self.rows)
        return [Product(**known(Product, empty | row)) for row in rows]


@dataclass(frozen=True, slots=True)
class MissingCost:
    """A product that sold and whose cost is not known."""

    sku: str
    title: str
    units: float | None
    revenue: float | None


@dataclass(frozen=True, slots=True)
class SoldProduct:
    """How a product with a SKU sold. Prices are of a unit: the median, and the interval of 95 % around it."""

    sku: str
    units: float
    revenue: float
    sale_days: int
    first_sale: str  # ISO date
    last_sale: str
    price: float | None = None  # None: too few units to tell
    price_low: float | None = None
    price_high: float | None = None
    title: str = ""  # that no other SKU of the channel has; "": there is none, or an earlier version stored it


@dataclass(frozen=True, slots=True)
class Sold:
    """What a document tells of a channel's products, for documents of other channels to be compared with."""

    currency: str  # never ""
    last_sale: str  # ISO date, of any product
    kept_share: float = 1.0  # of revenue, after fees and shipping as far as they are known
    products: list[SoldProduct] = field(default_factory=list)  # at most MAX_SOLD, the most revenue first
    rest: Rest = field(default_factory=Rest)  # for the channel's own next document, and for no other one

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Sold:
        """Read what `asdict` wrote."""
        products = [SoldProduct(**known(SoldProduct, one)) for one in data.get("products", [])]
        return cls(**known(cls, data) | {"products": products, "rest": Rest.from_dict(data.get("rest"))})
