"""Name shapes of tables without figures, so that a person knows what to send instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.kinds import NUMBERED
from gateway.intake.layouts.matching import concepts
from gateway.intake.words import fold

CROSSED: Final = (
    "{columns} colunas trazem números lado a lado (produtos, lojas, regiões ou meses nas colunas): parece uma tabela "
    "cruzada, e nada diz o que cada número é. Nenhum número foi calculado. Envie os dados em linhas, com uma coluna de "
    "produto, uma de data, uma de quantidade e uma de valor (a tabela de que esta foi feita)."
)
ORDERS_ALONE: Final = (
    "A tabela lista pedidos, sem valores nem quantidades: não há receita nem unidades para calcular. Envie também a "
    "tabela dos itens desses pedidos, ou uma exportação com o valor de cada pedido."
)
AMOUNTS_ALONE: Final = (
    "“{column}” traz valores, e nenhuma coluna diz de que produto, pedido, data ou canal eles são: nenhum número foi "
    "calculado. Se são vendas, envie a tabela com essas colunas, ou diga em “Ver as colunas” o que é cada uma."
)
#: So many columns of numbers, and this share of all columns, make a table crossed.
_FEWEST: Final = 6
_SHARE: Final = 0.6
#: So many are enough where their names differ in their last word alone: `Sales_Product_A`, `Sales_Product_B`.
_FEWEST_ALIKE: Final = 3
_NUMBERS: Final = 0.9
#: A name that fits one thing so well is no label of a group.
_CALLED: Final = 0.85


def shape_of(assignment: Assignment, headers: Sequence[str]) -> list[str]:
    """Return what is told of a table that nobody could read: groups side by side, or orders without amounts."""
    numeric = [
        index for index, profile in enumerate(assignment.profiles) if profile.filled and profile.number >= _NUMBERS
    ]
    unnamed = [index for index in numeric if max(concepts(headers[index]).values(), default=0.0) < _CALLED]
    filled = sum(profile.filled > 0 for profile in assignment.profiles)
    crossed = len(unnamed) >= _FEWEST and len(numeric) >= filled * _SHARE and _repeats(assignment, unnamed, headers)
    if crossed or _are_alike(numeric, headers):
        return [CROSSED.format(columns=len(numeric))]
    if _lists_orders(assignment, numeric):
        return [ORDERS_ALONE]
    return (
        [AMOUNTS_ALONE.format(column=headers[total])] if (total := _amount_of_nothing(assignment)) is not None else []
    )


def _repeats(assignment: Assignment, numeric: Sequence[int], headers: Sequence[str]) -> bool:
    """Say whether the columns are no others than one thing counted for several: their names are short labels."""
    known = {index for index, name in assignment.others.items() if name.startswith("_") and index in numeric}
    labels = [fold(headers[index]) for index in numeric if index not in known]
    return (len(labels) >= _FEWEST and len(set(labels)) < len(labels)) or all(len(one) <= 3 for one in labels)


def _are_alike(numeric: Sequence[int], headers: Sequence[str]) -> bool:
    parted = [re.split(r"[\\s_\\-]+", fold(headers[index]).strip()) for index in numeric]
    begins = {tuple(parts[:-1]) for parts in parted}
    ends = {parts[-1] for parts in parted}
    return len(parted) >= _FEWEST_ALIKE and len(begins) == 1 and begins != {()} and len(ends) == len(parted)


def _amount_of_nothing(assignment: Assignment) -> int | None:
    """Return the column of amounts where no other says of which product, order, day or channel they are."""
    things = ("order_id", "sku", "title", "at", "month", "year", "channel")
    told = any(assignment.confidence(name) > 0 for name in things)
    return None if told else assignment.column("revenue")


def _lists_orders(assignment: Assignment, numeric: Sequence[int]) -> bool:
    """Say whether the rows are numbered orders with a day or a state, and no column may be an amount or a count."""
    told = ("revenue", "price", "units", "fees", "refund", "shipping")
    if assignment.confidence("order_id") < NUMBERED or any(assignment.confidence(name) > 0 for name in told):
        return False
    dated = assignment.confidence("at") > 0 or assignment.column("status") is not None
    return dated and not any(assignment.profiles[index].money > 0 for index in numeric)
