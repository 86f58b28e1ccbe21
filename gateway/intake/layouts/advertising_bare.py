"""Read a table of days and spending alone: advertising by its name, or a table that a person is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gateway.intake.layouts.advertising_columns import plain
from gateway.intake.layouts.guesses import SURE, Assignment, Guess
from gateway.intake.layouts.matching import concepts

#: The field that a person maps to say what advertising cost.
AD_COST: Final = "ad_cost"
#: So many columns it has at most: days, the amount, and two that tell whose it is.
_COLUMNS: Final = 4
_NUMBERS: Final = 0.9
_DATES: Final = 0.9
#: How well a name has to fit.
_FITS: Final = 0.8
#: What may stand beside days and the amount.
_BESIDE: Final = ("at", "month", "year", "day", "channel", "currency")
_OTHERS_BESIDE: Final = ("_ads", "_period")
#: What a shop spends on anything is called so, too.
_ANY_EXPENSE: Final = frozenset({"gasto", "gastos", "gasto total", "valor gasto", "total gasto"})


def spent_column(headers: Sequence[str], columns: Assignment) -> tuple[int, bool] | None:
    """Return the column of spending, and whether its name says advertising; None in other tables.

    `Investimento` and `Spend` beside days alone say so. `Custo` and `Gasto` may be of anything.
    """
    filled = [index for index, profile in enumerate(columns.profiles) if profile.filled]
    amounts = [index for index in filled if columns.profiles[index].number >= _NUMBERS and _is_spent(headers[index])]
    if len(filled) > _COLUMNS or len(amounts) != 1:
        return None
    beside = {columns.column(name) for name in _BESIDE}
    beside |= {index for index, name in columns.others.items() if name in _OTHERS_BESIDE}
    timed = False
    for index in filled:
        profile = columns.profiles[index]
        is_time = profile.months or (profile.date >= _DATES and not profile.counted_date)
        timed = timed or is_time or index in {columns.column(name) for name in ("at", "month")}
        if index != amounts[0] and not is_time and index not in beside:
            return None
    header = headers[amounts[0]]
    says = concepts(header).get("_ad_spend", 0.0) >= _FITS and plain(header) not in _ANY_EXPENSE
    return (amounts[0], says) if timed else None


def asked(headers: Sequence[str], columns: Assignment) -> Assignment | None:
    """Return the assignment with the cost of advertising as a guess to be confirmed; None in other tables."""
    found = spent_column(headers, columns)
    if found is None or found[1]:
        return None
    guesses = {name: guess for name, guess in columns.guesses.items() if guess.index != found[0]}
    others = {index: name for index, name in columns.others.items() if index != found[0]}
    return Assignment(guesses | {AD_COST: Guess(found[0], SURE - 0.1)}, others, columns.profiles)


def _is_spent(header: str) -> bool:
    fits = concepts(header)
    return max(fits.get("_ad_spend", 0.0), fits.get("_cost", 0.0)) >= _FITS or plain(header) in _ANY_EXPENSE
