"""Puts tables that stand beside each other under the same names (a block a month) below each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import HEADER_SEARCH_ROWS
from gateway.intake.layouts.guesses import SURE
from gateway.intake.layouts.header_row import header_score
from gateway.intake.layouts.matching import concepts
from gateway.intake.tables import RawTable
from gateway.intake.words import fold

_NAMES: Final = 2
_FEWEST: Final = 2
_MOST_ROWS: Final = 5_000
_THINGS: Final = ("at", "title", "sku", "order_id")


def one_below_the_other(table: RawTable) -> RawTable:
    """Return the rows of all blocks under one header; unchanged where the names do not come again and again."""
    if table.frame.height > _MOST_ROWS:
        return table
    for row, cells in enumerate(table.frame.head(HEADER_SEARCH_ROWS).rows()):
        found = _blocks(cells)
        if found and not any(table.frame[name].count() for name in table.frame.columns[: found[0].start]):
            return _stacked(table, row, found)
    return table


def _blocks(cells: Sequence[str | None]) -> list[range]:
    """Return the places of the columns of each block: the same two names and more, perhaps behind a blank column."""
    named = [fold(cell) if cell else "" for cell in cells]
    first = next((at for at, name in enumerate(named) if name), len(named))
    begins = [at for at in range(first, len(named)) if named[at] and named[at] == named[first]]
    if len(begins) < _FEWEST:
        return []
    whole = [named[start:end] for start, end in zip(begins, [*begins[1:], len(named)], strict=True)]
    bare = [_without_blanks(one) for one in whole]
    alike = all(one == bare[0] for one in bare) and "" not in bare[0]
    if not alike or len(bare[0]) < _NAMES or header_score(tuple(bare[0])) < _NAMES or not _is_of_things(bare[0]):
        return []
    return [range(start, start + len(bare[0])) for start in begins]


def _is_of_things(names: list[str]) -> bool:
    """Say whether a block says itself what was sold or when: `Qtd`, `Valor` are amounts of the row's label."""
    return any(concepts(name).get(thing, 0.0) >= SURE for name in names for thing in _THINGS)


def _without_blanks(names: list[str]) -> list[str]:
    last = max((at for at, name in enumerate(names) if name), default=-1)
    return names[: last + 1]


def _stacked(table: RawTable, row: int, blocks: list[range]) -> RawTable:
    known = pl.int_range(1, table.frame.height + 1, eager=True) if table.numbers is None else table.numbers
    below, numbers = table.frame.slice(row + 1), known.slice(row + 1)
    parts = [_part(table.frame.head(row + 1), blocks[0])]
    places = [known.head(row + 1)]
    for block in blocks:
        own = _part(below, block)
        filled = own.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
        parts.append(own.filter(filled))
        places.append(numbers.filter(filled))
    return replace(table, frame=pl.concat(parts), numbers=pl.concat(places))


def _part(frame: pl.DataFrame, block: range) -> pl.DataFrame:
    return frame.select(pl.nth(at).alias(str(new)) for new, at in enumerate(block))
