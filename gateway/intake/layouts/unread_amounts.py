"""Names amounts that nobody read, where fees or freight are missing: one of them may be just that."""

from __future__ import annotations

from typing import Final

from gateway.intake.fields import BESIDE_REVENUE, LABELS
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.composed import BUYERS
from gateway.intake.layouts.content import Profile
from gateway.intake.layouts.guesses import SURE, Assignment
from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.names import words

UNREAD: Final = (
    "Colunas de valores que não foram lidas: {columns}. Se uma delas traz o que falta, diga isso em “Ver as colunas”."
)
#: What an amount may be that was not read.
_MAY_BE: Final = ("fees", "shipping")
_MOST: Final = 0.9
_HALF: Final = 0.5
#: Words of a name that is a sum's or a measure's.
_NO_COST: Final = frozenset((
    "total", "subtotal", "bruto", "bruta", "gross", "net", "liquido", "liquida", "neto", "kg", "peso", "weight",
    "quantidade", "quantity", "cantidad", "metro", "litro", "hora", "saldo", "balance",
    "cancelamento", "cancelado", "cancelada", "cancelled", "canceled",
    "latitude", "longitude", "latitud", "longitud", "lat", "lng", "lon", "rating", "nota", "score",
))  # fmt: skip
#: So many are named at most.
_NAMED: Final = 5


def told_of_unread(table: Columns, columns: Assignment, shown: list[str]) -> list[str]:
    """Return the remark that names amounts nobody read, where something is missing that they may be; else none."""
    if not any(LABELS[name][0] in table.missing for name in _MAY_BE):
        return []
    known = {columns.column(name) for name in columns.guesses} | columns.others.keys() | table.places | table.totals
    # of what another remark names the person knows already
    known |= {i for i, name in enumerate(table.headers) if any(f"“{name}”" in told for told in table.warnings)}
    unread = [
        shown[index]
        for index, profile in enumerate(columns.profiles)
        if index not in known and _may_be_a_cost(table.headers[index]) and _is_amount(profile)
    ]
    names = ", ".join(f"“{name}”" for name in unread[:_NAMED])
    return [UNREAD.format(columns=names + (", …" if len(unread) > _NAMED else ""))] if unread else []


def _may_be_a_cost(header: str) -> bool:
    """Say whether a name may be a cost's: not one that is called a sum, a price, a measure, or the buyer's."""
    own = set(words(header))
    if not header or own & (_NO_COST | BUYERS) or {"nguoi", "mua"} <= own:
        return False
    return all(fit < SURE for name, fit in concepts(header).items() if name not in BESIDE_REVENUE)


def _is_amount(profile: Profile) -> bool:
    """Say whether the cells are amounts: numbers with decimals, or with a sign of money, and not all of them zero."""
    if profile.number < _MOST or profile.percent > 1 - _MOST or profile.rising or profile.date > _HALF:
        return False
    some = profile.maximum > 0 or profile.negative > 0
    return some and (profile.money > _HALF or profile.whole < _HALF)
