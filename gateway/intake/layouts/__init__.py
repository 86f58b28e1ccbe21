"""Whose export is this table? Decided by its columns, wherever the header stands; never by the file's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from gateway.intake.fields import Mappings
from gateway.intake.layouts import (
    amazon,
    mercado_livre,
    nuvemshop,
    shein,
    shopee,
    shopify,
    tiktok,
    vtex,
    woocommerce,
)
from gateway.intake.layouts.columns import Columns, header_rows, headers_of, key
from gateway.intake.layouts.described import columns_of_layout, header_id
from gateway.intake.layouts.general import ONLY_HEADER, UNKNOWN, Reading, by_header, general, with_currency
from gateway.intake.layouts.mapping import mapped_columns
from gateway.intake.layouts.shopee_languages import InPortuguese, in_portuguese
from gateway.intake.layouts.signatures import DOCUMENTED
from gateway.intake.tables import RawTable
from schemas.facts import TableRead

__all__ = ["LAYOUTS", "UNKNOWN", "Layout", "Reading", "is_known_export", "understand"]


@dataclass(frozen=True, slots=True)
class Layout:
    """One export of one marketplace: what its header must have, and what makes it likelier."""

    name: str
    required: tuple[str, ...]
    typical: tuple[str, ...]
    read: Callable[[Columns], pl.DataFrame]
    is_exposure: bool = False
    fields: dict[str, str] = field(default_factory=dict)  # column -> field, where its name alone would mislead
    is_documented: bool = False  # known from descriptions or programs, not from a file


LAYOUTS: Final = (
    Layout(
        mercado_livre.NAME,
        mercado_livre.REQUIRED,
        mercado_livre.TYPICAL,
        mercado_livre.read,
        fields=mercado_livre.FIELDS,
    ),
    Layout(shopee.ORDERS, shopee.ORDERS_REQUIRED, shopee.ORDERS_TYPICAL, shopee.read_orders, fields=shopee.FIELDS),
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
    Layout(shein.NAME, shein.REQUIRED, shein.TYPICAL, shein.read, fields=shein.FIELDS),
    Layout(shopify.NAME, shopify.REQUIRED, shopify.TYPICAL, shopify.read, fields=shopify.FIELDS),
    Layout(vtex.NAME, vtex.REQUIRED, vtex.TYPICAL, vtex.read, fields=vtex.FIELDS),
    Layout(
        nuvemshop.NAME,
        nuvemshop.REQUIRED,
        nuvemshop.TYPICAL,
        nuvemshop.read,
        fields=nuvemshop.FIELDS,
        is_documented=True,
    ),
    Layout(
        woocommerce.NAME,
        woocommerce.REQUIRED,
        woocommerce.TYPICAL,
        woocommerce.read,
        fields=woocommerce.FIELDS,
        is_documented=True,
    ),
)


@dataclass(frozen=True, slots=True)
class _Match:
    row: int
    score: int
    layout: Layout


def understand(table: RawTable, channels: list[str], mappings: Mappings | None = None) -> Reading:
    """Recognise a table and bring it into the common shape. An unknown one is reported with its columns.

    What a person mapped stands above all; then comes a marketplace's own export, then names and content.
    """
    foreign = in_portuguese(table)
    known = table if foreign is None else foreign.table
    own = _recognise(header_rows(known))
    if own is not None:
        headers = headers_of(table, own.row)
        if not mapped_columns(headers, mappings):
            return _own(known, own, headers, foreign)
    row = own.row if own is not None else by_header(table)
    return general(table, row, channels, mappings)


def is_known_export(table: RawTable) -> bool:
    """Say whether the table's header is that of an export that is known."""
    foreign = in_portuguese(table)
    return _recognise(header_rows(table if foreign is None else foreign.table)) is not None


def _own(table: RawTable, match: _Match, headers: list[str], foreign: InPortuguese | None) -> Reading:
    """Read an export that is known. `headers` are its columns as written, where it was put into Portuguese."""
    layout, columns = match.layout, Columns.below(table, match.row)
    columns.drop_notes(layout.required, {} if foreign is None else foreign.written)
    where = f"{table.where}, cabeçalho na linha {match.row + 1}"
    if not columns.height:
        return Reading(TableRead(where, layout.name, 0, warnings=[ONLY_HEADER], header_id=header_id(headers)))
    frame = with_currency(layout.read(columns), columns)
    written = {} if foreign is None else foreign.written
    if foreign is not None:
        frame = _abroad(frame, foreign)
    if layout.is_documented or (foreign is not None and foreign.is_documented):
        columns.warnings.append(DOCUMENTED)
    report = TableRead(
        where,
        layout.name,
        frame.height,
        [written.get(name, name) for name in columns.used],
        columns.missing,
        columns.warnings,
        "performance" if layout.is_exposure else "sales",
        columns_of_layout(headers, columns.headers, columns.places, layout.fields),
        header_id(headers),
    )
    places = frozenset(columns.read)
    if layout.is_exposure:
        return Reading(report, exposure=frame, places=places)
    return Reading(report, lines=frame, places=places)


def _abroad(frame: pl.DataFrame, foreign: InPortuguese) -> pl.DataFrame:
    """Give lines of another country its currency: what the layout assumes holds for Brazil only."""
    code = pl.lit(foreign.currency, dtype=pl.String)
    return frame.with_columns(
        pl.coalesce("currency", code).alias("currency"), pl.lit(None, dtype=pl.String).alias("assumed_currency")
    )


def _recognise(rows: list[list[str]]) -> _Match | None:
    """Return the best header of an export that is known: more of its columns before fewer."""
    found: list[_Match] = []
    for index, row in enumerate(rows):
        names = set(row)
        for layout in LAYOUTS:
            if all(key(name) in names for name in layout.required):
                typical = sum(key(name) in names for name in layout.typical)
                if typical:
                    found.append(_Match(index, typical + len(layout.required), layout))
    return max(found, key=lambda match: (match.score, -match.row), default=None)
