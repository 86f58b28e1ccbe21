"""Reads a pivot table that was pasted as values: names of what is summed, and groups above the rows that they sum up.

Excel writes `Rótulos de Linha` and `Soma de Valor`; Odoo leaves the first name blank and begins with the total.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Final

import polars as pl

from gateway.intake.dates import are_months, moments
from gateway.intake.layouts.columns import HEADER_SEARCH_ROWS
from gateway.intake.layouts.monthly import MEASURE
from gateway.intake.tables import NUMBER_MARK, RawTable
from gateway.intake.values import CENTS, numbers
from gateway.intake.words import fold

LABELS: Final = re.compile(r"^(rotulos? de linhas?|row labels?|etiquetas? de filas?)$")
_SUMMED: Final = re.compile(r"(?i)^(?:soma|sum|suma|somme) (?:de|da|do|of) (?=\w)")
_TOTAL: Final = re.compile(r"^(total geral|grand total|total general|total)$")
#: `[FURN_0096] Desk`, as Odoo calls a product.
_PRODUCT: Final = re.compile(r"^\[[\w.\-/]+\] \S")
_ENGLISH: Final = re.compile("^row labels?$")
#: Names that say no more than the table does: neither a language nor, so, a currency.
_ITEM: Final = "Item"
_ROW_LABELS: Final = "Row Labels"
_MOST: Final = 0.9
_MOST_ROWS: Final = 500
_FEWEST: Final = 2
Amounts = tuple[float, ...]


def of_pivot(table: RawTable) -> RawTable:
    """Return the rows of a pasted pivot table without the groups that sum them up; any other table is unchanged."""
    rows = table.frame.head(HEADER_SEARCH_ROWS).rows()
    row = next((at for at in range(len(rows) - 1) if _is_head(rows[at], rows[at + 1])), None)
    if row is None or table.frame.height - row > _MOST_ROWS:
        return table
    body = table.frame.slice(row + 1)
    labels = body["0"]
    amounts = [numbers(body[name]) for name in body.columns[1:]]
    kept = _kept(labels.to_list(), list(zip(*(one.fill_null(0.0).to_list() for one in amounts), strict=True)))
    names = [_label(labels.gather(kept), rows[row][0]), *(_summed(cell) for cell in rows[row][1:])]
    head = pl.DataFrame({name: [cell] for name, cell in zip(table.frame.columns, names, strict=True)})
    head = head.cast(dict.fromkeys(head.columns, pl.String))
    above = [at for at in range(row) if rows[at][0]]  # a row without a label groups the columns
    known = pl.int_range(1, table.frame.height + 1, eager=True) if table.numbers is None else table.numbers
    places = pl.Series([*above, row, *(row + 1 + at for at in kept)], dtype=pl.UInt32)
    frame = pl.concat([table.frame[above], head, body[kept]])
    return replace(table, frame=frame, numbers=known.gather(places))


def may_be_said(headers: Sequence[str]) -> bool:
    """Say whether a column is one of which only a person knows what it is: a pivot's labels, a value or a count."""
    return MEASURE in headers or any(LABELS.search(fold(header)) for header in headers)


def _is_head(cells: Sequence[str | None], below: Sequence[str | None]) -> bool:
    """Say whether a row names labels and sums, or has names behind a blank above the total of everything."""
    first, others = fold(cells[0] or ""), [cell for cell in cells[1:] if cell]
    if not others or any(not any(letter.isalpha() for letter in cell) for cell in others):
        return False
    if LABELS.search(first):
        return True
    return not cells[0] and fold(below[0] or "") == "total" and all(map(_is_amount, below[1 : 1 + len(others)]))


def _is_amount(cell: str | None) -> bool:
    return bool(cell) and numbers(pl.Series([cell])).null_count() == 0


def _summed(cell: str | None) -> str | None:
    return None if cell is None else _SUMMED.sub("", cell)


def _label(cells: pl.Series, written: str | None) -> str | None:
    """Return a name of the labels where all of them show what they are; a person is asked otherwise."""
    known = cells.drop_nulls().str.strip_chars_start(NUMBER_MARK)
    if not len(known):
        return written
    is_english = not written or _ENGLISH.search(fold(written)) is not None
    if are_months(known):
        return "Month" if is_english else "Mês"
    if moments(known).null_count() == 0:
        return "Date" if is_english else "Data"
    if float(str(known.str.contains(_PRODUCT.pattern).mean() or 0)) >= _MOST:
        return _ITEM
    return written or _ROW_LABELS


def _kept(labels: list[str | None], rows: list[Amounts]) -> list[int]:
    """Return the places of the rows that are summed up by no other; totals stay out where their label says it."""
    total = [at for at, label in enumerate(labels) if _TOTAL.search(fold(label or ""))]
    own = [at for at in range(len(rows)) if at not in total]
    whole = rows[total[-1]] if total else None
    if whole is None or not own or _same(_sum([rows[at] for at in own]), whole):
        return own if total else list(range(len(rows)))

    @cache
    def leaves(at: int) -> tuple[int, tuple[int, ...]]:
        """Return where the next row of this level stands, and the rows at the bottom of this one."""
        added, place, below = tuple(0.0 for _ in whole or ()), at + 1, list[int]()
        while place < len(own):
            following, under = leaves(place)
            added = _sum([added, rows[own[place]]])
            below += under
            place = following
            if _same(added, rows[own[at]]):
                return place, tuple(below)
        return at + 1, (own[at],)

    for at in range(len(own) - 1, -1, -1):  # from the end, so that none goes deep
        leaves(at)
    top, place, found = list[Amounts](), 0, list[int]()
    while place < len(own):
        following, under = leaves(place)
        top.append(rows[own[place]])
        found += under
        place = following
    return found if _same(_sum(top), whole) and len(found) >= _FEWEST else own


def _sum(rows: Sequence[Amounts]) -> Amounts:
    return tuple(sum(cells) for cells in zip(*rows, strict=True))


def _same(ours: Amounts, theirs: Amounts) -> bool:
    return all(abs(one - other) < CENTS for one, other in zip(ours, theirs, strict=True))
