"""The figures of a document, each with where it comes from; and how the document was read."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from gateway.shapes.query import MANY, ChannelId, ReadersLanguage
from gateway.shapes.shape import Given, Line, Taken
from gateway.shapes.unknown import UnknownColumnShape, UnknownShape
from gateway.shapes.worths import WorthShape
from schemas.facts import CurrencySource, GuessedBy, TableKind


class ColumnReadShape(Given):
    """How one column was understood."""

    header: str = Field(description="As the document writes it.")
    samples: list[str] = Field(description="A few cells, personal data masked.")
    field: str = Field(description="What it was taken for; empty: for nothing.")
    confidence: float = Field(description="0 to 1.")
    by: GuessedBy = Field(description="By what: the known layout, its name, its content, a person, an agent.")


class TableReadShape(Given):
    """How one table of the document was understood; its columns stand as the document writes them."""

    where: str = Field(description="Where in the document it stands, in Portuguese.")
    layout: str = Field(description="mercado_livre.vendas, shopee.order_all, amazon.orders, ..., plain, or unknown.")
    kind: TableKind = Field(description="Only a table of sales gives figures of sales.")
    rows: int
    columns_used: list[str]
    columns_missing: list[str] = Field(description="Columns that would have told more.")
    columns: list[ColumnReadShape]
    warnings: list[str]


class ChannelCurrencyShape(Given):
    """What the amounts of a channel are in."""

    channel: str
    currency: str = Field(description="Its code; empty: nothing in the document tells it, and nobody said it.")
    source: CurrencySource = Field(description="read (in the document), told (by a person), assumed; empty: unknown.")


class DocumentReadingShape(Given):
    """How the document was read. Without tables it was read as text."""

    tables: list[TableReadShape]
    channels: list[str] = Field(description="Channels that it has figures of, chosen for the plan or not.")
    warnings: list[str]
    currencies: list[ChannelCurrencyShape] = Field(
        description="Of each of these channels; amounts of two currencies are neither added up nor compared."
    )


class FigureQuery(Taken):
    channel: Annotated[tuple[ChannelId, ...], MANY] = ()
    metric: Annotated[tuple[Line, ...], MANY] = ()
    language: ReadersLanguage = "pt-BR"


class RowShape(Given):
    """One row of the document."""

    order: str
    table: int = Field(description="Index in `tables`.")
    row: int = Field(description="Its number in the sheet, from 1.")
    amount: float | None = Field(description="In the rows' unit; null where the row only counts.")


class RowsShape(Given):
    """Which rows a figure is made of."""

    used: int
    left_out: dict[str, int] = Field(description="Reason to rows.")
    unusable_share: float | None = Field(
        description="Rows that belong here and could not be used, as a share of all that do (0 to 1)."
    )
    unit: str = Field(description="Of the amounts: count, days, a currency's code, or `money` where none is told.")
    sample: list[RowShape] = Field(description="At most 100, the largest amount first.")


class FigureShape(Given):
    """One figure; `unit` is ratio (0 to 1), count, days, a currency's code, or `money` where no currency is told."""

    metric: str
    title: str
    formula: str
    value: float
    unit: str
    made_of: list[str] = Field(description="The figures in its formula.")
    skus: list[str]
    detail: dict[str, Any]
    rows: RowsShape | None = Field(
        description="Null: it is not made of single rows, or was read by an earlier version."
    )


class MonthShape(Given):
    """One calendar month; null is unknown."""

    month: str
    revenue: float | None
    orders: int | None
    units: float | None
    fees: float | None
    shipping: float | None
    refunds: float | None
    net: float | None
    cancelled_orders: int | None
    returned_units: float | None
    advertising: float | None = Field(description="What it cost, where a report in the document tells it by day.")
    after_ads: float | None = Field(description="Net less advertising.")


class ProductShape(Given):
    """One product over the document's period; null is unknown."""

    sku: str
    title: str
    units: float | None
    revenue: float | None
    orders: int | None
    returned_units: float | None
    refunds: float | None
    fees: float | None
    shipping: float | None
    net: float | None
    unit_price: float | None
    last_sale: str | None
    cost: float | None = Field(description="Of all its units, packaging included; null: its cost is not known.")
    taxes: float | None
    contribution: float | None = Field(description="net - cost - taxes, where these are known")
    break_even: float | None = Field(description="Price of a unit at which nothing is left; null: unknown, or none.")
    stock: float | None = Field(description="Units on hand.")
    stock_days: float | None = Field(description="How long they last, by what was sold a day.")
    cancelled_orders: int | None = Field(description="In which all of its rows were cancelled.")
    advertising: float | None = Field(
        description="What a report tells that its advertising cost; null: no report of these days tells of it."
    )
    advertising_sales: float | None = Field(description="What that sold, as the marketplace attributes it.")
    acos: float | None = Field(description="advertising / advertising_sales; null where nothing was sold by it.")
    after_ads: float | None = Field(description="Net less advertising.")


class MissingCostShape(Given):
    """A product that sold and whose cost nobody has told."""

    sku: str
    title: str
    units: float | None
    revenue: float | None


class DifferenceShape(Given):
    """One row whose own total is not what its parts add up to."""

    order: str
    table: int
    row: int
    theirs: float
    ours: float


class ReconciliationShape(Given):
    """The marketplace's own total against ours, over the rows that have both."""

    column: str
    theirs: float
    ours: float
    difference: float = Field(description="ours - theirs")
    share: float = Field(description="|difference| / |theirs|")
    rows: int
    causes: list[DifferenceShape] = Field(description="The rows that cause it, at most 20, the largest first.")


class CellRowShape(Given):
    """One row behind the cells of a month or a product; null is unknown."""

    order: str
    table: int = Field(description="Index in `tables`.")
    row: int = Field(description="Its number in the sheet, from 1.")
    revenue: float | None
    units: float | None
    fees: float | None
    shipping: float | None
    refunds: float | None
    net: float | None
    returned_units: float | None
    cancelled: bool = Field(description="It is no sale, and counts for cancellations alone.")


class CellRowsShape(Given):
    """Rows behind the cells of a month or a product: most revenue, then most refunded, then cancelled ones."""

    sales: int = Field(description="Rows of sales that it is made of.")
    cancelled: int
    sample: list[CellRowShape]


class ChannelFiguresShape(Given):
    """The figures of one channel."""

    channel: str
    chosen: bool = Field(description="Whether the plan was asked for it; else it is in the document only.")
    period: list[str] = Field(description="First and last day; empty: unknown.")
    currency: str | None = Field(description="Null: nothing in the document tells it.")
    currency_source: CurrencySource = Field(
        description="read (in the document), told (by a person), assumed; empty: unknown."
    )
    figures: list[FigureShape]
    unknown: list[UnknownShape]
    months: list[MonthShape] = Field(description="Oldest first.")
    products: list[ProductShape] = Field(description="The most relevant ones.")
    unknown_of_months: list[UnknownColumnShape] = Field(description="Columns that no month knows.")
    unknown_of_products: list[UnknownColumnShape] = Field(description="Columns that no product knows.")
    missing_costs: list[MissingCostShape] = Field(description="The most revenue first, at most 100.")
    missing_cost_skus: int = Field(description="How many products have no known cost.")
    month_rows: dict[str, CellRowsShape] = Field(
        description="By month, of the last 24; empty: read by an earlier version."
    )
    product_rows: dict[str, CellRowsShape] = Field(description="By SKU, of the listed products.")
    reconciliation: ReconciliationShape | None
    warnings: list[str]


class StatedShape(Given):
    """A figure that the document's own text states: quoted, never computed with."""

    metric: str
    value: float
    unit: str
    where: str = Field(description="Where in the document, in Portuguese: such as página 2.")
    quote: str = Field(description="The words that state it, personal data masked.")
    channel: str = Field(description="Empty: the text names none, and speaks of the document's sales as a whole.")


class FoundLaterShape(Given):
    """What a later document of another channel found by comparing itself with this one."""

    channel: str = Field(description="The channel of this document that it was compared with.")
    plan_id: UUID = Field(description="The later plan, whose figures these are.")
    found_on: str = Field(description="The channel of the later document.")
    metrics: list[str]
    stored_at: datetime = Field(description="When the later document was uploaded.")


class UnnamedShape(Given):
    """Sales that name no channel, in a document that was uploaded for several."""

    rows: int
    revenue: float | None = Field(description="Null: unknown.")
    currency: str | None = Field(description="Null: nothing in the document tells it.")
    channels: list[str] = Field(description="Those that can be said: `unnamed` of a POST to `/{planId}/channels`.")
    channel: str | None = Field(description="What was said; null: nobody has.")
    made_plan_id: UUID | None = Field(description="The plan that was made of them, where you see it.")
    answered_at: datetime | None = Field(description="When it was said.")


class FiguresShape(Given):
    """All figures of a plan's document, with the tables that their rows stand in."""

    plan_id: UUID
    tables: list[TableReadShape]
    channels: list[ChannelFiguresShape]
    one_currency: bool = Field(
        description="Whether these channels' amounts are known to be in one currency; else compare shares, not sums."
    )
    stated: list[StatedShape] = Field(description="What the document's text states, whatever is asked for.")
    found_later: list[FoundLaterShape] = Field(
        description="The last document first, 20 at most; this plan is not analysed again for it."
    )
    goods_version: int = Field(description="Of the costs and stock that were kept by then; 0: none were.")
    worths: list[WorthShape] = Field(
        description="How each worth that a rule computed is made; empty where metrics are asked for."
    )
    unnamed: UnnamedShape | None = Field(None, description="Sales that name no channel; null: there are none.")
