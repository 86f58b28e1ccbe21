"""Recognise tables that count sales without amounts, as the lines of orders beside a price list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.kinds import NUMBERED, names_sales, plain_name
from gateway.intake.layouts.names import currency_in

UNPRICED: Final = (
    "A tabela diz quanto foi vendido, e não por quanto: a receita é desconhecida. Envie uma exportação com o preço ou "
    "o valor de cada linha para calculá-la."
)
#: Beside one of these the units may be of something else than what was sold.
_OTHERS: Final = (
    *("_stock", "_stock_other", "_supplier", "_bought", "_cost", "_cost_total", "_target", "_ads", "_ad_spend"),
    *("_visits", "_list_price", "_budget", "_returned_at", "_abandoned", "_payout", "_average"),
)
#: What an export of orders has beside the words of its status.
_OF_ITS_STATUS: Final = ("_returned_at", "_delivery", "_place")
#: With so many columns of an address, or a day of delivery, it is a list of what is to be sent.
_ADDRESS: Final = 2
#: So many of the units are whole numbers, and so many pieces at most has a usual row: more may be money (`Jumlah`).
_WHOLE: Final = 0.9
_MOST_OF_AN_ORDER: Final = 1000
_MOST_OF_A_ROW: Final = 100
#: A name of units by which they were sold.
_SOLD: Final = re.compile(r"\b(vend(id|ut)[oae]s?|vendues?|sold|terjual|satilan|verkauft\w*|sprzedan\w*)\b")
_AMOUNTS: Final = ("revenue", "price", "fees", "refund", "discount", "shipping", "returned_units")


def says_sold(header: str) -> bool:
    """Say whether a name says of its units that they were sold: they are none in stock then."""
    return _SOLD.search(plain_name(header)) is not None


def is_unpriced(assignment: Assignment, headers: Sequence[str], names: Sequence[str]) -> bool:
    """Say whether these are sales without amounts: units of numbered orders, or of days in a table named after sales.

    A column that nobody knows and that is written as money may be their amount: then a person says so.
    """
    if assignment.confidence("units") < NUMBERED or any(assignment.confidence(name) for name in _AMOUNTS):
        return False
    others = list(assignment.others.values())
    if _tells_what_became(assignment):  # days of delivery and return, and buyers' addresses, stand in it as well
        others = [name for name in others if name not in _OF_ITS_STATUS]
    if any(name in others for name in _OTHERS) or others.count("_place") >= _ADDRESS or "_delivery" in others:
        return False
    known = {guess.index for guess in assignment.guesses.values()} | assignment.others.keys()
    if any(
        profile.money > 0.5 or currency_in(headers[index]) is not None
        for index, profile in enumerate(assignment.profiles)
        if index not in known
    ):
        return False
    pieces = assignment.profiles[assignment.guesses["units"].index]
    if pieces.whole < _WHOLE or pieces.negative:
        return False
    if assignment.confidence("order_id") >= NUMBERED:
        return pieces.median <= _MOST_OF_AN_ORDER
    sold = says_sold(headers[assignment.guesses["units"].index]) or any(names_sales(plain_name(name)) for name in names)
    return sold and assignment.column("at") is not None and pieces.median <= _MOST_OF_A_ROW


def _tells_what_became(assignment: Assignment) -> bool:
    """Say whether a column tells in the words of orders what became of each."""
    status = assignment.column("status")
    return status is not None and assignment.profiles[status].status > _WHOLE
