"""What the facts say of one product, and which products' costs nobody has told yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Products whose cost is asked for, that the facts list at most.
MAX_MISSING_COSTS: Final = 100


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

    @property
    def margin(self) -> float | None:
        """Return the margin, as a share of the revenue; None where it is unknown."""
        return self.contribution / self.revenue if self.contribution is not None and self.revenue else None


@dataclass(frozen=True, slots=True)
class MissingCost:
    """A product that sold and whose cost is not known."""

    sku: str
    title: str
    units: float | None
    revenue: float | None
