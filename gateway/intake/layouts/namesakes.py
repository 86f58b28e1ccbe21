"""Resolves columns of one name in a table: copies are one, others cannot be told apart by name."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.fields import LABELS
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.content import fit
from gateway.intake.layouts.dictionary import MONEY
from gateway.intake.layouts.guesses import UNSURE, Assignment
from gateway.intake.values import CENTS
from gateway.intake.words import fold

#: What is told of amounts or counts of which nobody knows which column has them.
UNSETTLED: Final = (
    "{number} colunas se chamam “{column}” e trazem valores diferentes: nenhuma foi usada como {field}. Diga em “Ver "
    "as colunas” qual delas vale."
)
#: What is told of what else stands in several columns of one name.
ONE_TAKEN: Final = (
    "{number} colunas se chamam “{column}” e trazem valores diferentes: como {field} foi usada “{taken}”. Se é outra, "
    "diga em “Ver as colunas”."
)
#: What programs put behind a name that was there before.
_AGAIN: Final = re.compile(r"\.\d{1,2}$")
_COUNTS: Final = frozenset(("units", "returned_units"))
_MULTIPLY: Final = ("units", "price", "revenue")
#: Three columns of which one is the product of the others are this sure.
_PROVEN: Final = 0.9
#: From this fit on a column could be the field, too.
_COULD_BE: Final = 0.5


def namesakes(headers: list[str]) -> list[list[int]]:
    """Return the places of columns that have one name, of each such name; `Total.1` is a `Total`, too."""
    own = [fold(header) for header in headers]
    places: dict[str, list[int]] = defaultdict(list)
    for index, name in enumerate(own):
        first = _AGAIN.sub("", name)
        places[first if first in own else name].append(index)
    return [found for name, found in places.items() if name and len(found) > 1]


def copies(columns: Columns) -> frozenset[int]:
    """Return the columns that only repeat another one of their name."""
    found: set[int] = set()
    for places in namesakes(columns.headers):
        for index in places:
            others = [one for one in places if one != index and one not in found]
            if any(_tells_all(columns, one, index, earlier=one < index) for one in others):
                found.add(index)
    return frozenset(found)


def with_namesakes(assignment: Assignment, columns: Columns, headers: list[str]) -> tuple[Assignment, list[str]]:
    """Return the assignment without amounts that a namesake contradicts, and the remarks.

    Units, price and total that multiply are proven, whatever they are called. `headers`: the names as they are shown.
    """
    proven = min(assignment.confidence(name) for name in _MULTIPLY) >= _PROVEN
    guesses, notes, told = dict(assignment.guesses), [], set[str]()
    groups = {index: places for places in namesakes(columns.headers) for index in places}
    for name, guess in assignment.guesses.items():
        if guess.by in ("person", "agent") or guess.index not in groups or assignment.column(name) is None:
            continue
        rivals = [one for one in groups[guess.index] if one != guess.index and _may_be(assignment, one, name)]
        if not rivals or (proven and name in _MULTIPLY):
            continue
        said = {"number": len(rivals) + 1, "column": columns.headers[guess.index], "field": LABELS[name][0]}
        if name in MONEY | _COUNTS:
            guesses[name] = replace(guess, confidence=min(guess.confidence, UNSURE))
            if said["column"] not in told:  # two of them may be taken for total and price
                notes.append(UNSETTLED.format(**said))
            told.add(columns.headers[guess.index])
        else:
            notes.append(ONE_TAKEN.format(**said, taken=headers[guess.index]))
    return replace(assignment, guesses=guesses), notes


def _may_be(assignment: Assignment, index: int, name: str) -> bool:
    profile = assignment.profiles[index]
    return bool(profile.filled) and assignment.others.get(index) != "_ignored" and fit(name, profile) >= _COULD_BE


def _tells_all(columns: Columns, one: int, other: int, *, earlier: bool) -> bool:
    """Say whether `one` has all that `other` has, as cells or amounts. Of two that are equal it is the earlier."""
    has, lacks = columns.cells(one), columns.cells(other)
    if lacks.null_count() != len(lacks) and not _same(has, lacks):
        has, lacks = columns.amounts(one), columns.amounts(other)
        if has.null_count() != columns.cells(one).null_count() or not _close(has, lacks):
            return False
    return has.null_count() < lacks.null_count() or earlier


def _same(has: pl.Series, lacks: pl.Series) -> bool:
    return bool(((has == lacks).fill_null(value=False) | lacks.is_null()).all())


def _close(has: pl.Series, lacks: pl.Series) -> bool:
    return bool((((has - lacks).abs() < CENTS).fill_null(value=False) | lacks.is_null()).all())
