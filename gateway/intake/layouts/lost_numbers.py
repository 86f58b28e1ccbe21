"""Take no order's number that a spreadsheet rounded, or somebody made unreadable, for that of one order."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns

ROUNDED: Final = (
    "{rows} linha(s) têm um número de pedido que uma planilha arredondou ({cell}): pedidos diferentes ficaram com o "
    "mesmo número, e não se sabe de qual pedido elas são. Baixe o arquivo de novo e envie-o sem o abrir na planilha."
)
HIDDEN: Final = "{rows} linha(s) têm um número de pedido que foi coberto ({cell}): não se sabe de qual pedido elas são."
OF_MANY_DAYS: Final = (
    "“{column}” tem o mesmo número em vendas de dias diferentes ({cell}, por exemplo): não é o número do pedido, e não "
    "se sabe quantos pedidos são. Se é, diga isso em “Ver as colunas”."
)
#: So many rows have one number again.
_AGAIN: Final = 2
#: So many numbers stand in several rows, nearly all of them of so many days, where they number no orders.
_SEVERAL_NUMBERS: Final = 3
_NEARLY_ALL: Final = 0.9
_DAYS: Final = 3
#: Rows that are looked at: of a large table these show it.
_SAMPLE: Final = 20_000
#: `2026-03-01` of `2026-03-01 10:15:00`
_DAY_CHARS: Final = 10
#: `5.12E+11`, `5,12E+11`
_ROUNDED: Final = r"^\d([.,]\d+)?[eE]\+\d{1,2}$"
#: Nothing but signs that cover something, or one letter again and again.
_HIDDEN: Final = r"^([*#•●█]{2,}|[xX]{3,}|\[?(?i:redacted|hidden|masked|anonymi[sz]ed)\]?)$|[*•●█]{4,}"


def are_lost(cells: pl.Series) -> bool:
    """Say whether some of the cells are numbers that are lost."""
    return bool(cells.str.contains(f"{_ROUNDED}|{_HIDDEN}").any())


def known_numbers(table: Columns, order: pl.Series | None) -> pl.Series | None:
    """Return the orders' numbers without those that are lost, and tell how many these are; None where none is left.

    One that stands in a single row is that of a single order, whatever it was; of others nobody knows.
    """
    if order is None or _is_zero(order):
        return None
    if not are_lost(order):
        return order
    again = order.is_duplicated()
    for told, pattern in ((ROUNDED, _ROUNDED), (HIDDEN, _HIDDEN)):
        lost = again & order.str.contains(pattern).fill_null(value=False)
        if lost.any():
            table.warnings.append(told.format(rows=int(lost.sum()), cell=order.filter(lost)[0]))
            order = pl.select(pl.when(~lost).then(order)).to_series().alias(order.name)
    return order if order.count() else None


def is_no_number(order: pl.Series) -> bool:
    """Say whether all rows have one number that is lost: no amount is shared out by it."""
    first = order.head(1)
    if len(order) < _AGAIN or first.has_nulls() or not (order == first[0]).all():
        return False
    return are_lost(first) or _is_zero(order)


def _is_zero(order: pl.Series) -> bool:
    """Say whether all rows have zero, which a formula makes of blanks; of a single row it may be the number."""
    return len(order) >= _AGAIN and bool((order == "0").all())


def with_known_numbers(lines: pl.DataFrame, table: Columns) -> pl.DataFrame:
    """Return the lines of an export without the numbers of orders that are lost."""
    if "order_id" not in lines.columns or not lines["order_id"].count():
        return lines
    known = known_numbers(table, lines["order_id"])
    return lines.with_columns(order_id=pl.lit(None, dtype=pl.String) if known is None else known)


def of_many_days(order: pl.Series, days: pl.Series) -> str | None:
    """Return one of the numbers where they number no orders: nearly all that come again are of several days."""
    frame = pl.DataFrame({"order": order.head(_SAMPLE), "day": days.head(_SAMPLE).str.slice(0, _DAY_CHARS)})
    again = frame.drop_nulls().group_by("order", maintain_order=True).agg(pl.len(), pl.col("day").n_unique())
    again = again.filter(pl.col("len") > 1)
    if again.height < _SEVERAL_NUMBERS or int((again["day"] >= _DAYS).sum()) < again.height * _NEARLY_ALL:
        return None
    return str(again["order"][0])
