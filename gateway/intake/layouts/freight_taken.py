"""Finds the freight that the seller pays by its sign, where its name alone does not tell whose it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment, Guess
from gateway.intake.layouts.names import words

_MOST: Final = 0.9
_FREIGHT: Final = frozenset(("frete", "freight", "shipping", "flete", "ongkir"))
#: How sure it is that what is taken off, and called freight, is the seller's.
_SURELY: Final = 0.8


def with_freight_taken(table: Columns, columns: Assignment) -> Assignment:
    """Take the one column of freight whose amounts are all below zero (`Taxa de intermediação de frete`) for a cost.

    Nothing is taken for one beside a column that is called the seller's freight.
    """
    if columns.column("shipping") is not None:
        return columns
    taken = {columns.column(name) for name in columns.guesses}
    found = [
        index
        for index, profile in enumerate(columns.profiles)
        if index not in taken
        and min(profile.number, profile.money) >= _MOST
        and _FREIGHT & set(words(table.headers[index]))
    ]
    if len(found) != 1:
        return columns
    amounts = table.amounts(found[0])
    if not (amounts < 0).any() or (amounts > 0).any():
        return columns
    others = {index: name for index, name in columns.others.items() if index != found[0]}
    guess = Guess(found[0], _SURELY, "content")
    return replace(columns, guesses=columns.guesses | {"shipping": guess}, others=others)
