"""Decides what an order's items come to, where the table of orders has the same orders at other amounts.

The numbers and the days are the same, and dearer orders have dearer items: then they are the same sales.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.lines import RETURNED
from gateway.intake.layouts.sums_told import of_sold
from gateway.intake.values import CENTS
from gateway.intake.words import in_portuguese

AFTER_DISCOUNT: Final = (
    "Os pedidos e os itens deles estão em tabelas diferentes: cada venda foi contada uma vez, e o desconto do pedido "
    "({discount} ao todo) foi tirado do valor dos itens."
)
MORE: Final = (
    "Os pedidos e os itens deles estão em tabelas diferentes: cada venda foi contada uma vez, pelo valor dos itens. Os "
    "pedidos somam {gap} a mais, que nenhuma coluna explica: pode ser frete ou imposto pago pelo comprador."
)
DIFFER: Final = (
    "A receita é desconhecida: os pedidos e os itens deles estão em tabelas diferentes, são as mesmas vendas, e os "
    "valores não são os mesmos ({orders} nos pedidos, {items} nos itens). Nada diz qual deles foi pago: envie só a "
    "tabela certa, ou inclua a coluna do desconto."
)
#: Numbers of fewer orders may be the same by chance.
_FEWEST: Final = 5
#: So many of either's orders are the other's, and so many of them fit.
_MOST: Final = 0.8
#: Dearer orders have dearer items at least this well.
_ALIKE: Final = 0.9
_SAME_SUM: Final = 0.005


def same_numbers(heads: pl.DataFrame, items: pl.DataFrame) -> bool:
    """Say whether these are the same orders by their numbers and days, and their amounts go up and down together."""
    numbers, others = heads["order_id"], items["order_id"].drop_nulls().unique()
    if numbers.n_unique() < numbers.len() or min(heads.height, others.len()) < _FEWEST:
        return False
    both = _joined(heads, items)
    if both.height < max(heads.height, others.len()) * _MOST:
        return False
    dated = both.select(pl.col("day") == pl.col("day_items")).to_series().drop_nulls()
    if not dated.is_empty() and float(dated.sum()) < len(dated) * _MOST:
        return False
    alike = both.select(pl.corr("revenue", "revenue_items")).item()
    return alike is not None and float(alike) >= _ALIKE


def at_what_was_paid(items: pl.DataFrame, heads: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Return the items at the price that the buyer paid, and remarks for a person.

    Their order's amount is shared out to them where it is theirs less its discount. Where it is more, the goods are
    what the items say. Otherwise nobody knows.
    """
    both = _joined(heads, items)
    close = pl.max_horizontal(pl.col("revenue_items").abs() * _SAME_SUM, pl.lit(CENTS))
    gap, off = pl.col("revenue") - pl.col("revenue_items"), pl.col("discount").fill_null(0)
    same, less, more, total = both.select(
        (gap.abs() <= close).mean().alias("same"),
        ((gap + off).abs() <= close).mean().alias("less"),
        (gap >= -close).mean().alias("more"),
        (gap.sum().abs() / pl.col("revenue_items").sum().abs()).alias("total"),
    ).row(0)
    if less >= _MOST and less > same:
        priced = pl.when(pl.col("revenue_items") != 0).then(pl.col("revenue") / pl.col("revenue_items"))
        of_order = both.select("order_id", factor=priced)
        shared = items.join(of_order, on="order_id", how="left", maintain_order="left")
        paid = shared.with_columns((pl.col("revenue") * pl.col("factor").fill_null(1)).alias("revenue"))
        return paid.drop("factor"), AFTER_DISCOUNT.format(discount=_sum(both, pl.col("discount")))
    if same >= _MOST and total <= _SAME_SUM:
        return items, ""
    if more >= _MOST:
        return items, MORE.format(gap=_sum(both, gap))
    told = DIFFER.format(orders=_sum(both, pl.col("revenue")), items=_sum(both, pl.col("revenue_items")))
    return items.with_columns(pl.lit(None, pl.Float64).alias("revenue")), told


def with_whole_returns(items: pl.DataFrame) -> pl.DataFrame:
    """Return the items with their units returned where the whole order was, and no column counts returns."""
    if items["returned_units"].null_count() < items.height or items["status"].null_count() == items.height:
        return items
    whole = (pl.col("refund") >= pl.col("revenue") - CENTS).fill_null(value=False)
    back = pl.col("status") == RETURNED
    if not items.select((whole | ~back).all()).item() or not items.select(back.any()).item():
        return items  # of some only a part came back, or nobody knows how much
    return items.with_columns(pl.when(back).then("units").otherwise(0.0).alias("returned_units"))


def _joined(heads: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Return the orders that both have, with what either says of them."""
    return _of_orders(heads).join(_of_orders(items), on="order_id", suffix="_items")


def _of_orders(table: pl.DataFrame) -> pl.DataFrame:
    known = table.filter(pl.col("order_id").is_not_null() & pl.col("revenue").is_not_null())
    return known.group_by("order_id", maintain_order=True).agg(
        pl.col("revenue").sum(),
        pl.col("discount").sum(),
        pl.col("at").dt.date().min().alias("day"),
        pl.col("status").first(),
    )


def _sum(both: pl.DataFrame, amount: pl.Expr) -> str:
    """Return what the amounts of orders that were sold come to, as a person reads it."""
    told = both.select(amount.alias("amount"), pl.coalesce("status", "status_items").alias("status"))
    return in_portuguese(of_sold(told["amount"], told["status"]))
