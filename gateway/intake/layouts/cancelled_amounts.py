"""Takes what was cancelled off gross sales.

A till's report by day has both in columns: `Venda Bruta`, `Cancelamentos`, `Venda Líquida`.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import Final

import polars as pl

from gateway.intake.layouts.agreeing import agree, free_amounts
from gateway.intake.layouts.amounts import COSTS, Given
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.names import words
from gateway.intake.layouts.sums_told import of_sales
from gateway.intake.words import fold, in_portuguese

LESS: Final = (
    "“{column}” ({amount} ao todo) foi tirada da receita: a coluna “{total}” mostra que “{revenue}” ainda tem o que "
    "foi cancelado."
)
UNSURE: Final = (
    "A receita é “{revenue}”, que se chama bruta, e nada na tabela mostra se “{column}” ({amount} ao todo) já foi "
    "tirada dela: se não foi, a receita é menos na mesma medida."
)
_CANCELLED: Final = re.compile(r"cancel|anulad|anulac|\bvoids?\b|storno")
#: Not of an amount: when, why, how many, at what rate.
_NO_AMOUNT: Final = re.compile(
    r"\b(data|date|dia|hora|motivo|reason|razao|qtd|qtde|quantidade|quantity|units?|pedidos|orders|taxa|rate)\b|%"
)
_GROSS: Final = frozenset(("bruto", "bruta", "gross"))
#: What is charged on top, in a name.
_ON_TOP: Final = frozenset(("acrescimo", "surcharge", "recargo", "gorjeta", "tip"))


def without_cancelled_amounts(table: Columns, columns: Assignment, given: Given) -> Given:
    """Return the revenue less what was cancelled of it, where another amount shows that it still has that; else {}.

    The other amount is the revenue less it, perhaps less the discount and costs, or with what was charged on top.
    Where nothing shows it and the revenue is called gross, it stands, and the table says so.
    """
    revenue, own = given["revenue"], columns.column("revenue")
    if revenue is None or own is None or columns.guesses["revenue"].by not in ("name", "content"):
        return {}
    free = free_amounts(columns)
    for index in (i for i in free if _is_cancelled(table.headers[i])):
        gone = table.amounts(index).abs().fill_null(0.0)
        if not gone.sum() or bool((gone > revenue.fill_null(0.0).abs() + 1).any()):
            continue
        of_sold = of_sales(table, columns, given.get("order_id"), gone)
        told = {"column": table.headers[index], "amount": in_portuguese(of_sold)}
        total = _total(table, given, [i for i in free if i != index], revenue - gone, gone)
        if total is not None:
            table.number_at(index)
            named = {"total": table.headers[total], "revenue": table.headers[own]}
            table.warnings += [LESS.format(**told, **named)] if of_sold else []
            return {"revenue": revenue - gone}
        if of_sold and _GROSS & set(words(table.headers[own])):
            table.warnings.append(UNSURE.format(**told, revenue=table.headers[own]))
    return {}


def _total(table: Columns, given: Given, free: list[int], left: pl.Series, gone: pl.Series) -> int | None:
    """Return the column that is what is left in the rows of which something was cancelled, perhaps less other parts."""
    parts = [-one.fill_null(0.0) for name in ("discount", *COSTS) if (one := given.get(name)) is not None]
    parts += [table.amounts(i).fill_null(0.0) for i in free if _ON_TOP & set(words(table.headers[i]))]
    some = [one for one in parts if one.sum()]
    for few in (few for size in range(len(some) + 1) for few in combinations(some, size)):
        ours = sum(few, left)
        total = next((i for i in free if agree(ours, table.amounts(i), gone)), None)
        if total is not None:
            return total
    return None


def _is_cancelled(header: str) -> bool:
    plain = fold(header)
    return _CANCELLED.search(plain) is not None and _NO_AMOUNT.search(plain) is None
