"""Restores column names that lost accents (U+FFFD), by the known name that fits the other letters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import HEADER_SEARCH_ROWS
from gateway.intake.layouts.dictionary import STRONG, WEAKER
from gateway.intake.layouts.dictionary_abroad import OTHERS_ABROAD, STRONG_ABROAD
from gateway.intake.layouts.dictionary_others import OTHERS
from gateway.intake.layouts.known import LAYOUTS
from gateway.intake.layouts.mercado_libre import NAMES as OF_MERCADO_LIBRE
from gateway.intake.layouts.names import alternatives
from gateway.intake.layouts.shopee_languages import NAMES as OF_SHOPEE
from gateway.intake.layouts.tiendanube import NAMES as OF_TIENDANUBE
from gateway.intake.tables import RawTable
from gateway.intake.words import fold

#: What stands for a letter that a program could not write.
LOST: Final = "\ufffd"
_LONGEST: Final = 80


def with_mended_names(table: RawTable) -> RawTable:
    """Return the table with the names of columns made whole in its first rows; the same table where none is broken."""
    top = table.top.head(HEADER_SEARCH_ROWS)
    found = {
        (row, place): name
        for row, cells in enumerate(top.rows())
        for place, cell in enumerate(cells)
        if cell and LOST in cell and (name := whole_name(cell)) is not None
    }
    if not found:
        return table

    def mended(frame: pl.DataFrame) -> pl.DataFrame:
        names = {name: int(name) for name in frame.columns}
        columns = []
        for name, place in names.items():
            column = frame[name]
            for (row, at), whole in found.items():
                column = column.scatter(row, whole) if at == place else column
            columns.append(column)
        return pl.DataFrame(columns)

    entire, needed = table.whole, table.needed
    return replace(
        table,
        frame=mended(table.frame),
        whole=None if entire is None else lambda columns: mended(entire(columns)),
        needed=None if needed is None else lambda: mended(needed()),
    )


@lru_cache(maxsize=4096)
def whole_name(header: str) -> str | None:
    """Return the one known name that a broken one can be; None where none fits, or several that mean other things.

    A name of an export that is known is meant before all others.
    """
    plain = " ".join(header.split())
    if len(plain) > _LONGEST or not plain.strip(LOST + " "):
        return None
    runs = [re.escape(part) if LOST not in part else f".{{1,{len(part)}}}" for part in _pieces(fold(plain))]
    pattern = re.compile("".join(runs))
    fits = [told for known, told in _known().items() if pattern.fullmatch(known)]
    if not fits or (fits[0][1] and len({meaning for _, meaning in fits}) > 1):
        return None
    return fits[0][0]


def _pieces(text: str) -> list[str]:
    return [part for part in re.split(f"({LOST}+)", text) if part]


@lru_cache(maxsize=1)
def _known() -> dict[str, tuple[str, str]]:
    """Return folded name -> name and what it means, "" for one of an export that is known: these come first."""
    names: dict[str, tuple[str, str]] = {}
    for name, meaning in _all_names():
        plain = " ".join(name.split())
        names.setdefault(fold(plain), (plain, meaning))
    return names


def _all_names() -> Iterable[tuple[str, str]]:
    yield from ((name, "") for name in (*OF_TIENDANUBE, *OF_MERCADO_LIBRE, *OF_SHOPEE))
    for layout in LAYOUTS:
        for name in (*layout.required, *layout.typical, *layout.fields, *layout.beside):
            yield from ((one, "") for one in alternatives(name))
    for listed in (STRONG, STRONG_ABROAD, WEAKER, OTHERS, OTHERS_ABROAD):
        for meaning, each in listed.items():
            yield from ((name, meaning) for name in each.split(","))
