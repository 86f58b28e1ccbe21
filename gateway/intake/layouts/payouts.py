"""What all reports of payouts share: signed amounts of sales, refunds and other entries, row by row.

They tell what a marketplace, or who takes the payments, settled in a period: orders that were cancelled or not paid are
not in them, and what was paid back may be of an order of another period.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add, or_
from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.names import alternatives
from gateway.intake.layouts.orders import constant, either
from gateway.intake.masking import mask
from gateway.intake.values import CENTS
from gateway.intake.words import in_portuguese
from schemas.given import without_none

SETTLED_ONLY: Final = (
    "É um relatório de repasses: traz só o que foi pago ou lançado no período, com a data de {dates}. Pedidos "
    "cancelados e não pagos não aparecem nele, por isso a taxa de cancelamento é desconhecida."
)
UNREAD: Final = (
    "{rows} lançamento(s) não têm um valor que se leia: ficaram de fora, com tudo de seus {orders} pedido(s). Preencha "
    "os valores e envie o arquivo de novo."
)
REST: Final = "{rows} linha(s) que não são de vendas nem de reembolsos ficaram de fora; somam {sum} ({kinds})."
OTHER_PERIOD: Final = (
    "{rows} linha(s) são de pedidos pagos em outro período: o valor conta, e o pedido não é contado outra vez."
)
#: Kinds of rows that are named at most, those with the largest sums first.
_NAMED: Final = 5
_MAX_KIND_CHARS: Final = 40


@dataclass(frozen=True, slots=True)
class Movements:
    """A report's rows. Amounts are as they come to the seller: what he pays is negative. None: no column tells it."""

    channel: pl.Series
    sold: pl.Series  # a sale was settled
    back: pl.Series  # a buyer was paid back; what is neither is told and left out
    kind: pl.Series  # what the report calls the row
    net: pl.Series  # what all of the row comes to
    net_name: str
    order: pl.Series | None
    goods: pl.Series | None  # what buyers pay for goods, and get back where `back`
    fees: pl.Series | None = None
    freight: pl.Series | None = None
    refund: pl.Series | None = None  # what was paid back, where it stands in the sale's own row
    discount: pl.Series | None = None  # of the seller, already taken off `goods`
    units: pl.Series | None = None
    sku: pl.Series | None = None
    title: pl.Series | None = None
    at: pl.Series | None = None
    currency: pl.Series | None = None
    rows: pl.Series | None = None  # their numbers in the sheet, where they are not the table's own
    told: str = SETTLED_ONLY  # what such a report is, and what is not in it
    needs: tuple[str, ...] = ()  # the columns without which nobody knows what a sale or a refund came to
    carried: pl.Series | None = None  # rows of `back` that are charges for a parcel: no goods are in them
    freight_is_settled: bool = True  # else the seller pays it to somebody else, and `net` is not what is left


def payout_lines(table: Columns, moved: Movements, dates: str) -> pl.DataFrame:
    """Return the lines of sales and refunds. `dates` says of what the dates are. Tells what is left out, and why."""
    table.warnings.append(moved.told.format(dates=dates))
    kept, height = moved.sold | moved.back, len(moved.net)
    tell_rest(table, moved.kind, moved.net, ~kept)
    kept = kept & ~_unread(table, moved)
    zero = zero_amounts(height)
    goods = zero if moved.goods is None else moved.goods.fill_null(0.0)
    revenue = goods.zip_with(moved.sold, zero)
    paid_back, returned = _paid_back(moved, goods), _returned(moved, goods)
    fees, freight = _negative(moved.fees), _negative(moved.freight)
    costs = [zero if one is None else one for one in (paid_back, fees, freight)]
    columns: dict[str, pl.Series | None] = {
        "row": table.rows if moved.rows is None else moved.rows,
        "channel": moved.channel,
        "order_id": _order(table, moved),
        "sku": moved.sku,
        "title": moved.title,
        "at": moved.at,
        "units": _where(moved.sold, moved.units),
        "returned_units": returned,
        "revenue": revenue,
        "fees": fees,
        "shipping": freight,
        "refund": paid_back,
        "discount": None if moved.discount is None else moved.discount.abs(),
        "currency": either(moved.currency, table.currency if moved.rows is None else None),
        "net": moved.net if moved.freight_is_settled else None,
        "total_name": constant(moved.net_name, height),
        "total_theirs": moved.net,
        "total_ours": revenue - reduce(add, costs),
    }
    return shape.lines(without_none(columns), height).filter(kept)


def _unread(table: Columns, moved: Movements) -> pl.Series:
    """Return the rows of which an amount cannot be read, with all rows of their orders; tell how many these are."""
    nothing = pl.Series([False]).new_from_index(0, len(moved.net))
    cells = [] if moved.rows is not None else [table.number(*alternatives(name), optional=True) for name in moved.needs]
    told = moved.sold | moved.back if moved.carried is None else moved.sold | (moved.back & ~moved.carried)
    unread = reduce(or_, [cell.is_null() for cell in cells if cell is not None], nothing) & told
    orders = table.rows.cast(pl.String) if moved.order is None else moved.order
    return told_unread(table, unread, orders) if unread.any() else nothing


def told_unread(table: Columns, unread: pl.Series, orders: pl.Series) -> pl.Series:
    """Tell how many rows and orders have no amount, and return these rows with all others of their orders."""
    without = orders.filter(unread).drop_nulls().unique()
    table.warnings.append(UNREAD.format(rows=int(unread.sum()), orders=len(without)))
    return unread | orders.is_in(without.implode()).fill_null(value=False)


def leave_out_unread(table: Columns, unread: pl.Series, orders: pl.Series) -> None:
    """Leave out each order of which an entry has no amount, for what it comes to is unknown, and tell how many."""
    if unread.any():
        table.keep(~told_unread(table, unread, orders))


def leave_out_unfilled(table: Columns, amount_name: str, order_name: str) -> None:
    """Leave out each order of which an entry has no amount in this column, and tell how many."""
    told, orders = table.number(amount_name), text_of(table, order_name)
    assert told is not None
    leave_out_unread(table, told.is_null() & orders.is_not_null(), orders)


def _paid_back(moved: Movements, goods: pl.Series) -> pl.Series | None:
    """Return what buyers got back; None where neither a row nor a column tells of it."""
    zero = zero_amounts(len(goods))
    of_rows = -goods.zip_with(moved.back, zero)
    if moved.refund is not None:
        return of_rows - moved.refund.fill_null(0.0)
    return of_rows if moved.back.any() else None


def _returned(moved: Movements, goods: pl.Series) -> pl.Series | None:
    """Return the units that came back; None where a row with money that went back does not tell them."""
    if moved.units is None or moved.refund is not None or not moved.back.any():
        return None
    untold = moved.back & (goods != 0) & moved.units.is_null()
    return None if untold.any() else _where(moved.back & (goods != 0), moved.units)


def zero_amounts(height: int) -> pl.Series:
    """Return a column of zeros."""
    return pl.Series([0.0], dtype=pl.Float64).new_from_index(0, height)


def amount(table: Columns, names: str) -> pl.Series | None:
    """Return the numbers of the first of these columns that is there; a blank cell is nothing. None where none is."""
    found = table.number(*alternatives(names), optional=True)
    return None if found is None else found.fill_null(0.0)


def needed(table: Columns, names: str) -> pl.Series:
    """Return the numbers of a column that the layout is known by."""
    found = amount(table, names)
    assert found is not None
    return found


def text_of(table: Columns, names: str) -> pl.Series:
    """Return the text of a column that the layout is known by."""
    found = table.text(*alternatives(names))
    assert found is not None
    return found


def amounts(table: Columns, *names: str) -> pl.Series | None:
    """Return the sum of those columns that are there, row by row; None where none is."""
    found = [one for one in (amount(table, name) for name in names) if one is not None]
    return reduce(add, found) if found else None


def _order(table: Columns, moved: Movements) -> pl.Series | None:
    """Return the orders' numbers; none of an order that was not settled here: it would count as one more."""
    if moved.order is None:
        return None
    settled = moved.order.filter(moved.sold).drop_nulls().unique()
    elsewhere = moved.back & moved.order.is_not_null() & ~moved.order.is_in(settled.implode())
    if elsewhere.any():
        table.warnings.append(OTHER_PERIOD.format(rows=int(elsewhere.sum())))
    return pl.select(pl.when(~elsewhere).then(moved.order)).to_series()


def tell_rest(table: Columns, kind: pl.Series, net: pl.Series, rest: pl.Series) -> None:
    """Report the rows that are neither sales nor refunds, with their sum."""
    frame = pl.DataFrame({"kind": kind.fill_null("-"), "net": net}).filter(rest)
    if frame.is_empty():
        return
    sums = frame.group_by("kind").agg(pl.col("net").sum()).sort(pl.col("net").abs(), "kind", descending=[True, False])
    kinds = [f"{mask(str(kind))[:_MAX_KIND_CHARS]}: {in_portuguese(net)}" for kind, net in sums.head(_NAMED).rows()]
    more = ["…"] if sums.height > _NAMED else []
    told = REST.format(
        rows=frame.height, sum=in_portuguese(float(frame["net"].sum())), kinds="; ".join([*kinds, *more])
    )
    table.warnings.append(told)


def _negative(signed: pl.Series | None) -> pl.Series | None:
    return None if signed is None else -signed


def _where(condition: pl.Series, units: pl.Series | None) -> pl.Series | None:
    """Return the units of these rows, 0 of the others; None where no row of them tells any."""
    if units is None or (condition.any() and not units.filter(condition).is_not_null().any()):
        return None
    return units.abs().zip_with(condition, zero_amounts(len(units)))


def adding_up(net: pl.Series, goods: pl.Series, tried: list[pl.Series | None]) -> pl.Series | None:
    """Return that one of the columns of fees with which goods and fees come to `net` in most of the rows."""
    known = [one for one in tried if one is not None]
    return max(known, key=lambda fees: int(((goods + fees - net).abs() < CENTS).sum()), default=None)
