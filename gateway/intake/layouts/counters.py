"""Tells amounts that happen to go up by one (`51`, `52`, `53`) from a column that counts the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from gateway.intake.layouts.content import Profile
from gateway.intake.layouts.dictionary import MONEY
from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.names import currency_in, words

#: A name that fits so well is believed; from the second on it may be the field's.
_CALLED: Final = 0.85
_NAMED: Final = 0.6
#: Words of a name that nobody gives to a count of rows.
_WORTH: Final = frozenset(
    (
        *("valor", "value", "preco", "price", "precio", "amount", "importe", "monto", "receita", "revenue", "ingreso"),
        *("faturamento", "facturacion", "tarifa", "comissao", "comision", "fee", "frete", "desconto", "discount"),
    )
)
#: Pieces in one language, and the serial number of a row in another.
_SERIAL: Final = frozenset(("sl",))
_NUMBERS: Final = ("order_id", "_count")
_AMOUNTS: Final = MONEY | {"units"}


def without_counters(seen: Sequence[Profile], headers: Sequence[str]) -> list[Profile]:
    """Return the profiles, in which only columns that may count rows are rising."""
    if not any(profile.rising for profile in seen):
        return list(seen)
    numbered = [index for index, header in enumerate(headers) if header and _numbers_orders(header, seen[index])]
    return [
        replace(profile, rising=False)
        if profile.rising and _is_amount(headers[index], profile, beside=any(one != index for one in numbered))
        else profile
        for index, profile in enumerate(seen)
    ]


def _numbers_orders(header: str, profile: Profile) -> bool:
    return profile.filled > 0 and concepts(header).get("order_id", 0.0) >= _CALLED


def _is_amount(header: str, profile: Profile, *, beside: bool) -> bool:
    """Say whether numbers that go up by one are amounts: their name says so surely, or another column numbers the rows.

    Where another one does (`beside`), a name that may be an amount's and is no number's is enough, if they do not begin
    with one, as a count does.
    """
    named = concepts(header) if header else {}
    amount = max((named.get(name, 0.0) for name in _AMOUNTS), default=0.0)
    number = max((named.get(name, 0.0) for name in _NUMBERS), default=0.0)
    if amount <= number or amount < _NAMED:
        return False
    begins = profile.amounts.drop_nulls().head(1).to_list()
    if frozenset(words(header)) == _SERIAL and begins == [1.0]:
        return False
    if amount >= _CALLED or currency_in(header) is not None or _WORTH & set(words(header)):
        return True
    return beside and number == 0 and bool(begins) and begins[0] > 1
