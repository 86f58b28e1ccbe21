"""A discount that a column tells as a share of the price, where price and units alone make the revenue."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import SURE, Assignment
from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.names import words
from gateway.intake.words import in_portuguese

RATE_OFF: Final = (
    "A coluna “{column}” é a parte do preço que foi desconto: {discount} ao todo foram tirados do preço vezes as "
    "unidades."
)
_PERCENT: Final = r"%\s*$"
_NUMERIC: Final = 0.9
_WHOLE: Final = 100.0
#: An amount that is no more than such a part of the usual price is rather a share of it.
_SMALL: Final = 0.1
#: What a price is called that has lost the discount already.
_REDUCED: Final = frozenset((
    "final", "discounted", "deal", "net", "liquido", "desconto", "descuento", "diskon", "discount", "praticado",
    "promocional", "rabatt", "remise", "sconto", "after", "setelah", "rabacie",
))  # fmt: skip


def less_rate(
    table: Columns, columns: Assignment, items: pl.Series | None, price: pl.Series | None
) -> pl.Series | None:
    """Return price times units without the discount, if a column tells it as a share; else as they are."""
    own = columns.column("price")
    if items is None or price is None or own is None or _REDUCED & set(words(table.headers[own])):
        return items
    for index, header in enumerate(table.headers):
        rate = _rate(table, index, price) if _is_discount(header) and index != columns.column("discount") else None
        if rate is not None and (rate > 0).any():
            off = items * rate.fill_null(0)
            table.number_at(index)
            table.warnings.append(RATE_OFF.format(column=header, discount=in_portuguese(float(off.sum()))))
            return items - off
    return items


def _is_discount(header: str) -> bool:
    return concepts(header.replace("%", " ")).get("discount", 0.0) >= SURE


def _rate(table: Columns, index: int, price: pl.Series) -> pl.Series | None:
    """Return the column's shares, from 0 to 1; None where it may have amounts."""
    cells, found = table.cells(index), table.amounts(index)
    if found.null_count() > cells.null_count() + (1 - _NUMERIC) * len(cells) or not found.is_between(0, _WHOLE).all():
        return None
    if "%" in table.headers[index] or cells.str.contains(_PERCENT).any():
        whole = bool((found > 1).any())
        return found / _WHOLE if whole else found
    most, usual = found.max(), price.median()
    is_share = isinstance(most, float) and isinstance(usual, float) and 0 < most <= 1 and most <= usual * _SMALL
    return found if is_share else None
