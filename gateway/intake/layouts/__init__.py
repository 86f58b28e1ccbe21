"""Recognises whose export a table is, by its columns and never by the file's name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from gateway.intake.fields import Mappings
from gateway.intake.layouts import ebay_german, mercado_libre, shopee_languages, tiendanube
from gateway.intake.layouts.columns import Columns, header_rows, headers_of, key
from gateway.intake.layouts.copied_rows import OF_ORDERS, order_column, without_copies
from gateway.intake.layouts.described import columns_of_layout, header_id, shown_headers
from gateway.intake.layouts.details import detail_of
from gateway.intake.layouts.displaced import Misplaced, displaced_export
from gateway.intake.layouts.entries import entries
from gateway.intake.layouts.general import ONLY_HEADER, UNKNOWN, Reading, general
from gateway.intake.layouts.header_row import by_header
from gateway.intake.layouts.income_statement import told_of_statement
from gateway.intake.layouts.known import LAYOUTS, Layout
from gateway.intake.layouts.lost_numbers import with_known_numbers
from gateway.intake.layouts.mapping import mapped_columns
from gateway.intake.layouts.mended import with_mended_names
from gateway.intake.layouts.names import alternatives
from gateway.intake.layouts.no_names import NO_NAMES, is_without_names
from gateway.intake.layouts.signatures import DOCUMENTED
from gateway.intake.layouts.translated import InPortuguese
from gateway.intake.layouts.written_currency import with_currency
from gateway.intake.tables import RawTable
from schemas.facts import TableRead

__all__ = ["LAYOUTS", "UNKNOWN", "Layout", "Reading", "is_known_export", "understand"]


@dataclass(frozen=True, slots=True)
class _Match:
    row: int
    score: int
    layout: Layout


def understand(table: RawTable, channels: list[str], mappings: Mappings | None = None) -> Reading:
    """Recognise a table and bring it into the common shape. An unknown one is reported with its columns.

    What a person mapped stands above all; then comes a marketplace's own export, then names and content.
    """
    table = with_mended_names(table)
    foreign = in_portuguese(table)
    known = table if foreign is None else foreign.table
    own = _recognise(header_rows(known))
    if own is not None:
        headers = headers_of(table, own.row)
        if not mapped_columns(headers, mappings):
            read, misplaced = _own(known, own, headers, foreign, tuple(channels))
            return read if misplaced is None else general(table, own.row, channels, mappings, misplaced)
    detail = detail_of(table) if own is None else None
    if detail is not None:
        return Reading(detail)
    row = own.row if own is not None else by_header(table)
    if own is None and not mapped_columns(headers_of(table, row), mappings):
        if table.frame.height and is_without_names(table, row):
            told = told_of_statement(table.frame) or [NO_NAMES]
            return Reading(TableRead(table.where, UNKNOWN, table.height or table.frame.height, warnings=told))
        if (found := entries(table, row, channels)) is not None:
            return found
    return general(table, row, channels, mappings)


def is_known_export(table: RawTable) -> bool:
    """Say whether the table's header is that of an export that is known."""
    table = with_mended_names(table)
    foreign = in_portuguese(table)
    return _recognise(header_rows(table if foreign is None else foreign.table)) is not None


def in_portuguese(table: RawTable) -> InPortuguese | None:
    """Return a foreign-language export with its layout's names; None for any other table."""
    languages = (shopee_languages, mercado_libre, tiendanube, ebay_german)
    return next((found for one in languages if (found := one.in_portuguese(table)) is not None), None)


def _own(
    table: RawTable, match: _Match, headers: list[str], foreign: InPortuguese | None, channels: tuple[str, ...]
) -> tuple[Reading, Misplaced | None]:
    """Read an export that is known, and say whether its rows are another's.

    `headers` are its columns as written, where it was put into Portuguese.
    """
    layout, columns = match.layout, Columns.below(table, match.row)
    columns.channels = channels
    if layout.has_notes:
        columns.drop_notes((*layout.required, *layout.beside), {} if foreign is None else foreign.written)
    where = f"{table.where}, cabeçalho na linha {table.number(match.row)}"
    if not columns.height:
        return Reading(TableRead(where, layout.name, 0, warnings=[ONLY_HEADER], header_id=header_id(headers))), None
    order = order_column(columns.headers, layout.required) if layout.name in OF_ORDERS else None
    copied, rows = without_copies(columns, order), columns.frame
    frame = with_known_numbers(with_currency(layout.read(columns), columns), columns)
    misplaced = displaced_export(columns, rows, shown_headers(headers))
    misplaced = Misplaced(columns.doubt) if columns.doubt and misplaced is None else misplaced
    if copied is not None:
        copied.tell(columns, frame)
    written = {} if foreign is None else foreign.written
    if foreign is not None:
        frame = _abroad(frame, foreign)
    if layout.is_documented if foreign is None else foreign.is_documented:
        columns.warnings.append(DOCUMENTED)
    report = TableRead(
        where,
        layout.name,
        frame.height,
        list(dict.fromkeys(written.get(name, name) for name in columns.used)),
        columns.missing,
        columns.warnings,
        "performance" if layout.is_exposure else "sales",
        columns_of_layout(headers, columns.headers, columns.places, layout.fields),
        header_id(headers),
    )
    places = frozenset(columns.read)
    if layout.is_exposure:
        return Reading(report, exposure=frame, places=places), misplaced
    return Reading(report, lines=frame, places=places), misplaced


def _abroad(frame: pl.DataFrame, foreign: InPortuguese) -> pl.DataFrame:
    """Give lines of another country its currency: a layout's default holds for Brazil only."""
    code = pl.lit(foreign.currency, dtype=pl.String)
    # the total that is held against what it is made of is told as the document calls it
    frame = frame.with_columns(pl.col("total_name").replace(foreign.written))
    return frame.with_columns(
        pl.coalesce("currency", code).alias("currency"), pl.lit(None, dtype=pl.String).alias("assumed_currency")
    )


def _recognise(rows: list[list[str]]) -> _Match | None:
    """Return the best header of an export that is known: more of its columns before fewer."""
    found: list[_Match] = []
    for index, row in enumerate(rows):
        names = set(row)
        for layout, (required, typical) in zip(LAYOUTS, _keys(), strict=True):
            if any(names.isdisjoint(column) for column in required):
                continue
            also = sum(name in names for name in typical)
            if also:
                found.append(_Match(index, also + len(required), layout))
    return max(found, key=lambda match: (match.score, -match.row), default=None)


@cache
def _keys() -> tuple[tuple[tuple[frozenset[str], ...], tuple[str, ...]], ...]:
    """Return of each layout the keys of its columns: of each required one all names that it may have, and the typical.

    Every row of every table is compared with them.
    """
    return tuple(
        (tuple(frozenset(map(key, alternatives(name))) for name in layout.required), tuple(map(key, layout.typical)))
        for layout in LAYOUTS
    )
