"""The types of what documents say about goods: unit costs, stock, advertising.

Costs and stock are kept by SKU and joined with sales by it; advertising by its channel and days.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from operator import attrgetter
from typing import Any, Final, Literal

from gateway.intake.ads import AdReport, WhyNot
from schemas.product import sku_key

#: What the reader calls a table of costs or stock.
NAME_OF_GOODS: Final = "goods"
#: The figures of a channel that costs add: of all sales, and of the part whose costs are known.
OF_ALL: Final = ("cost", "contribution", "margin")
OF_PART: Final = ("covered_cost", "covered_contribution", "covered_margin")
#: Rows that are told to be wrong; of more only the number is told.
MAX_WRONG: Final = 50
#: Rows of a table of costs or stock. A SKU of several warehouses has several.
MAX_ROWS: Final = 50_000

Why = Literal["no_sku", "no_number", "negative", "no_date", "no_currency", "twice", "tax", "currency_changed"]


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one unit from a day on. `since` empty: the day of the upload; `currency` empty: unknown."""

    sku: str
    unit_cost: float
    title: str = ""
    since: str = ""  # ISO date
    packaging: float | None = None  # of one unit, beside the cost
    tax_rate: float | None = None  # on what is sold, 0..1
    currency: str = ""
    version: int = 0  # of what is kept; 0: it is of the document itself
    row: int = 0  # its number in the sheet

    @property
    def key(self) -> str:
        return sku_key(self.sku)


@dataclass(frozen=True, slots=True)
class Stock:
    """How many units are on hand on a day. `channel` "" is all of them together."""

    sku: str
    quantity: float
    title: str = ""
    channel: str = ""
    counted_on: str = ""  # ISO date; "": the day on which it was told
    version: int = 0

    @property
    def key(self) -> str:
        return sku_key(self.sku)


#: One cost or stock as a row: all fields in their order.
COST_ROW: Final = attrgetter(*(one.name for one in fields(Cost)))
STOCK_ROW: Final = attrgetter(*(one.name for one in fields(Stock)))


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row that is ignored, its place, and the reason."""

    where: str
    row: int
    why: Why
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Goods:
    """Costs, stock, and reports of advertising. `without`: SKUs of a list of costs whose cost is not filled in.

    `ads_unusable`: why a report of advertising is not among `ads`.
    """

    costs: list[Cost] = field(default_factory=list)
    stock: list[Stock] = field(default_factory=list)
    wrong: list[WrongRow] = field(default_factory=list)  # at most MAX_WRONG
    wrong_rows: int = 0
    without: list[str] = field(default_factory=list)
    ads: list[AdReport] = field(default_factory=list)
    ads_unusable: list[WhyNot] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.costs or self.stock or self.ads)

    @property
    def seen(self) -> bool:
        """Whether there was a table of costs, stock or advertising at all, right or wrong."""
        return bool(self or self.wrong_rows or self.without or self.ads_unusable)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON-able data, short: it may be many thousand rows."""
        return {
            "costs": [COST_ROW(one) for one in self.costs],
            "stock": [STOCK_ROW(one) for one in self.stock],
            "wrong": [asdict(one) for one in self.wrong],
            "wrong_rows": self.wrong_rows,
            "without": self.without,
            "ads": [one.to_dict() for one in self.ads],
            "ads_unusable": self.ads_unusable,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Goods:
        """Read what `to_dict` wrote."""
        return cls(
            [Cost(*row) for row in data["costs"]],
            [Stock(*row) for row in data["stock"]],
            [WrongRow(**one) for one in data["wrong"]],
            data["wrong_rows"],
            data["without"],
            [AdReport.from_dict(one) for one in data["ads"]],
            data["ads_unusable"],
        )


def together(parts: Iterable[Goods]) -> Goods:
    """Merge the costs and stock of several tables."""
    every = list(parts)
    return Goods(
        [one for part in every for one in part.costs],
        [one for part in every for one in part.stock],
        [one for part in every for one in part.wrong][:MAX_WRONG],
        sum(part.wrong_rows for part in every),
        list(dict.fromkeys(sku for part in every for sku in part.without)),
    )


def dated(goods: Goods, today: str) -> Goods:
    """Return the goods, with `today` for rows without a day."""
    return Goods(
        [one if one.since else replace(one, since=today) for one in goods.costs],
        [one if one.counted_on else replace(one, counted_on=today) for one in goods.stock],
        goods.wrong,
        goods.wrong_rows,
        goods.without,
    )


def against(own: Goods, kept: Goods) -> Goods:
    """Return a document's goods after comparison with the stored ones.

    What its list does not tell of a SKU (packaging, tax) stays what it was; a cost in another currency than the kept
    one is wrong.
    """
    history: dict[str, list[Cost]] = {}
    for one in sorted(kept.costs, key=lambda cost: cost.since):
        history.setdefault(one.key, []).append(one)
    costs: list[Cost] = []
    wrong: list[WrongRow] = []
    for one in own.costs:
        before = in_force(history.get(one.key, []), one.since)
        if before is not None and before.currency != one.currency:
            wrong.append(WrongRow("", one.row, "currency_changed", one.sku))
            continue
        costs.append(one if before is None else _inherited(one, before))
    return Goods(costs, own.stock, [*own.wrong, *wrong][:MAX_WRONG], own.wrong_rows + len(wrong), own.without)


def in_force(history: list[Cost], day: str) -> Cost | None:
    """Return the cost that holds on a day: the last one before, else the first one after."""
    return next((one for one in reversed(history) if one.since <= day), history[0] if history else None)


def _inherited(one: Cost, before: Cost) -> Cost:
    return replace(
        one,
        packaging=before.packaging if one.packaging is None else one.packaging,
        tax_rate=before.tax_rate if one.tax_rate is None else one.tax_rate,
        title=one.title or before.title,
    )


def over(own: Goods, kept: Goods) -> Goods:
    """Merge a document's costs and stock with stored ones: its own win on the same day.

    Of advertising it is what is kept: the document's own is joined by its rows.
    """
    costs = {(one.key, one.since): one for one in (*kept.costs, *own.costs)}
    stock = {(one.key, one.channel, one.counted_on): one for one in (*kept.stock, *own.stock)}
    return Goods(list(costs.values()), list(stock.values()), ads=kept.ads)
