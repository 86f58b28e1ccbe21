"""Splits a sheet into its tables: one below the other, or a small one beside a long one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import polars as pl

from gateway.intake.layouts import is_known_export
from gateway.intake.layouts.blocks import one_below_the_other
from gateway.intake.layouts.day_sections import with_days
from gateway.intake.layouts.headed_anew import headed_anew, rows_of
from gateway.intake.layouts.header_row import header_score
from gateway.intake.layouts.heads import with_one_head
from gateway.intake.layouts.income_statement import is_income_statement
from gateway.intake.layouts.numbered_items import in_item_rows
from gateway.intake.layouts.pasted_pivots import of_pivot
from gateway.intake.layouts.pivots import in_rows
from gateway.intake.small_beside import is_value, what_it_is
from gateway.intake.tables import NUMBER_MARK, RawTable
from gateway.intake.values import cleaned
from gateway.intake.words import fold

#: A row that names so many things is a header.
_NAMES: Final = 2
#: Rows are looked through for headers where a sheet has no more: a longer one is an export.
_MOST_ROWS: Final = 20_000
#: Rows below a blank one of which the first may be titles.
_TITLES: Final = 3
#: A header is looked for in so many rows.
_HEADERS: Final = 30


def tables_of(table: RawTable) -> list[RawTable]:
    """Return the tables that a sheet holds, each with its rows' numbers; months as columns are put into rows.

    An export that is known is one table, whatever its blanks; so is a text's. Any other one has its cells cleaned: who
    lets go of the table that was given has them once.
    """
    if table.whole is not None or table.free:
        return [table]
    known = not table.is_clean and is_known_export(table)
    if known and not has_sums_beside(table):
        return [table]
    clean = table
    if not table.is_clean:
        clean = replace(table, frame=table.frame.with_columns(cleaned(pl.all())), is_clean=True)
    if known:
        return _beside(clean)
    return [one for part in headed_anew(clean) for one in _tables(part)]


def _tables(table: RawTable) -> list[RawTable]:
    if table.frame.height > _MOST_ROWS:
        return [table]
    return [_laid_out(one) for part in _below(table) for one in _beside(part)]


def _laid_out(table: RawTable) -> RawTable:
    table = with_days(of_pivot(one_below_the_other(table)))
    if is_income_statement(table):
        return table
    long = in_item_rows(in_rows(table))
    return with_one_head(table) if long is table else long


def _below(table: RawTable) -> list[RawTable]:
    """Cut the sheet where another header stands below a blank row, or a title below one."""
    filled = table.frame.select(~pl.all_horizontal(pl.all().is_null())).to_series().to_list()
    starts = [index for index in range(1, len(filled)) if filled[index] and not filled[index - 1]]
    alone = table.frame.select(pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int32)) == 1).to_series().arg_true()
    starts += [index for index in alone.to_list() if _is_titled(table, index, filled)]
    cuts = [start for start in sorted(starts) if _begins(table, start, filled)]
    headed = next((index for index in range(len(filled)) if filled[index] and _is_header(table, index)), len(filled))
    cuts = [cut for cut in cuts if cut > headed]  # what stands above the first header are its titles
    if not cuts:
        return [table]
    edges = [0, *cuts, len(filled)]
    return [rows_of(table, first, last) for first, last in pairwise(edges)]


def _is_titled(table: RawTable, row: int, filled: list[bool]) -> bool:
    """Say whether a line alone stands between a row and a header: it is another table's title (`SHOPEE`)."""
    return row > 0 and filled[row - 1] and row + 1 < len(filled) and _is_header(table, row + 1)


def _begins(table: RawTable, start: int, filled: list[bool]) -> bool:
    """Say whether a table begins in this row: a header, or titles with one below."""
    for index in range(start, min(start + _TITLES + 1, len(filled))):
        if not filled[index]:
            return False
        if _is_header(table, index):
            return index + 1 < len(filled) and filled[index + 1]
        if sum(cell is not None for cell in table.frame.row(index)) > 1:
            return False
    return False


def _is_header(table: RawTable, row: int) -> bool:
    cells = table.frame.row(row)
    return header_score(cells) >= _NAMES and not any(_is_value(cell) for cell in cells if cell)


def _is_value(cell: str) -> bool:
    return not any(letter.isalpha() for letter in cell)


def _beside(table: RawTable) -> list[RawTable]:
    """Cut a small table off that stands to the right of a long one.

    With a blank column between it ends above the other's last row. Columns that are blank in some rows only look so,
    too, but not all of them in the same last rows. Sums that begin in the header's row show by their first amount that
    they are none of its columns.
    """
    frame = table.frame
    blank = [frame[name].null_count() == frame.height for name in frame.columns]
    head = _head(frame)
    for index in range(1, len(blank) - 1):
        begins = head is not None and _begins_sums(frame.row(head), index)
        if not (blank[index] or begins) or all(blank[index:]) or all(blank[:index]):
            continue
        left, right = frame.select(frame.columns[:index]), frame.select(frame.columns[index + blank[index] :])
        if (blank[index] and _is_small(left, right)) or _are_sums(left, right, head, apart=blank[index]):
            parts = [replace(table, frame=_named(part)) for part in (left, right)]
            last = _last(right) + 1
            return [rows_of(parts[0], 0, left.height), rows_of(parts[1], last - _height(right), last)]
    return [table]


def _is_small(left: pl.DataFrame, right: pl.DataFrame) -> bool:
    """Say whether this is a small table with a header of its own beside a longer one."""
    return _last(right) < _last(left) and _is_compact(right) and all(_headed(part) for part in (left, right))


def _are_sums(left: pl.DataFrame, right: pl.DataFrame, head: int | None, *, apart: bool) -> bool:
    """Say whether these are labels with amounts (`Total | 123`) beside a table, from its header's row on.

    A header of their own (`Resumo | Valor`) they have only where a blank column parts them and all say what they are.
    """
    rows = [row for row in right.rows() if any(row)]
    if head is None or head != _last(right) + 1 - len(rows) or _height(right) != len(rows):
        return False
    if not _names_columns(left.row(head)):
        return False
    if all(map(_is_labelled, rows)):
        return apart or _last(right) < _last(left)
    told = [[_plain(cell) for cell in row if cell] for row in rows]
    return apart and _last(right) < _last(left) and all(map(_is_labelled, rows[1:])) and bool(what_it_is(told))


def _names_columns(cells: Sequence[str | None]) -> bool:
    return header_score(tuple(cells)) >= _NAMES and not any(_is_amount(cell) for cell in cells if cell)


def _is_labelled(cells: Sequence[str | None]) -> bool:
    """Say whether a row is a text with nothing but amounts behind it."""
    label, *amounts = cells
    told = [cell for cell in amounts if cell]
    return bool(label) and not _is_amount(label or "") and bool(told) and all(map(_is_amount, told))


def _is_amount(cell: str) -> bool:
    return is_value(_plain(cell))


def _plain(cell: str) -> str:
    return fold(cell.removeprefix(NUMBER_MARK))


def _height(frame: pl.DataFrame) -> int:
    """Return how many rows there are from the first to the last filled one."""
    filled = frame.select(~pl.all_horizontal(pl.all().is_null())).to_series().arg_true()
    return int(filled[-1]) - int(filled[0]) + 1 if len(filled) else 0


def has_sums_beside(table: RawTable) -> bool:
    """Say whether an amount stands behind a text in the header's row of an export."""
    head = _head(table.top)
    return head is not None and any(_begins_sums(table.top.row(head), index) for index in range(table.top.width))


def _head(frame: pl.DataFrame) -> int | None:
    """Return the row that names most columns; None where none names several."""
    scores = [header_score(row) for row in frame.head(_HEADERS).rows()]
    best = max(scores, default=0)
    return scores.index(best) if best >= _NAMES else None


def _begins_sums(cells: Sequence[str | None], index: int) -> bool:
    """Say whether a text with an amount behind it begins here."""
    label, amount = (cells[place] if place < len(cells) else None for place in (index, index + 1))
    return bool(label and amount) and not _is_amount(label or "") and _is_amount(amount or "")


def _last(frame: pl.DataFrame) -> int:
    filled = frame.select(~pl.all_horizontal(pl.all().is_null())).to_series().arg_true()
    return int(filled[-1]) if len(filled) else -1


def _is_compact(frame: pl.DataFrame) -> bool:
    """Say whether the rows from the first to the last filled one are filled, two columns of them at least."""
    filled = frame.select(pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int32)) >= _NAMES).to_series()
    places = filled.arg_true()
    return len(places) > 1 and int(places[-1]) - int(places[0]) + 1 == len(places) == _last(frame) - int(places[0]) + 1


def _headed(frame: pl.DataFrame) -> bool:
    return any(header_score(row) >= _NAMES for row in frame.head(_HEADERS).rows())


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.rename({old: str(new) for new, old in enumerate(frame.columns)})
