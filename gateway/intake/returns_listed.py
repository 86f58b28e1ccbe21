"""Tells sales what another table of the document lists of them: orders that came back, or that were cancelled.

A workbook has its sales on one sheet and on another, `Returns`, the numbers of those that came back. It lists all of
them: an order that it does not have did not come back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.layouts import LAYOUTS, Reading
from gateway.intake.layouts.called import SOME
from gateway.intake.layouts.lines import CANCELLED, RETURNED, SOLD

JOINED: Final = (
    "{orders} pedido(s) das vendas estão na lista de devoluções do documento: contam como devolvidos, e os outros não."
)
JOINED_CANCELLED: Final = (
    "{orders} pedido(s) das vendas estão na lista de cancelados do documento: não contam como venda."
)
#: So many of the listed orders are among the sales; of fewer than these the numbers may be the same by chance.
_MOST: Final = 0.8
_FEWEST: Final = 3
_KNOWN: Final = frozenset(layout.name for layout in LAYOUTS)
_BACK: Final = ("returned_units", "refund")


def told_by_returns(readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings; sales have what lists of the same document say of their orders, where nothing else does."""
    told = list(readings)
    for status in (CANCELLED, RETURNED):
        lists = [one.listed for one in readings if one.listed is not None and one.listed["status"][0] == status]
        if not lists:
            continue
        listed = pl.concat(lists)
        places = [place for place, one in enumerate(told) if _is_open(one, status)]
        if not places or not _fits(listed, [told[place].lines for place in places]):
            continue
        joined = {place: _joined(told[place], listed, status) for place in places}
        if None not in joined.values():
            told = [one if (new := joined.get(place)) is None else new for place, one in enumerate(told)]
    return told


def _is_open(reading: Reading, status: str) -> bool:
    """Say whether these are sales with numbers of orders that do not tell themselves what the list tells."""
    lines = reading.lines
    if lines is None or reading.report.layout in _KNOWN or lines["order_id"].null_count() == lines.height:
        return False
    if (lines["status"] == status).any():
        return False
    return status == CANCELLED or all(lines[name].null_count() == lines.height for name in _BACK)


def _fits(listed: pl.DataFrame, sales: Sequence[pl.DataFrame | None]) -> bool:
    own = pl.concat([one["order_id"].drop_nulls() for one in sales if one is not None]).unique()
    orders = listed["order_id"].unique()
    found = int(orders.is_in(own.to_list()).sum())
    return found >= _FEWEST and found >= len(orders) * _MOST


def _joined(reading: Reading, listed: pl.DataFrame, status: str) -> Reading | None:
    """Return the sales with what is listed of them; None where nobody knows which of an order's items it is."""
    lines = reading.lines
    assert lines is not None
    by_item = listed["sku"].null_count() == 0
    if not by_item and listed["sku"].null_count() < listed.height:
        return None
    keys = ["order_id", "sku"] if by_item else ["order_id"]
    known = listed.filter(pl.col("order_id").is_in(lines["order_id"].drop_nulls().implode()))
    theirs = known.group_by(keys).agg(
        pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(name) for name in ("back", "amount")
    )
    own = lines.group_by(keys).agg(pl.col("units").sum().alias("whole"), pl.len().alias("rows"))
    pairs = theirs.join(own, on=keys, how="left")
    part = pairs.filter(pl.col("back") < pl.col("whole") - 0.001)
    if pairs["rows"].null_count() or (part.height and (not by_item or (part["rows"] > 1).any())):
        return None
    with_them = lines.join(theirs.with_columns(is_listed=True), on=keys, how="left", maintain_order="left")
    is_listed = pl.col("is_listed").fill_null(value=False)
    if status == CANCELLED and part.height:
        return None
    state = pl.when(is_listed & (pl.col("status").fill_null(SOLD) == SOLD)).then(pl.lit(status))
    changed = [state.otherwise(pl.col("status").fill_null(SOLD)).alias("status")]
    if status == RETURNED:
        changed += _what_came_back(is_listed, keys)
        unsaid = lines["status"].null_count() == lines.height  # cancelled or not is as unknown as it was
        only = ("payment_only", "returns_only")  # and so is what was paid
        changed += [(pl.lit(value=True) if unsaid else pl.col(name)).alias(name) for name in only]
    found = with_them.with_columns(changed).select(lines.columns)
    orders = int(lines["order_id"].drop_nulls().unique().is_in(theirs["order_id"].unique().to_list()).sum())
    remark = (JOINED if status == RETURNED else JOINED_CANCELLED).format(orders=orders)
    warnings = [one for one in reading.report.warnings if one != SOME]
    return replace(reading, lines=found, report=replace(reading.report, warnings=[*warnings, remark]))


def _what_came_back(is_listed: pl.Expr, keys: list[str]) -> list[pl.Expr]:
    """Return units and money that came back: as listed, else all of the row; an order's amount goes by its rows."""
    revenue, units = pl.col("revenue"), pl.col("units")
    share = revenue / revenue.sum().over(keys)
    units_back = pl.when(pl.col("back") < units).then(pl.col("back")).otherwise(units)
    money = pl.coalesce(pl.col("amount").abs() * pl.when(revenue.sum().over(keys) != 0).then(share), revenue)
    return [
        pl.when(is_listed).then(units_back).when(units.is_not_null()).then(0.0).alias("returned_units"),
        pl.when(is_listed).then(money).when(revenue.is_not_null()).then(0.0).alias("refund"),
    ]
