"""Tells what an amount of orders that were placed (`GMV`) may contain, where it is read as the revenue."""

from __future__ import annotations

from typing import Final

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.names import words

ORDERS_PLACED: Final = (
    "A receita é a coluna “{column}”, por suposição: os canais chamam assim o valor dos pedidos feitos, que pode "
    "conter descontos, frete e pedidos cancelados ou devolvidos que nenhuma outra coluna diz. Se contém, a receita é "
    "menos na mesma medida: confira com a exportação de pedidos do canal."
)
#: What such an amount is called, in the normal form of names.
_PLACED: Final = (frozenset(("gmv",)), frozenset(("gross", "merchandise", "value")))


def tell_of_orders_placed(table: Columns, columns: Assignment) -> None:
    """Report what a `GMV` may contain: by the channels' own words it is the worth of the orders that were placed."""
    guess = columns.guesses.get("revenue")
    if guess is None or columns.column("revenue") is None or guess.by == "person":
        return
    if any(name <= set(words(table.headers[guess.index])) for name in _PLACED):
        table.warnings.append(ORDERS_PLACED.format(column=table.headers[guess.index]))
