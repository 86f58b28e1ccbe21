"""Multiplies amounts that stand below `Valores em milhares de reais`, or asks where nobody knows which of them."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.dictionary import MONEY
from gateway.intake.layouts.factors import times, times_above
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.values import CENTS

SCALED: Final = "Os valores foram multiplicados por {many}, porque acima da tabela está escrito que são em {many}."
UNSCALED: Final = (
    "Acima da tabela está escrito que os valores são em {many}, e nada mostra se o preço também é: nenhum número foi "
    "calculado. Escreva isso no nome de cada coluna (“Total (R$ mil)”), não acima da tabela, e envie de novo."
)
_NUMERIC: Final = 0.5
#: Such columns have no amounts of money.
_COUNTED: Final = frozenset((
    "_count", "_stock", "_stock_other", "_share", "_tax_rate", "_visits", "_ads", "_rating", "_row", "_pack",
    "_cancelled_units", "_payment", "_person", "_place", "_period", "_delivery", "_shop", "_category", "_coupon",
))  # fmt: skip
#: Price times units is the total in so many of the rows.
_MOST: Final = 0.9


def with_scale(table: Columns, columns: Assignment, said: list[str]) -> list[str]:
    """Multiply the amounts by what is said above the table; return why a person is asked instead, empty where not.

    A name that says it of its own column is believed before. A price may be whole beside a total in thousands: their
    product tells.
    """
    many = times_above(said)
    if many == 1 or any(times(header) > 1 for header in table.headers):
        return []
    price = columns.column("price")
    in_many = None if price is None else _is_in_many(table, columns, price, many)
    if price is not None and in_many is None:
        return [UNSCALED.format(many=many)]
    counted = {guess.index for name, guess in columns.guesses.items() if name not in MONEY}
    counted |= {index for index, name in columns.others.items() if name in _COUNTED}
    for index, profile in enumerate(columns.profiles):
        is_amount = profile.number >= _NUMERIC and profile.percent < _NUMERIC and index not in counted
        if is_amount and (index != price or in_many):
            table.put_amounts(index, (table.amounts(index) * many).round(2))
    table.warnings.append(SCALED.format(many=many))
    return []


def _is_in_many(table: Columns, columns: Assignment, price: int, many: int) -> bool | None:
    """Say whether the price is in thousands, too, as the total is; None where units times price is not the total."""
    units, total = columns.column("units"), columns.column("revenue")
    if units is None or total is None:
        return None
    worth, written = table.amounts(units) * table.amounts(price), table.amounts(total)
    if _are(worth, written):
        return True
    return False if _are(worth, written * many) else None


def _are(worth: pl.Series, written: pl.Series) -> bool:
    """Say whether both are one in nearly all rows; what is written in thousands has few decimals."""
    close = ((worth - written).abs() <= CENTS + written.abs() * 0.01).drop_nulls()
    return float(str(close.mean() or 0)) >= _MOST
