"""The figures of an uploaded document, per channel: sums, the rows behind them, and no personal data.

Written by the gateway's intake, read by the analysis (rules and agents alike). What an earlier version stored is
read with the defaults of the fields that it did not know.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

from schemas.cells import CellRow, CellRows
from schemas.product import MissingCost, Product, Sold
from schemas.stated import StatedFigure, of_channel
from schemas.stored import known

__all__ = [
    "NETS",
    "PER_REVENUE",
    "CellRow",
    "CellRows",
    "ChannelFacts",
    "ColumnRead",
    "DocumentFacts",
    "Figure",
    "FigureRow",
    "FigureRows",
    "MissingCost",
    "Month",
    "Product",
    "Reconciliation",
    "RowDifference",
    "StatedFigure",
    "TableRead",
]

#: Rows that a figure shows as a sample of those it is made of, the largest amount first.
MAX_ROWS_OF_FIGURE: Final = 100
#: Rows that a reconciliation names as the cause of its difference, the largest first.
MAX_ROWS_OF_DIFFERENCE: Final = 20
#: Masked cells that a column shows.
MAX_SAMPLES_OF_COLUMN: Final = 3
#: What is left of sales, called by what is not taken off because nobody knows it: nothing, freight, refunds, both.
NETS: Final = ("net_receipts", "net_without_freight", "net_without_refunds", "net_without_freight_and_refunds")
#: The unit of an amount of money whose currency no document tells.
UNKNOWN_MONEY: Final = "money"

CurrencySource = Literal["read", "told", "assumed", ""]
TableKind = Literal["sales", "stock", "returns", "advertising", "costs", "prices", "performance", "payouts", "unknown"]
GuessedBy = Literal["layout", "name", "content", "person", "agent", ""]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One row behind a figure. `table`: index in `DocumentFacts.tables`; `row`: its number in the sheet."""

    order: str
    table: int
    row: int
    amount: float | None = None  # units, days or money (gateway/figures/rows.py); None where the row only counts


@dataclass(frozen=True, slots=True)
class FigureRows:
    """Which rows a figure is made of: how many, how many not and why, and the first ones by amount."""

    used: int
    left_out: dict[str, int] = field(default_factory=dict)  # reason -> rows: {"status": 3, "no_money": 2}
    sample: list[FigureRow] = field(default_factory=list)  # at most MAX_ROWS_OF_FIGURE

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> FigureRows:
        """Read what `asdict` wrote."""
        return cls(**known(cls, data) | {"sample": [FigureRow(**known(FigureRow, r)) for r in data.get("sample", [])]})


#: In the detail of `discount_depth`: what 1.0 of revenue is at full price, where revenue still contains the discount.
PER_REVENUE: Final = "per_revenue"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `metric` is documented in docs/analysis.md.

    `unit` is `ratio` (0..1), `count`, `days`, or for money the currency's code, `money` where it is unknown.
    """

    metric: str
    value: float
    unit: str
    skus: list[str] = field(default_factory=list)
    detail: dict[str, Any] = field(default_factory=dict)  # e.g. {"by_sku": {...}}, {"month": "2026-03"}
    rows: FigureRows | None = None  # None: it is not made of single rows, or an earlier version stored it

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Figure:
        """Read what `asdict` wrote."""
        rows = data.get("rows")
        return cls(**known(cls, data) | {"rows": None if rows is None else FigureRows.from_dict(rows)})


@dataclass(frozen=True, slots=True)
class ColumnRead:
    """How one column was understood: `field` of the common shape (empty for none), how sure, and by what."""

    header: str  # as written
    samples: list[str] = field(default_factory=list)  # masked, at most MAX_SAMPLES_OF_COLUMN
    field: str = ""
    confidence: float = 0.0  # 0..1
    by: GuessedBy = ""


@dataclass(frozen=True, slots=True)
class TableRead:
    """How one table of the document was understood."""

    where: str  # "sheet 'orders', header in row 1"
    layout: str  # mercado_livre.vendas, shopee.order_all, amazon.orders, ..., plain, unknown
    rows: int
    columns_used: list[str] = field(default_factory=list)
    columns_missing: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    kind: TableKind = "unknown"  # only a table of kind "sales" gives figures of sales
    columns: list[ColumnRead] = field(default_factory=list)
    header_id: str = ""  # digest of the folded header: the same header is read the same way again
    asks: bool = False  # it may be sales, and a person has to say which column is which
    mapped_by: str = ""  # the person whose mapping it was read by
    mapped_at: str = ""  # when they made it, ISO 8601
    told_currency: str = ""  # what a person said that its amounts are in; "" where nobody did, or the table tells it
    told_channel: str = ""  # which channel a person said that its sales are of; "" where nobody did, or they tell it
    unnamed: int = 0  # rows of sales, in a table that names no channel, of a document that was sent for several

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> TableRead:
        """Read what `asdict` wrote. Earlier versions told no kind: of what they recognised they made sales."""
        early = "sales" if data["layout"] != "unknown" else "unknown"
        read = {"kind": early, **known(cls, data)}
        return cls(**read | {"columns": [ColumnRead(**known(ColumnRead, c)) for c in data.get("columns", [])]})


@dataclass(frozen=True, slots=True)
class Month:
    """One calendar month of a channel. None = unknown, as everywhere."""

    month: str  # "2026-03"
    revenue: float | None = None
    orders: int | None = None
    units: float | None = None
    fees: float | None = None
    shipping: float | None = None  # negative: an income
    refunds: float | None = None
    net: float | None = None
    cancelled_orders: int | None = None
    returned_units: float | None = None
    advertising: float | None = None  # what it cost, where a report of it tells all days with a sale
    after_ads: float | None = None  # net less advertising


@dataclass(frozen=True, slots=True)
class RowDifference:
    """One row whose total in the document is not what its parts add up to."""

    order: str
    table: int
    row: int
    theirs: float
    ours: float


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The marketplace's own total against the one computed here, over the rows that have both."""

    column: str  # as written in the document
    theirs: float
    ours: float
    difference: float  # ours - theirs
    share: float  # |difference| / |theirs|
    rows: int  # compared
    causes: list[RowDifference] = field(default_factory=list)  # at most MAX_ROWS_OF_DIFFERENCE

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Reconciliation:
        """Read what `asdict` wrote."""
        causes = [RowDifference(**known(RowDifference, c)) for c in data.get("causes", [])]
        return cls(**known(cls, data) | {"causes": causes})


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """The figures of one channel. `period` is [first, last] ISO date, empty if unknown."""

    channel: str
    period: list[str]
    currency: str  # "" where nothing tells it
    figures: list[Figure] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)  # the most relevant ones, capped (named limit)
    #: "told": by who uploaded, where nothing in the document tells it; "assumed": by language and layout alone
    currency_source: CurrencySource = ""
    months: list[Month] = field(default_factory=list)  # oldest first
    reconciliation: Reconciliation | None = None
    warnings: list[str] = field(default_factory=list)
    missing_costs: list[MissingCost] = field(default_factory=list)  # the most revenue first, capped
    missing_cost_skus: int = 0  # how many there are
    month_rows: dict[str, CellRows] = field(default_factory=dict)  # month -> rows; the last months, capped
    product_rows: dict[str, CellRows] = field(default_factory=dict)  # SKU -> rows, of the listed products
    sold: Sold | None = None  # for documents of other channels; kept apart from the facts (gateway/uploads)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ChannelFacts:
        """Read what `asdict` wrote. Earlier versions took every currency for told."""
        matched, sold = data.get("reconciliation"), data.get("sold")
        return cls(
            **{"currency_source": "read", **known(cls, data)}
            | {
                "figures": [Figure.from_dict(f) for f in data["figures"]],
                "products": [Product(**known(Product, p)) for p in data["products"]],
                "missing_costs": [MissingCost(**known(MissingCost, m)) for m in data.get("missing_costs", [])],
                "months": [Month(**known(Month, m)) for m in data.get("months", [])],
                "reconciliation": None if matched is None else Reconciliation.from_dict(matched),
                "month_rows": {k: CellRows.from_dict(r) for k, r in data.get("month_rows", {}).items()},
                "product_rows": {k: CellRows.from_dict(r) for k, r in data.get("product_rows", {}).items()},
                "sold": None if sold is None else Sold.from_dict(sold),
            }
        )


class ByChannel:
    """Base of facts that have several channels: `for_channel` returns one of them."""

    __slots__ = ()
    channels: list[ChannelFacts]

    def for_channel(self, channel: str) -> ChannelFacts | None:
        """Return the figures of one channel, None where the document has none of it."""
        return next((c for c in self.channels if c.channel == channel), None)


@dataclass(frozen=True, slots=True)
class DocumentFacts(ByChannel):
    """All that the analysis may know of a document. `text` is an excerpt with personal data masked."""

    media_type: str
    title: str
    tables: list[TableRead] = field(default_factory=list)
    channels: list[ChannelFacts] = field(default_factory=list)
    text: str = ""
    warnings: list[str] = field(default_factory=list)
    mapping: str = ""  # digest of the mappings it was read by: the same file with another one is another reading
    stated: list[StatedFigure] = field(default_factory=list)
    goods: str = ""  # digest of the costs and stock that it was joined with; "": none
    goods_version: int = 0  # of what was kept of them by then; 0: nothing
    #: channel -> rows of a document of returns alone, for its next sales; kept apart from the facts (gateway/uploads)
    returned: dict[str, list[list[str]]] = field(default_factory=dict)
    unnamed: ChannelFacts | None = None  # of the sales that name no channel, under "": a person says of which they are

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON-able data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> DocumentFacts:
        """Read what `to_dict` wrote, of this version, an earlier, or a later one."""
        unnamed = data.get("unnamed")
        return cls(
            **known(cls, data)
            | {
                "tables": [TableRead.from_dict(t) for t in data["tables"]],
                "channels": [ChannelFacts.from_dict(c) for c in data["channels"]],
                "stated": [StatedFigure.from_dict(s) for s in data.get("stated", [])],
                "unnamed": None if unnamed is None else ChannelFacts.from_dict(unnamed),
            }
        )

    def stated_of(self, channel: str) -> list[StatedFigure]:
        """Return the figures that the document's text states of a channel, one value a figure (`stated.of_channel`)."""
        return of_channel(self.stated, channel)
