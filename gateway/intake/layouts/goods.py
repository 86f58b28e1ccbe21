"""Assigns the columns of a table of costs or stock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gateway.intake.fields import GOODS_LABELS, SHARED
from gateway.intake.layouts.content import Profile
from gateway.intake.layouts.displaced import MEASURES
from gateway.intake.layouts.guesses import SURE, Assignment, Guess
from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.unpriced import says_sold
from gateway.intake.words import fold
from schemas.facts import TableKind

#: Concept of a name -> the field that it is in a table of goods.
_CONCEPTS: Final = {
    "_cost": "cost",
    "_packaging": "packaging",
    "_tax_rate": "tax_rate",
    "_tax": "tax_rate",
    "_stock": "stock",
    "_valid_from": "since",
    "_counted_on": "counted_on",
}
#: So many of a column's cells are numbers where it holds amounts ...
_AMOUNTS: Final = 0.8
#: Fewer of the cells of a column of stock are whole where it tells what the stock is worth.
_WHOLE: Final = 0.5
#: ... and so many dates, where it holds days.
_DAYS: Final = 0.8


@dataclass(frozen=True, slots=True)
class GoodsTable:
    """A table of goods: its kind, and its columns; `assignment` has the fields of goods."""

    kind: TableKind
    assignment: Assignment


def goods_table(headers: list[str], assignment: Assignment, kind: TableKind, *, mapped: bool) -> GoodsTable | None:
    """Return a table's columns if it has costs or stock by SKU; else None.

    `kind` is what it is by its columns; what a person mapped stands above it.
    """
    given = {name: guess for name, guess in assignment.guesses.items() if name in GOODS_LABELS}
    if mapped and (not {"cost", "stock"} & given.keys() or "revenue" in assignment.guesses):
        return None
    if not mapped and kind not in ("costs", "prices", "stock"):
        return None
    guesses = {name: assignment.guesses[name] for name in SHARED if assignment.column(name) is not None}
    guesses |= _named(headers, assignment, given) | given
    units = assignment.column("units") if kind == "stock" and "stock" not in guesses else None
    if units is not None and not says_sold(headers[units]):
        guesses["stock"] = assignment.guesses["units"]
    if (at := assignment.column("at")) is not None:
        name = "since" if "cost" in guesses else "counted_on"
        guesses.setdefault(name, Guess(at, assignment.confidence("at"), assignment.guesses["at"].by))
    if "sku" not in guesses or not {"cost", "stock"} & guesses.keys():
        return None
    found: TableKind = "costs" if "cost" in guesses else "stock"
    return GoodsTable(found, Assignment(guesses, assignment.others, assignment.profiles))


def _named(headers: list[str], assignment: Assignment, given: dict[str, Guess]) -> dict[str, Guess]:
    """Return the fields of goods by the columns' names, where the cells agree; of several the best name."""
    taken = {guess.index for guess in given.values()}
    offers: list[tuple[float, int, str]] = []
    for index, concept in assignment.others.items():
        name = _CONCEPTS.get(concept)
        if name is None or index in taken:
            continue
        score = concepts(headers[index]).get(concept, 0.0) * _agrees(name, concept, headers[index], assignment, index)
        offers.append((round(score, 3), -index, name))
    best: dict[str, Guess] = {}
    for score, place, name in sorted(offers, reverse=True):
        if score >= SURE and name not in best and name not in given:
            best[name] = Guess(-place, score)
    return best


def is_worth(header: str, profile: Profile) -> bool:
    """Say whether a column of stock has amounts of money: most of its cells have cents, and no measure is named."""
    measured = re.search(MEASURES, fold(header)) is not None
    return profile.number >= _AMOUNTS and profile.whole < _WHOLE and not measured


def _agrees(name: str, concept: str, header: str, assignment: Assignment, index: int) -> float:
    """Say how well the cells fit. A tax may be an amount: without a sign of a rate nobody knows which it is.

    What is told beside the cost may be empty in the rows that were looked at: then its name alone counts.
    """
    profile = assignment.profiles[index]
    if not profile.filled and name in ("packaging", "since", "counted_on"):
        return 1.0
    if name in ("since", "counted_on"):
        return 1.0 if profile.date >= _DAYS else 0.0
    if not profile.filled or profile.number < _AMOUNTS:
        return 0.0 if profile.number < _AMOUNTS / 2 else 0.8
    if name == "stock" and is_worth(header, profile):
        return 0.0
    if name == "tax_rate":
        is_rate = concept == "_tax_rate" or "%" in header or profile.percent > 0.5
        return 1.0 if is_rate and profile.maximum < 100 else 0.0
    return 1.0
