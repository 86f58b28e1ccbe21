"""Join a table of orders with the table of their items (`Vendas`, `Itens`), so that each sale counts once."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.fields import BESIDE_REVENUE
from gateway.intake.figures.orders_of_items import at_what_was_paid, same_numbers, with_whole_returns

#: Where a row says which product it is of.
NAMES: Final = ("sku", "listing", "title")
#: Orders of one number whose amounts agree are the same; fewer could agree by chance.
_FEWEST: Final = 2
#: So many of the orders that both have agree.
_MOST: Final = 0.8
_SAME_SUM: Final = 0.005
#: What is of an order as a whole: the table of items may leave it to that of orders.
_OF_STATES: Final = ("status", "payment_only", "returns_only")
_OF_ORDERS: Final = ("at", *_OF_STATES, "ship_days", "currency", "assumed_currency", "told_currency")


def orders_with_items(one: pl.DataFrame, other: pl.DataFrame) -> tuple[pl.DataFrame, str] | None:
    """Return the rows of both tables with each sale once, where one has the orders of the other's items.

    The items stay, with what only their orders tell; orders without items stay as they are. The text is what is told of
    amounts that differ (`orders_of_items`). None where these are no such tables: a few orders with the same numbers
    whose amounts or days differ may be of two shops, or of two months.
    """
    for heads, items in ((one, other), (other, one)):
        if names_products(heads) or not (names_products(items) or _has_more_rows(heads, items)):
            continue
        if heads["order_id"].null_count() or is_of_another_time(heads["at"], items["at"]):
            continue
        tried = (heads, _without_freight(heads))
        goods = next((goods for goods in tried if _are_the_same(goods, items)), None)
        if goods is None and same_numbers(heads, items):
            goods = heads
        if goods is not None:  # without the freight, where its total contains it
            items, told = at_what_was_paid(items, goods)  # noqa: PLW2901 - each sale is of these items
            alone = goods.join(_numbers(items), on="order_id", how="anti", maintain_order="left")
            return pl.concat([with_whole_returns(_completed(items, goods)), alone]), told
    return None


def names_products(table: pl.DataFrame) -> bool:
    """Say whether a row of the table names its product."""
    return any(table[name].null_count() < table.height for name in NAMES)


def _has_more_rows(heads: pl.DataFrame, items: pl.DataFrame) -> bool:
    """Say whether one table has a row for each order, and the other several for some: rows that name no product.

    Several columns of codes can keep a product from being known.
    """
    if heads["order_id"].n_unique() < heads.height:
        return False
    return items["order_id"].null_count() == 0 and items["order_id"].n_unique() < items.height


def is_of_another_time(one: pl.Series, other: pl.Series) -> bool:
    """Say whether both have dates, and no day in common: equal sums of two months are two months."""
    days, others = one.dt.date().drop_nulls(), other.dt.date().drop_nulls()
    return not days.is_empty() and not others.is_empty() and set(days).isdisjoint(others)


def _without_freight(heads: pl.DataFrame) -> pl.DataFrame:
    """Return the orders without the freight that their total may contain: then the buyer paid it, and it is no cost."""
    goods = pl.col("revenue") - pl.col("shipping").fill_null(0)
    return heads.with_columns(goods.alias("revenue"), pl.lit(None, pl.Float64).alias("shipping"))


def _numbers(table: pl.DataFrame) -> pl.DataFrame:
    return table.select("order_id").drop_nulls().unique()


def _are_the_same(heads: pl.DataFrame, items: pl.DataFrame) -> bool:
    both = _sums(heads).join(_sums(items), on="order_id", suffix="_items")
    gap = (pl.col("revenue") - pl.col("revenue_items")).abs()
    same = both.filter(gap <= pl.col("revenue").abs() * _SAME_SUM).height
    return both.height >= _FEWEST and same >= both.height * _MOST


def _sums(table: pl.DataFrame) -> pl.DataFrame:
    known = table.filter(pl.col("order_id").is_not_null() & pl.col("revenue").is_not_null())
    return known.group_by("order_id").agg(pl.col("revenue").sum())


def _completed(items: pl.DataFrame, heads: pl.DataFrame) -> pl.DataFrame:
    """Return the items with what their orders tell and they do not."""
    untold = [name for name in (*_OF_ORDERS, *BESIDE_REVENUE) if items[name].null_count() == items.height]
    untold = [name for name in untold if heads[name].null_count() < heads.height]
    if not untold:
        return items
    told = heads.group_by("order_id").agg(
        *(pl.col(name).first() if name in _OF_ORDERS else pl.col(name).sum() for name in untold),
        *(pl.col(name).is_null().any().alias(f"{name}_unknown") for name in untold if name in BESIDE_REVENUE),
    )
    whole = pl.col("revenue").sum().over("order_id")
    # an order's only item has all of it; which of several without a price has how much, nobody knows
    alone = pl.len().over("order_id") == 1
    share = pl.when(alone).then(1.0).when(whole != 0).then(pl.col("revenue") / whole)
    both = items.drop(untold).join(told, on="order_id", how="left", maintain_order="left")
    put = both.with_columns(
        pl.when(~pl.col(f"{name}_unknown")).then(pl.col(name) * share).alias(name)
        for name in untold
        if name in BESIDE_REVENUE
    )
    return put.select(items.columns)
