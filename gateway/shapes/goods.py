"""Costs and stock: what an upload changed of them, and what is kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from gateway.shapes.query import ONE, Cursor, PageLimit
from gateway.shapes.shape import Given, Line, Taken
from projections.reads.paging import DEFAULT_LIMIT


class WrongRowShape(Given):
    """A row that changed nothing."""

    where: str = Field(description="The table; empty where all of the document is meant.")
    row: int = Field(description="Its number in the sheet, from 1.")
    sku: str
    why: str = Field(description="no_sku, no_number, negative, no_date, no_currency, twice, tax or currency_changed.")


class GoodsKeptShape(Given):
    """The answer to a document of costs, stock or advertising: the SKUs and reports that it changed, and no plan."""

    outcome: Literal["kept"] = "kept"
    filename: str
    costs: int = Field(description="SKUs whose cost it tells.")
    costs_changed: int = Field(description="Costs that are new, or other than before.")
    stock: int = Field(description="SKUs whose stock it tells.")
    stock_changed: int
    advertising: int = Field(description="Reports of advertising in it, one for each channel.")
    advertising_changed: int = Field(description="Those that are new, or other than before.")
    without: list[str] = Field(description="SKUs whose cost is not filled in, at most 100.")
    wrong: list[WrongRowShape] = Field(description="Rows that changed nothing, at most 50.")
    wrong_rows: int = Field(description="How many there are.")
    told: list[str] = Field(description="All of it in words.")
    version: int = Field(description="Of all costs and stock that are kept by now; plans say which one they used.")


class CostShape(Given):
    """The cost of one unit of a SKU from a day on."""

    sku: str
    title: str
    valid_from: date
    unit_cost: float
    packaging: float | None = Field(description="Of one unit, beside the cost; null: not known.")
    tax_rate: float | None = Field(description="On what is sold, 0 to 1; null: not known.")
    currency: str
    version: int = Field(description="Of this cost: for `If-Match`, where it is corrected.")
    document: str = Field(description="The file that told it; empty: a person corrected it.")
    recorded_by: str
    recorded_at: datetime


class StockShape(Given):
    """How many units were on hand on a day."""

    channel: str = Field(description="Empty: of all channels together.")
    counted_on: date
    quantity: float
    document: str
    recorded_by: str
    recorded_at: datetime


class CostedSkuShape(Given):
    """A SKU with its costs and stock, the newest first."""

    sku: str
    title: str
    costs: list[CostShape]
    stock: list[StockShape] = Field(description="What was counted last, for each channel.")


class CostPage(Given):
    """SKUs in the order of their names."""

    items: list[CostedSkuShape]
    next_cursor: str | None = Field(description="Of the next page; null: this is the last.")
    total: int = Field(description="How many SKUs match, over all pages.")
    version: int = Field(description="Of all that is kept; 0: nothing.")


class AdReportShape(Given):
    """A stored report of a channel's advertising, summed over its days."""

    key: str = Field(description="To take it back by.")
    channel: str
    first_day: date
    last_day: date
    currency: str
    amount: float = Field(description="What it cost.")
    sales: float | None = Field(description="What it sold, as the marketplace attributes it; null: not known.")
    impressions: float | None
    clicks: float | None
    document: str = Field(description="The file that told it.")
    recorded_by: str
    recorded_at: datetime


class AdReportList(Given):
    items: list[AdReportShape]


class CostCorrection(Taken):
    """A correction of one cost. The amounts stay; `currency` says what they are in."""

    action: Literal["delete", "currency"]
    sku: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    valid_from: date = Field(description="Its first day, as the list shows it.")
    currency: Line = Field("", description="A code such as BRL; with the action currency.")


class CostCorrected(Given):
    outcome: Literal["accepted", "unchanged"]
    version: int = Field(description="Of all costs and stock that are kept by now.")


class CostQuery(Taken):
    q: Annotated[str, ONE] = Field("", description="Part of a SKU or of a product's name.", max_length=120)
    cursor: Cursor = None
    limit: PageLimit = DEFAULT_LIMIT
