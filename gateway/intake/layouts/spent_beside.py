"""What a shop spent on each day, beside what it sold (`Data;Vendas;Despesas;Saldo`), makes no table of costs."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from gateway.intake.layouts.guesses import SURE, Assignment
from gateway.intake.layouts.kinds import names_sales, plain_name

_SPENT: Final = (
    r"^(total )?(de )?(despesas?|gastos?|expenses?|egresos?|saidas?|salidas?)( (do|del) dia| totais| totales)?$"
)
_LEFT: Final = r"^(saldo|balance|sobra)( (do|del) dia| final)?$"
_TAKEN_OUT: Final = ("_budget", "_stock", "_ads", "_ad_spend")
#: A book of what came and went has one of the two in each row; a list of days has both.
_BOTH: Final = 0.5


def without_spent(assignment: Assignment, headers: list[str]) -> Assignment:
    """Return the assignment without what was spent, and what was left, in rows that say what was sold as well."""
    sold = assignment.guesses.get("revenue")
    spent = _columns(assignment, headers, _SPENT)
    timed = max(assignment.confidence("at"), assignment.confidence("month")) >= SURE
    if sold is None or sold.confidence < SURE or not timed or not names_sales(plain_name(headers[sold.index])):
        return assignment
    if not any(_stand_together(assignment, sold.index, index) for index in spent):
        return assignment
    return replace(assignment, others=others_without_spent(assignment, headers))


def others_without_spent(assignment: Assignment, headers: list[str]) -> dict[int, str]:
    """Return the columns that are no field of a sale, without what was spent, and what was left of the day."""
    apart = _columns(assignment, headers, _SPENT) | _columns(assignment, headers, _LEFT)
    return {index: name for index, name in assignment.others.items() if index not in apart}


def _columns(assignment: Assignment, headers: list[str], named: str) -> set[int]:
    fields = {guess.index for guess in assignment.guesses.values()}
    return {
        index
        for index, header in enumerate(headers)
        if index not in fields
        and assignment.others.get(index, "_budget") in _TAKEN_OUT
        and re.search(named, plain_name(header))
    }


def _stand_together(assignment: Assignment, sold: int, spent: int) -> bool:
    """Say whether most rows have both amounts."""
    one, other = assignment.profiles[sold].amounts, assignment.profiles[spent].amounts
    if not len(one) or len(one) != len(other):
        return False
    both = ((one.fill_null(0.0) != 0) & (other.fill_null(0.0) != 0)).sum()
    return both >= len(one) * _BOTH
