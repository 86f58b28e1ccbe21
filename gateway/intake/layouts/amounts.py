"""Tells in a plain table which amounts are the row's, which the order's, and who paid the freight."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.discount_rates import less_rate
from gateway.intake.layouts.freight_names import is_freight, sellers_pay
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.names import words
from gateway.intake.layouts.orders import filled_by_order, is_paid_back_once, is_repeated, shared_out, told_once
from gateway.intake.layouts.sums_told import of_sold
from gateway.intake.values import CENTS
from gateway.intake.words import in_portuguese

_MOST: Final = 0.9
COSTS: Final = ("fees", "shipping", "refund")
WHOSE_FREIGHT: Final = (
    "“{column}” ({total} ao todo) foi lida como frete pago por você; o nome não diz quem paga. Se quem paga é o "
    "comprador, tire essa coluna em “Ver as colunas”: o que sobra é mais na mesma medida."
)
BY_PRICE: Final = "{rows} linha(s) não têm valor em “{column}”: contam com o preço vezes as unidades."
#: In so many orders of different products one total is no accident; of so many products one amount is a price.
_SEVERAL_ORDERS: Final = 3
_HALF: Final = 0.5
Given = dict[str, pl.Series | None]
#: Words by which a name says that its amount is the whole order's.
_ORDER_WORDS: Final = frozenset(("pedido", "order", "orden", "pesanan"))


def revenue_of(
    table: Columns,
    columns: Assignment,
    total: pl.Series | None,
    units: pl.Series | None,
    price: pl.Series | None,
    order: pl.Series | None,
) -> pl.Series | None:
    """Return the rows' own amounts. A total that the order's rows repeat is shared out to them."""
    index = columns.column("revenue")
    items = None if price is None or units is None else price * units
    if total is None or index is None:
        return less_rate(table, columns, items, price, order)
    if order is None:
        return _untold_by_price(table, total, items, None, index)
    total = _untold_by_price(table, total, items, order, index)
    whole = filled_by_order(order, total)  # it may stand on the first of the order's rows alone
    off = columns.column("discount")
    left = items if items is None or off is None else items - table.amounts(off).abs().fill_null(0)
    goods = next((table.cells(at) for name in ("sku", "title") if (at := columns.column(name)) is not None), None)
    if whole is None or not _is_per_order(words(table.headers[index]), whole, left, order, goods):
        return total
    total = whole
    table.warnings.append("O total do pedido se repete em cada linha dele; foi contado uma vez só.")
    own = _own_amounts(table, columns, order, total)
    return own if own is not None else shared_out(order, total, items if items is not None else units)


def _own_amounts(table: Columns, columns: Assignment, order: pl.Series, total: pl.Series) -> pl.Series | None:
    """Return the rows' own amounts, where a column has them: they add up to each order's total, or do with freight."""
    taken = {guess.index for guess in columns.guesses.values()} | columns.others.keys()
    numeric = [index for index, profile in enumerate(columns.profiles) if profile.number >= _MOST]
    freight = [filled_by_order(order, table.amounts(index)) for index in numeric if is_freight(table.headers[index])]
    orders = pl.DataFrame({"order": order, "total": total}).drop_nulls("order")
    for index in (one for one in numeric if one not in taken):
        amounts = table.amounts(index)
        frame = orders.with_columns(amounts.filter(order.is_not_null()).alias("own"))
        for paid in (None, *freight):
            besides = pl.lit(0.0) if paid is None else paid.filter(order.is_not_null()).fill_null(0)
            sums = (
                frame.with_columns(besides.alias("besides"))
                .group_by("order")
                .agg(pl.len(), pl.col("total", "besides").first(), pl.col("own").sum())
            )
            close = (sums["own"] + sums["besides"] - sums["total"]).abs() <= CENTS
            if sums.filter(close)["len"].max() not in (None, 1) and close.all() and not amounts.has_nulls():
                return table.number_at(index)
    return None


def _untold_by_price(
    table: Columns, total: pl.Series, items: pl.Series | None, order: pl.Series | None, index: int
) -> pl.Series:
    """Return the totals with price times units where a row has none (`ERROR`), if they agree in nearly all others.

    Not beside a total of the same order: there it may be the order's, on its first row alone.
    """
    if items is None or not (untold := total.is_null() & items.is_not_null()).any():
        return total
    agree = ((total - items).abs() < CENTS).drop_nulls()
    if order is not None:
        told = order.filter(total.is_not_null()).drop_nulls().unique()
        untold &= ~order.is_in(told.implode()).fill_null(value=False)
    if not untold.any() or float(str(agree.mean() or 0)) < _MOST:
        return total
    table.warnings.append(BY_PRICE.format(rows=int(untold.sum()), column=table.headers[index]))
    return items.zip_with(untold, total)


def tell_whose_freight(table: Columns, columns: Assignment, given: Given) -> None:
    """Report that freight counts as the seller's cost, if neither its name nor a payout shows who paid it."""
    guess, freight = columns.guesses.get("shipping"), given["shipping"]
    if guess is None or freight is None or guess.by in ("person", "content") or "total_name" in given:
        return
    if not columns.profiles[guess.index].number:  # the seller's charges, told by rows
        return
    header = table.headers[guess.index]
    if not sellers_pay(header) and (total := of_sold(freight, given.get("status"))):
        table.warnings.append(WHOSE_FREIGHT.format(column=header, total=in_portuguese(total)))


def tax_columns(columns: Assignment) -> list[int]:
    """Return the columns of taxes, which a total may have on top of the prices."""
    numeric = [i for i, profile in enumerate(columns.profiles) if profile.number > _MOST]
    return [i for i in numeric if columns.others.get(i) == "_tax"]


def cost_of(
    table: Columns,
    columns: Assignment,
    name: str,
    order: pl.Series | None,
    weight: pl.Series | None,
) -> pl.Series | None:
    """Return a cost as a positive amount; one of the whole order, by name or cells, is shared out to its rows."""
    index = columns.column(name)
    if index is None:
        return None
    cost = cost_at(table, index, order, weight)
    if name == "refund" and order is not None and is_paid_back_once(order, cost, weight):
        return shared_out(order, cost, weight)
    return cost


def cost_at(table: Columns, index: int, order: pl.Series | None, weight: pl.Series | None) -> pl.Series:
    """Return the cost in the column at this place, as `cost_of` does."""
    amount: pl.Series | None = table.number_at(index)
    assert amount is not None
    if order is not None and (is_of_order(table.headers[index]) or is_repeated(order, amount, weight)):
        amount = shared_out(order, amount, weight)
    assert amount is not None
    amount = told_once(order, amount, weight)
    return -amount if amount.sum() < 0 else amount  # some programs write it negative


def is_of_order(header: str) -> bool:
    """Say whether the column's name says that its amounts are whole orders'."""
    return bool(_ORDER_WORDS & set(words(header)))


def _is_per_order(
    name: tuple[str, ...], total: pl.Series, items: pl.Series | None, order: pl.Series, goods: pl.Series | None
) -> bool:
    """Say whether orders of several rows repeat one total: it holds their items, or the name says "order".

    `items`: what they cost, less the discount. One of the whole order, which its rows repeat, makes them less than
    they are, and a total that holds more holds less. Where nothing tells the items' amounts, a total that is no
    product's price is the order's, too.
    """
    again = order.is_duplicated() & order.is_not_null()  # nearly all orders of most tables have a single row
    frame = pl.DataFrame({"order": order, "total": total, "items": total if items is None else items}).filter(again)
    several = (
        frame.group_by("order")
        .agg(
            pl.len().alias("rows"),
            pl.col("total").n_unique().alias("totals"),
            pl.col("total").first(),
            pl.col("items").sum(),
            pl.col("items").n_unique().alias("amounts"),
        )
        .filter(pl.col("rows") > 1)
    )
    if several.is_empty() or not bool((several["totals"] == 1).all()):
        return False
    if items is None:
        return bool(_ORDER_WORDS & set(name)) or _is_no_price(total, order, goods)
    # the order's freight may be in its total, too
    adds_up = (several["items"] <= several["total"] * 1.01 + CENTS).mean()
    differ = several["amounts"].gt(1).mean()  # rows that cost different amounts have no one total, but their order has
    single = ((items - total).abs() <= total.abs() * 0.01 + CENTS).mean()
    apart = several.height >= _SEVERAL_ORDERS and float(str(differ or 0)) > _HALF
    return (apart or float(str(adds_up or 0)) > 0.5) and float(str(single or 0)) < 0.95


def _is_no_price(total: pl.Series, order: pl.Series, goods: pl.Series | None) -> bool:
    """Say whether different products of each of several orders have one total, and one product has several."""
    if goods is None:
        return False
    frame = pl.DataFrame({"order": order, "total": total, "goods": goods}).drop_nulls()
    mixed = frame.group_by("order").agg(pl.col("goods").n_unique(), pl.col("total").first())
    mixed = mixed.filter(pl.col("goods") > 1)
    again = frame.group_by("goods").agg(pl.col("order").n_unique(), pl.col("total").n_unique())
    priced = float(str((again.filter(pl.col("order") > 1)["total"] == 1).mean() or 0))
    return mixed.height >= _SEVERAL_ORDERS and mixed["total"].n_unique() >= _SEVERAL_ORDERS and priced < _HALF
