"""A discount beside price and units, which alone make the revenue: a share of them, or an amount, by what adds up."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.agreeing import agree
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import SURE, Assignment
from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.names import words
from gateway.intake.layouts.orders import added
from gateway.intake.layouts.sums_told import of_sales
from gateway.intake.words import in_portuguese

RATE_OFF: Final = (
    "A coluna “{column}” é a parte do preço que foi desconto: {discount} ao todo foram tirados do preço vezes as "
    "unidades."
)
AMOUNT_OFF: Final = (
    "A coluna “{column}” traz o desconto em dinheiro, como “{shown}” mostra: {discount} ao todo foram tirados do preço "
    "vezes as unidades."
)
UNDECIDED: Final = (
    "A receita é desconhecida: nada na tabela mostra se “{column}” é a parte do preço que foi desconto ou o desconto "
    "em dinheiro. Se é a parte, escreva “{column} (%)” no nome da coluna; se é dinheiro, ponha o total de cada linha "
    "na tabela, e envie de novo."
)
_PERCENT: Final = r"%\s*$"
#: The sign of per cent as a word of a name (`remisePourcent`, `Discount Percentage`).
_PER_CENT: Final = frozenset((
    "percent", "percentage", "percentual", "percentuale", "porcentaje", "pourcent", "pourcentage", "prozent", "procent",
))  # fmt: skip
_NUMERIC: Final = 0.9
#: Steps of 5 % in the whole.
_STEPS: Final = 20
_WHOLE: Final = 100.0
#: An amount that is no more than such a part of the usual price is rather a share of it.
_SMALL: Final = 0.1
#: What a price is called that has lost the discount already.
_REDUCED: Final = frozenset((
    "final", "discounted", "deal", "net", "liquido", "desconto", "descuento", "diskon", "discount", "praticado",
    "promocional", "rabatt", "remise", "sconto", "after", "setelah", "rabacie",
))  # fmt: skip


def less_rate(
    table: Columns, columns: Assignment, items: pl.Series | None, price: pl.Series | None, order: pl.Series | None
) -> pl.Series | None:
    """Return price times units without the discount of a column that may tell it as a share; else as they are.

    Another amount of the table shows whether it is a share or an amount. If none does, round shares below the whole
    price are shares; of any others nobody knows, and neither of the revenue.
    """
    own = columns.column("price")
    if items is None or price is None or own is None or _REDUCED & set(words(table.headers[own])):
        return items
    for index, header in enumerate(table.headers):
        rate = _rate(table, index) if _is_discount(header) and index != columns.column("discount") else None
        if rate is not None and (rate > 0).any():
            return _less(table, columns, index, items, rate, price, order)
    return items


def after_rates(table: Columns, items: pl.Series) -> list[pl.Series]:
    """Return price times units less each share that a column may tell as the discount (`0.15`), where one does."""
    rates = [_rate(table, index) for index, header in enumerate(table.headers) if _is_discount(header)]
    return [items - items * rate.fill_null(0) for rate in rates if rate is not None and (rate > 0).any()]


def _less(
    table: Columns,
    columns: Assignment,
    index: int,
    items: pl.Series,
    rate: pl.Series,
    price: pl.Series,
    order: pl.Series | None,
) -> pl.Series | None:
    header, off = table.headers[index], items * rate.fill_null(0)
    table.number_at(index)
    if not _says_percent(table, index):
        amount = table.amounts(index).fill_null(0)
        if (shown := _shown_by(table, columns, index, items - amount, amount)) is not None:
            told = in_portuguese(of_sales(table, columns, order, amount))
            table.warnings.append(AMOUNT_OFF.format(column=header, shown=table.headers[shown], discount=told))
            return items - amount
        if _shown_by(table, columns, index, items - off, off) is None and not _are_round_shares(rate, price):
            table.warnings.append(UNDECIDED.format(column=header))
            return None
    told = in_portuguese(of_sales(table, columns, order, off))
    table.warnings.append(RATE_OFF.format(column=header, discount=told))
    return items - off


def _shown_by(table: Columns, columns: Assignment, own: int, left: pl.Series, off: pl.Series) -> int | None:
    """Return a column of amounts that is what is left in the rows with a discount, perhaps with the taxes on top."""
    sure = {columns.column(name) for name in columns.guesses}
    numeric = [i for i, one in enumerate(columns.profiles) if one.number >= _NUMERIC and i not in sure and i != own]
    taxes = [i for i in numeric if columns.others.get(i) == "_tax"]
    taxed = added(left, *(table.amounts(i).fill_null(0) for i in taxes))
    for index in numeric:
        amount = table.amounts(index)
        if index not in taxes and (agree(left, amount, off) or (taxed is not None and agree(taxed, amount, off))):
            return index
    return None


def _are_round_shares(rate: pl.Series, price: pl.Series) -> bool:
    """Say whether all are below the whole and small beside the prices, and nearly all of them steps of 5 %."""
    some = rate.filter((rate > 0).fill_null(value=False))
    most, usual = some.max(), price.median()
    if not isinstance(most, float) or not isinstance(usual, float) or not 0 < most < 1 or most > usual * _SMALL:
        return False
    return float(str(((some * _STEPS).round(6) % 1 == 0).mean() or 0)) >= _NUMERIC


def _is_discount(header: str) -> bool:
    named = " ".join(sorted(set(words(header.replace("%", " "))) - _PER_CENT))
    return max(concepts(name).get("discount", 0.0) for name in (header.replace("%", " "), named)) >= SURE


def _rate(table: Columns, index: int) -> pl.Series | None:
    """Return the column's cells as shares, from 0 to 1; None where they can only be amounts."""
    cells, found = table.cells(index), table.amounts(index)
    if found.null_count() > cells.null_count() + (1 - _NUMERIC) * len(cells) or not found.is_between(0, _WHOLE).all():
        return None
    if _says_percent(table, index):
        whole = bool((found > 1).any())
        return found / _WHOLE if whole else found
    most = found.max()
    return found if isinstance(most, float) and 0 < most <= 1 else None


def _says_percent(table: Columns, index: int) -> bool:
    if _PER_CENT & set(words(table.headers[index])):
        return True
    return "%" in table.headers[index] or bool(table.cells(index).str.contains(_PERCENT).any())
