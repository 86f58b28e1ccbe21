"""`/plans/{id}/figures/{channel}/{metric}?cell=...`: one cell of the tables by month and by product, with its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from gateway.figures.silent import MONTHLY, OF_PRODUCT
from gateway.ui.channel_figures import OF_GOODS, Column, columns_of
from gateway.ui.rendering import render
from projections.plans.reads import Plan
from schemas.facts import CellRows, ChannelFacts, Month, Product, TableRead

#: What each row behind a cell tells: its attribute, and the metric that it is called like.
OF_ROW: Final[tuple[tuple[str, str], ...]] = (
    ("revenue", "revenue"),
    ("fees", "fees"),
    ("shipping", "shipping_cost"),
    ("refunds", "refunds"),
    ("net", "net_receipts"),
    ("units", "units"),
    ("returned_units", "returned_units"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """The value of a table's cell and the rows behind it; None if an earlier version read the document."""

    column: Column
    of: Month | Product
    month: str  # 2026-03; empty for a product's
    rows: CellRows | None
    columns: list[Column]

    @property
    def of_ads(self) -> bool:
        """Say whether a report of advertising tells it, and no row of sales."""
        return self.column.name in {"advertising", "advertising_sales", "acos"}

    @property
    def value(self) -> float | None:
        found: float | None = getattr(self.of, self.column.name)
        return found


def cell_of(request: Request, facts: ChannelFacts, metric: str, net: str) -> Cell | None:
    """Return the cell that the address names; None where there is none. `net`: what is left called here."""
    asked = {name: request.query_params.get(name, "") for name in ("month", "sku", "cell")}
    of: Month | Product | None
    if asked["month"]:
        of = next((one for one in facts.months if one.month == asked["month"]), None)
        columns, rows = columns_of(MONTHLY, facts.months, net), facts.month_rows.get(asked["month"])
    else:
        of = next((one for one in facts.products if one.sku == asked["sku"]), None)
        columns, rows = columns_of(OF_PRODUCT + OF_GOODS, facts.products, net), facts.product_rows.get(asked["sku"])
    column = next((one for one in columns if (one.name, one.metric) == (asked["cell"], metric)), None)
    if of is None or column is None:
        return None
    return Cell(column, of, asked["month"], rows, columns_of(OF_ROW, [] if rows is None else rows.sample, net))


async def show(request: Request, plan: Plan, facts: ChannelFacts, cell: Cell, tables: list[TableRead]) -> Response:
    """Show the cell's value, its formula and its rows."""
    return await render(request, "cell.html", plan=plan, channel=facts.channel, facts=facts, cell=cell, tables=tables)
