"""Choose among columns of one amount in several currencies (`Total (USD)`, `Total (BRL)`), or none of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.fields import LABELS
from gateway.intake.layouts.dictionary import MONEY
from gateway.intake.layouts.guesses import SURE, UNSURE, Assignment
from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.names import currency_in, words
from gateway.intake.values import currencies
from gateway.intake.words import currency_spoken

#: What is told of amounts of which nobody knows in which currency the sale was.
TWO: Final = (
    "As colunas {columns} estão em moedas diferentes ({codes}), e nada diz qual é a das vendas: nenhuma foi usada como "
    "{field}. Diga a moeda ao enviar o documento, ou diga em “Ver as colunas” qual delas vale."
)
#: What sales are worth: their currency is that of the table.
_OF_SALES: Final = ("revenue", "price")
_LOOKED_AT: Final = 50
_NEARLY: Final = 0.05


def with_one_currency(
    assignment: Assignment, headers: list[str], sample: pl.DataFrame, told: str
) -> tuple[Assignment, list[str]]:
    """Return the assignment with the columns in the currency of the sales, else without their amounts, and remarks.

    Their currency is what a person `told`, else the only one in a column of currencies, else that of an amount of the
    sales that stands there in one currency alone.
    """
    codes = {i: code for i, header in enumerate(headers) if (code := _code(assignment, i, header, sample)) is not None}
    if len(set(codes.values())) < 2:
        return assignment, []
    twins = {
        name: found
        for name, guess in assignment.guesses.items()
        if name in MONEY and guess.by not in ("person", "agent") and guess.index in codes
        if (found := _twins(assignment, headers, codes, name))
    }
    own = told or _named(assignment, sample) or _of_the_others(assignment, codes, twins)
    guesses, notes = dict(assignment.guesses), []
    for name, places in twins.items():
        if name not in guesses:  # its column is another amount's
            continue
        at = next((index for index in places if codes[index] == own), None)
        if at is not None:
            guesses = {other: one for other, one in guesses.items() if other == name or one.index != at}
            guesses[name] = replace(assignment.guesses[name], index=at)
        elif name in _OF_SALES:
            unsure = {other: one for other, one in guesses.items() if other == name or one.index in places}
            guesses |= {other: replace(one, confidence=min(one.confidence, UNSURE)) for other, one in unsure.items()}
            named = ", ".join(f"“{headers[index]}”" for index in places)
            both = ", ".join(sorted({codes[index] for index in places}))
            notes.append(TWO.format(columns=named, field=LABELS[name][0], codes=both))
    taken = {guess.index for guess in guesses.values()}
    others = {index: name for index, name in assignment.others.items() if index not in taken}
    return replace(assignment, guesses=guesses, others=others), notes


def _code(assignment: Assignment, index: int, header: str, sample: pl.DataFrame) -> str | None:
    """Return the one currency of a column of amounts, by its name or its first cells."""
    if assignment.profiles[index].number < SURE or assignment.others.get(index) == "_ignored":
        return None
    if (code := currency_in(header)) is not None:
        return code
    cells = sample.to_series(index).drop_nulls().head(_LOOKED_AT)
    named = None if cells.is_empty() else currencies(cells)
    kinds = [] if named is None else named.drop_nulls().unique().to_list()
    return str(kinds[0]) if len(kinds) == 1 else None


def _twins(assignment: Assignment, headers: list[str], codes: dict[int, str], name: str) -> list[int]:
    """Return the columns that are the field in several currencies, by their places; none where there is one."""
    own = assignment.guesses[name].index
    one_of = _OF_SALES if name in _OF_SALES else (name,)  # `Valor` may be a price or a total
    elsewhere = {guess.index for other, guess in assignment.guesses.items() if other not in one_of}
    called = words(headers[own])
    found = [
        index
        for index in codes
        if index == own
        or (index not in elsewhere and (words(headers[index]) == called or _is_called(headers[index], name)))
    ]
    return found if len({codes[index] for index in found}) > 1 else []


def _is_called(header: str, name: str) -> bool:
    """Say whether the column's name says no other field better."""
    named = concepts(header)
    return named.get(name, 0.0) >= max((SURE, *(fit - _NEARLY for fit in named.values())))


def _named(assignment: Assignment, sample: pl.DataFrame) -> str:
    """Return the only currency that a column of currencies names; empty where it names several."""
    index = assignment.column("currency")
    if index is None:
        return ""
    said = sample.to_series(index).drop_nulls().unique().to_list()
    return (currency_spoken(str(said[0])) or str(said[0]).strip().upper()) if len(said) == 1 else ""


def _of_the_others(assignment: Assignment, codes: dict[int, str], twins: dict[str, list[int]]) -> str:
    several = {index for places in twins.values() for index in places}
    single = {
        codes[index]
        for name in _OF_SALES
        if (index := assignment.column(name)) is not None and index in codes and index not in several
    }
    return single.pop() if len(single) == 1 else ""
