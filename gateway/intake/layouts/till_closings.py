"""Finds what was sold in a till's closings: a column for each way of paying (`Dinheiro`, `Pix`), and their total."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import Final

import polars as pl

from gateway.intake.layouts.agreeing import agree
from gateway.intake.layouts.guesses import SURE, Assignment, Guess
from gateway.intake.layouts.names import words
from gateway.intake.layouts.spent_beside import others_without_spent

_WAYS: Final = frozenset(
    (
        *("dinheiro", "pix", "debito", "credito", "cartao", "boleto", "voucher", "vale", "cheque", "crediario"),
        *("cash", "card", "debit", "credit", "efectivo", "tarjeta", "transferencia", "ifood", "fiado"),
    )
)
#: One of these stands among the ways of paying of a shop, and in no account's debits and credits.
_OF_A_TILL: Final = frozenset(("dinheiro", "pix", "cash", "efectivo", "cartao", "card", "tarjeta"))
_FEWEST: Final = 3
_AMOUNTS: Final = 0.9
_NAMED: Final = 0.9


def closed_tills(assignment: Assignment, headers: list[str]) -> Assignment:
    """Return the assignment with the total of the ways of paying as the revenue, where they add up to it.

    Where they add up to nothing they are no account's debits and credits all the same.
    """
    assignment = _without_accounts(assignment, headers)
    if assignment.confidence("revenue") >= _NAMED:
        return assignment
    numeric = [i for i, one in enumerate(assignment.profiles) if one.number >= _AMOUNTS]
    named = {i: frozenset(words(headers[i])) for i in numeric}
    ways = [i for i, name in named.items() if name & _WAYS and "total" not in name]
    if len(ways) < _FEWEST or not any(named[i] & _OF_A_TILL for i in ways):
        return assignment
    paid: pl.Series = reduce(lambda one, other: one + other, (_amounts(assignment, i) for i in ways))
    total = next((i for i in numeric if i not in ways and agree(paid, _amounts(assignment, i))), None)
    if total is None or (assignment.confidence("revenue") >= SURE and total != assignment.column("revenue")):
        return assignment
    guesses = {name: guess for name, guess in assignment.guesses.items() if guess.index not in (total, *ways)}
    others = {i: name for i, name in others_without_spent(assignment, headers).items() if i not in (total, *ways)}
    return replace(assignment, guesses=guesses | {"revenue": Guess(total, _NAMED)}, others=others)


def _without_accounts(assignment: Assignment, headers: list[str]) -> Assignment:
    named = {i: frozenset(words(header)) for i, header in enumerate(headers)}
    ways = [i for i, name in named.items() if name & _WAYS]
    if len(ways) < _FEWEST or not any(named[i] & _OF_A_TILL for i in ways):
        return assignment
    others = {i: name for i, name in assignment.others.items() if i not in ways or name != "_budget"}
    return replace(assignment, others=others)


def _amounts(assignment: Assignment, index: int) -> pl.Series:
    return assignment.profiles[index].amounts.fill_null(0.0)
