"""Reads units as people write them: `2 un`, and `1,000`, which is one or a thousand as the table writes its amounts."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import polars as pl

from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.names import words
from gateway.intake.tables import NUMBER_MARK

#: Cells that are looked at.
_SAMPLE: Final = 400
#: An amount with cents, which shows which mark is the decimal one.
_WITH_COMMA: Final = r"^[^\d]{0,5}\d{1,3}(\.?\d{3})*,\d{2}[^\d]{0,4}$"
_WITH_POINT: Final = r"^[^\d]{0,5}\d{1,3}(,?\d{3})*\.\d{2}[^\d]{0,4}$"
#: `12,000`: three digits after the only mark. Programs that count by weight, too, write units so.
#: What was taken back has a sign behind it in some programs, or stands in brackets.
_THREE: Final = {mark: rf"^[-(]?\d{{1,3}}\{mark}\d{{3}}\s*[-)]?\s*$" for mark in ",."}
#: What counts pieces beside their number: `2 un`, `3 pcs`, `x2`. A weight is no count.
_PIECES: Final = (
    r"(?i)^\s*(?:x\s?)?([-+(]?\d[\d.,]*\)?)\s*"
    r"(?:x|un|und|uni|unid|unids|unidades?|p[cç]s?|pe[cç]as?|pieces?|pza?s?|piezas?|u|uds?|units?|st|stk|st[uü]ck|szt|шт|件|個|个|개)?\.?\s*$"
)
_LAST: Final = r"(\d{3})(\s*[-)]?\s*)$"
_COUNTS: Final = ("units", "returned_units", "_stock", "_cancelled_units")
_LEAST: Final = 0.6
#: A weight is written with three decimals, as units are by programs that sell by it.
_WEIGHTS: Final = (("kg",), ("quilo",), ("kilo",), ("peso",), ("weight",), ("peso", "kg"), ("quantidade", "kg"))


def decimal_mark(frame: pl.DataFrame) -> str:
    """Return the mark before the cents in all of the table's amounts; empty where none has cents, or both stand."""
    cells = frame.head(_SAMPLE).select(pl.all().cast(pl.String))
    apart = pl.when(~pl.all().str.starts_with(NUMBER_MARK)).then(pl.all())
    text = cells.select(apart) if cells.width else cells
    comma, point = (
        any(text.select(pl.all().str.contains(shape).any()).row(0)) if text.width else False
        for shape in (_WITH_COMMA, _WITH_POINT)
    )
    return "" if comma == point else "," if comma else "."


@lru_cache(maxsize=4096)
def counts_units(header: str) -> bool:
    """Say whether the column counts pieces or weighs them, by its name."""
    found = concepts(header)
    return max((found.get(name, 0.0) for name in _COUNTS), default=0.0) >= _LEAST or words(header) in _WEIGHTS


def as_counted(cells: pl.Series, mark: str) -> pl.Series:
    """Return units as numbers alone: without the word for pieces, and `12,000` as twelve, as `with_decimals` says."""
    if cells.str.contains(r"\p{L}").any():
        counted = cells.str.extract(_PIECES)
        cells = cells if (counted.is_null() & cells.is_not_null()).any() else counted
    return with_decimals(cells, mark)


def with_decimals(cells: pl.Series, mark: str) -> pl.Series:
    """Return units so that `12,000` can only be twelve, where each cell with a mark is such a one of this mark."""
    if not mark:
        return cells
    three = cells.str.contains(_THREE[mark]).fill_null(value=False)
    marked = cells.str.contains(r"[.,]").fill_null(value=False)
    if not three.any() or (marked & ~three).any():
        return cells
    return cells.zip_with(~three, cells.str.replace(_LAST, "${1}0${2}"))
