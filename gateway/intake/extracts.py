"""Recognise tables of a text that are an extract, such as a top 5: they give no totals of a channel.

"Receita total R$ 48.230,15" above a table of the three best products: the sum of the three is not the revenue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from gateway.intake.figures.totals import counted
from gateway.intake.layouts import Reading
from gateway.intake.layouts.no_names import NO_NAMES
from gateway.intake.stated_words import SKIPPED
from gateway.intake.tables import RawTable
from gateway.intake.words import fold
from schemas.stated import ROUNDING_OF_STATED, StatedFigure

#: A line above a table that says that it shows a part.
_PART: Final = re.compile(
    r"\btop ?\d*\b|\bprincipa(?:l|is)\b|\b(?:mais|menos) (?:vendid|devolvid|rentav|procurad)|\bmelhores\b|\bpiores\b|"
    r"\bmaiores\b|\bmenores\b|\bexemplos?\b|\bamostra\b|\btrecho\b|\balguns\b|\balgumas\b|\bparcia(?:l|is)\b|"
    r"\bdestaques?\b|\bbest\W?sellers?\b|\bbest\b|\bworst\b|\bsample\b|\bexcerpt\b|\bsome of\b|\bhighlights?\b"
)
#: The stated figure -> the column whose sum it is, or of orders whose different numbers it counts.
_COMPARED: Final = {"revenue": "revenue", "units": "units", "orders": "order_id"}

BY_CAPTION: Final = (
    "pelo texto acima dela, a tabela mostra só uma parte das vendas: não foi somada como total do canal."
)
PLANNED: Final = "pelo texto acima dela, a tabela mostra metas ou previsões, e não o que foi vendido."
BY_SUM: Final = "o texto afirma {stated}, e a tabela soma menos: é um trecho, e não foi somada como total do canal."
MORE: Final = "o texto afirma {stated}, e a tabela soma mais: confira qual dos dois vale."

GOES_ON: Final = (
    "o texto tem uma tabela sem nomes de colunas, com tantas colunas quanto ela (ou uma a mais ou a menos), que pode "
    "ser a sua continuação e não foi lida: não foi somada. Envie os dados em XLSX ou CSV."
)
#: What a column without a name is called.
_NAMELESS: Final = re.compile(r"coluna \d+")


def without_extracts(
    tables: Sequence[RawTable], readings: Sequence[Reading], stated: Sequence[StatedFigure]
) -> list[Reading]:
    """Return the readings without the lines of extracts. Tables outside of texts stay."""
    kept = [
        _by_caption(table, reading) for table, reading in zip(tables, _without_begun(tables, readings), strict=True)
    ]
    free = [n for n, table in enumerate(tables) if table.free and kept[n].lines is not None]
    if not free or any(
        not table.free and reading.lines is not None for table, reading in zip(tables, kept, strict=True)
    ):
        return kept
    for figure in stated:
        column = _COMPARED.get(figure.metric)
        if column is None or figure.channel:
            continue
        sums = {n: found for n in free if (found := _sums(kept[n], column)) is not None}
        if not sums:
            continue  # none of them tells it
        if any(_same(figure.value, one) for found in sums.values() for one in found):
            # one of them is the whole; others beside it show parts of the same
            whole = next(n for n, found in sums.items() if any(_same(figure.value, one) for one in found))
            return [
                _noted(reading, BY_SUM, figure, is_left_out=True) if n in sums and n != whole else reading
                for n, reading in enumerate(kept)
            ]
        together = [sum(one) for one in zip(*sums.values(), strict=True)]
        if any(_same(figure.value, one) for one in together):
            return kept
        is_less = max(together) < figure.value
        text = BY_SUM if is_less else MORE
        return [
            _noted(reading, text, figure, is_left_out=is_less) if n in sums else reading
            for n, reading in enumerate(kept)
        ]
    return kept


def _without_begun(tables: Sequence[RawTable], readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings without the lines of a text's tables that may go on in one that has no names of columns."""
    widths = [
        table.frame.width
        for table, one in zip(tables, readings, strict=True)
        if table.free and one.lines is None and _is_nameless(one)
    ]
    return [
        _left_out(one, GOES_ON)
        if table.free and one.lines is not None and any(abs(table.frame.width - width) <= 1 for width in widths)
        else one
        for table, one in zip(tables, readings, strict=True)
    ]


def _is_nameless(reading: Reading) -> bool:
    """Say whether no column has a name, or the names are a sale already."""
    headers = [column.header for column in reading.report.columns]
    return NO_NAMES in reading.report.warnings or (len(headers) > 1 and all(map(_NAMELESS.fullmatch, headers)))


def without_cut(table: RawTable, reading: Reading) -> Reading:
    """Return the reading; of a table whose rows may be missing without what would be summed of it."""
    if not table.cut or all(one is None for one in (reading.lines, reading.exposure, reading.ads)):
        return reading
    return _left_out(reading, table.cut)


def _by_caption(table: RawTable, reading: Reading) -> Reading:
    """Return the reading without lines where what is above it says that they are no sales, or a part of them.

    A person who said what its columns are knows better.
    """
    if reading.lines is None or not table.free or any(one.by == "person" for one in reading.report.columns):
        return reading
    if any(SKIPPED.search(fold(text)) for text in (table.caption, *table.headings[-1:])):
        return _left_out(reading, PLANNED)
    return _left_out(reading, BY_CAPTION) if _PART.search(fold(table.caption)) else reading


def _sums(reading: Reading, column: str) -> tuple[float, float] | None:
    """Return the sum over sales and the sum over all rows: some reports count cancelled orders; None if untold."""
    lines = reading.lines
    assert lines is not None
    if lines[column].null_count() == lines.height:
        return None
    if column == "order_id":
        return float(counted(lines)[column].drop_nulls().n_unique()), float(lines[column].drop_nulls().n_unique())
    return float(counted(lines)[column].sum()), float(lines[column].sum())


def _same(stated: float, value: float) -> bool:
    return abs(stated - value) <= ROUNDING_OF_STATED * max(abs(stated), 1.0)


def _noted(reading: Reading, text: str, figure: StatedFigure, *, is_left_out: bool) -> Reading:
    words = text.format(stated=f"“{figure.quote}” ({figure.where})")
    if is_left_out:
        return _left_out(reading, words)
    return replace(reading, report=replace(reading.report, warnings=[*reading.report.warnings, words]))


def _left_out(reading: Reading, why: str) -> Reading:
    report = replace(reading.report, warnings=[*reading.report.warnings, why])
    return replace(reading, report=report, lines=None, exposure=None, ads=None)
