"""Whose export is this table? Decided by its columns, wherever the header stands; never by the file's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from gateway.intake.layouts import amazon, mercado_livre, plain, shopee, tiktok
from gateway.intake.layouts.columns import Columns, header_rows, key
from gateway.intake.tables import RawTable
from schemas.facts import TableRead

UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Layout:
    """One export of one marketplace: what its header must have, and what makes it likelier."""

    name: str
    required: tuple[str, ...]
    typical: tuple[str, ...]
    read: Callable[[Columns], pl.DataFrame]
    is_exposure: bool = False


LAYOUTS: Final = (
    Layout(mercado_livre.NAME, mercado_livre.REQUIRED, mercado_livre.TYPICAL, mercado_livre.read),
    Layout(shopee.ORDERS, shopee.ORDERS_REQUIRED, shopee.ORDERS_TYPICAL, shopee.read_orders),
    Layout(
        shopee.PERFORMANCE,
        shopee.PERFORMANCE_REQUIRED,
        shopee.PERFORMANCE_TYPICAL,
        shopee.read_performance,
        is_exposure=True,
    ),
    Layout(amazon.ORDERS, amazon.ORDERS_REQUIRED, amazon.ORDERS_TYPICAL, amazon.read_orders),
    Layout(amazon.SALES, amazon.SALES_REQUIRED, amazon.SALES_TYPICAL, amazon.read_sales),
    Layout(tiktok.NAME, tiktok.REQUIRED, tiktok.TYPICAL, tiktok.read),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One table understood: `report` for people, `lines` or `exposure` for the figures (one of them, or none)."""

    report: TableRead
    lines: pl.DataFrame | None = None
    exposure: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class _Match:
    row: int
    score: int
    layout: Layout | None = field(default=None)


def understand(table: RawTable, channels: list[str]) -> Reading:
    """Recognise a table and bring it into the common shape. An unknown one is reported as such."""
    match = _recognise(header_rows(table))
    if match is None:
        return Reading(TableRead(table.where, UNKNOWN, table.frame.height))
    columns = Columns.below(table, match.row)
    layout = match.layout
    frame = plain.read(columns, channels) if layout is None else layout.read(columns)
    if columns.currency is not None and "currency" in frame.columns and frame["currency"].is_null().all():
        frame = frame.with_columns(columns.currency.alias("currency"))
    report = TableRead(
        f"{table.where}, cabeçalho na linha {match.row + 1}",
        plain.NAME if layout is None else layout.name,
        frame.height,
        columns.used,
        columns.missing,
        columns.warnings,
    )
    if layout is not None and layout.is_exposure:
        return Reading(report, exposure=frame)
    return Reading(report, lines=frame)


def _recognise(rows: list[list[str]]) -> _Match | None:
    """Return the best header: a marketplace's own export before a plain table, more known columns before fewer."""
    own: list[_Match] = []
    general: list[_Match] = []
    for index, row in enumerate(rows):
        names = set(row)
        for layout in LAYOUTS:
            if all(key(name) in names for name in layout.required):
                typical = sum(key(name) in names for name in layout.typical)
                if typical:
                    own.append(_Match(index, typical + len(layout.required), layout))
        score = plain.matches(row)
        if score:
            general.append(_Match(index, score))
    best = own or general
    return max(best, key=lambda match: (match.score, -match.row), default=None)
