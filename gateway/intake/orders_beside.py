"""Tells the items of orders what a list of the same orders says of them: their day, and what became of each.

Shops and databases keep both apart (`Pedidos` and `Itens`). The list has no amounts; the items have no days, or only
those until which they have to be sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.fields import LABELS
from gateway.intake.layouts import LAYOUTS, Reading
from gateway.intake.layouts.lines import CANCELLED, RETURNED
from gateway.intake.layouts.placed import TOLD
from gateway.intake.layouts.plain import NAME

JOINED: Final = "A lista diz o dia e a situação dos pedidos cujos itens estão em outra tabela: foi juntada a eles."
WITHOUT_ITEMS: Final = (
    "{orders} pedido(s) da lista não têm itens na outra tabela: nada deles entrou na receita. Se foram vendidos, envie "
    "também os itens deles."
)
NOT_LISTED: Final = (
    "{rows} linha(s) são de pedidos que a lista de pedidos não tem: o dia e a situação são desconhecidos."
)
OTHER_DAYS: Final = "O dia de cada venda é o da lista de pedidos, e não o da coluna de data dos itens."
#: So many of the items' orders are in the list; of fewer orders than these the numbers may be the same by chance.
_MOST: Final = 0.8
_FEWEST: Final = 5
#: What all items of a table have in common, so that their orders have it, too.
_OF_ALL: Final = ("channel", "currency", "assumed_currency", "told_currency")
_KNOWN: Final = frozenset(layout.name for layout in LAYOUTS)


def told_by_orders(readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings; items have the day and status of their orders where exactly one list has these orders."""
    told = list(readings)
    for place, items in enumerate(readings):
        lists = [index for index, one in enumerate(readings) if _fits(one, items)]
        if len(lists) == 1 and told[lists[0]].lines is None:
            told[lists[0]], told[place] = _joined(readings[lists[0]], items)
    return told


def _fits(one: Reading, items: Reading) -> bool:
    """Say whether a table is the list of the items' orders."""
    if one.placed is None or items.lines is None or items.report.layout in _KNOWN:
        return False
    listed, own = one.placed[0]["order_id"], items.lines["order_id"].drop_nulls().unique()
    if listed.is_duplicated().any() or len(own) < _FEWEST:
        return False
    return own.is_in(listed.to_list()).sum() >= len(own) * _MOST


def _joined(orders: Reading, items: Reading) -> tuple[Reading, Reading]:
    """Return the list, with the cancelled orders that have no items, and the items with what it tells of theirs."""
    assert orders.placed is not None
    assert items.lines is not None
    frame, notes = orders.placed
    own = items.lines
    names = [name for name in TOLD[1:] if frame[name].null_count() < frame.height and _is_open(name, items)]
    beside = frame.select("order_id", *(pl.col(name).alias(f"{name}_told") for name in names))
    both = own.join(beside, on="order_id", how="left", maintain_order="left")
    lines = both.with_columns(pl.coalesce(f"{name}_told", name).alias(name) for name in names).select(own.columns)
    if "status" in names and frame["returned_units"].null_count() < frame.height:
        lines = _with_whole_returns(lines)
    missing = own["order_id"].is_null() | ~own["order_id"].is_in(frame["order_id"].to_list())
    warnings = list(items.report.warnings)
    if rows := int(missing.fill_null(value=True).sum()):
        warnings.append(NOT_LISTED.format(rows=rows))
    if "at" in names and _differ(own["at"], lines["at"]):
        warnings.append(OTHER_DAYS)
    gone = {LABELS[name][0] for name in names if name in LABELS}
    lacking = [one for one in items.report.columns_missing if one not in gone]
    read = replace(items.report, warnings=warnings, columns_missing=lacking)
    return _list_of(orders, frame, lines, notes), replace(items, lines=lines, report=read)


def _is_open(name: str, items: Reading) -> bool:
    """Say whether the list's word counts: it always does for the day; for all else where the items have none."""
    assert items.lines is not None
    if name == "channel":
        return not any(column.field == name for column in items.report.columns)
    return name == "at" or items.lines[name].null_count() == items.lines.height


def _with_whole_returns(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the lines; of an order that came back all of its items did, where nothing else tells of it.

    Of an order that the list does not have it is unknown.
    """
    whole = {"returned_units": "units", "refund": "revenue"}
    blank = [name for name in whole if lines[name].null_count() == lines.height]
    status = pl.col("status")
    kept = pl.when(status.is_not_null()).then(0.0)
    returned = status == RETURNED
    return lines.with_columns(pl.when(returned).then(whole[name]).otherwise(kept).alias(name) for name in blank)


def _differ(own: pl.Series, told: pl.Series) -> bool:
    return bool((own.dt.date() != told.dt.date()).fill_null(value=False).any())


def _list_of(orders: Reading, frame: pl.DataFrame, items: pl.DataFrame, notes: list[str]) -> Reading:
    """Return the list as one that was read. Of its orders without items only that they were cancelled is known."""
    alone = frame.filter(~pl.col("order_id").is_in(items["order_id"].drop_nulls().unique().to_list()))
    cancelled = alone.filter((pl.col("status") == CANCELLED).fill_null(value=False))
    common = [name for name in _OF_ALL if items[name].n_unique() == 1 and items[name][0] is not None]
    cancelled = cancelled.with_columns(pl.col(name).fill_null(items[name][0]) for name in common)
    rest = alone.height - cancelled.height
    warnings = [JOINED, *notes, *([WITHOUT_ITEMS.format(orders=rest)] if rest else [])]
    report = replace(orders.report, layout=NAME, kind="sales", asks=False, warnings=warnings)
    return replace(orders, report=report, lines=cancelled if cancelled.height else None)
