"""Finds the row of an unknown table that names its columns."""

from __future__ import annotations

import re
from typing import Final

from gateway.intake.layouts.columns import HEADER_SEARCH_ROWS
from gateway.intake.layouts.matching import concepts
from gateway.intake.tables import RawTable

_NAMED: Final = 0.6
#: What no column is called: an address of a page, a name that is hidden (`n*****o`).
_NO_NAME: Final = re.compile(r"://|\w\*{2,}")


def by_header(table: RawTable) -> int:
    """Return the row (from 0) that most looks like a header: most names known, else the first one with two cells."""
    rows = table.top.head(HEADER_SEARCH_ROWS).rows()
    scores = [header_score(row) for row in rows]
    if (
        len(rows) == table.top.height
        and max(scores, default=0) == scores[-1] == 1
        and any(_is_wide(r) for r in rows[:-1])
    ):
        scores[-1] = 0  # a total below everything, and no names of what is below
    first = next((index for index, row in enumerate(rows) if _is_wide(row)), 0)
    best = scores.index(max(scores)) if max(scores, default=0) >= 1 else first
    # one word that is known (`UN`, a unit) stands in a row of cells as well; names that nobody knows stand above it
    return first if max(scores, default=0) == 1 and first < best and _are_names(rows[first], rows[best]) else best


def _are_names(row: tuple[str | None, ...], below: tuple[str | None, ...]) -> bool:
    """Say whether a row has a name for each cell of a row below that has amounts, and no amount itself."""
    filled = [index for index, cell in enumerate(below) if cell]
    named = [row[index] for index in filled if row[index]]
    texts = all(any(letter.isalpha() for letter in cell or "") for cell in named)
    amounts = any(not any(letter.isalpha() for letter in below[index] or "") for index in filled)
    return texts and amounts and len(named) == len(filled) and len(set(named)) == len(named)


def _is_wide(row: tuple[str | None, ...]) -> bool:
    return sum(map(bool, row)) > 1


def header_score(row: tuple[str | None, ...]) -> int:
    """Count the distinct names of the row; an address or a hidden name rules a header out."""
    found = set()
    if any(cell and _NO_NAME.search(cell) for cell in row):
        return 0
    for cell in row:
        fits = concepts(" ".join(cell.split())) if cell and len(cell) <= 80 else {}
        best = max(fits, key=lambda name: fits[name], default="")
        if fits.get(best, 0.0) >= _NAMED:
            found.add(best)
    return len(found)
