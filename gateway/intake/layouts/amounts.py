"""Amounts of a plain table: which are the row's own, which the order's on each row, and who paid the freight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from operator import add
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.names import words
from gateway.intake.layouts.orders import filled_by_order, first_rows_with, order_sums, shared_out
from gateway.intake.values import CENTS
from gateway.intake.words import in_portuguese

_MOST: Final = 0.9
COSTS: Final = ("fees", "shipping", "refund")
_FREIGHT: Final = frozenset(("frete", "envio", "freight", "shipping"))
IN_TOTAL: Final = "“{column}” está no total, pago pelo comprador: não é custo seu."
IN_REVENUE: Final = (
    "“{column}” está na receita, pago pelo comprador: não é custo seu, e a receita não é só dos produtos."
)
#: Words by which a total is that of the goods alone.
_GOODS: Final = frozenset(("produto", "product", "producto", "item", "mercadoria", "goods", "subtotal"))
#: Words by which a name says that the seller pays.
_SELLERS: Final = frozenset((
    "custo", "custos", "costo", "costos", "cost", "costs", "tarifa", "tarifas", "taxa", "fee", "fees",
    "vendedor", "seller",
))  # fmt: skip
WHOSE_FREIGHT: Final = (
    "“{column}” ({total} ao todo) foi lida como frete pago por você; o nome não diz quem paga. Se quem paga é o "
    "comprador, tire essa coluna em “Ver as colunas”: o que sobra é mais na mesma medida."
)
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
        return items
    if order is None:
        return total
    whole = filled_by_order(order, total)  # it may stand on the first of the order's rows alone
    if whole is None or not _is_per_order(words(table.headers[index]), whole, items, order):
        return total
    total = whole
    table.warnings.append("O total do pedido se repete em cada linha dele; foi contado uma vez só.")
    return shared_out(order, total, items if items is not None else units)


def without_buyers_freight(table: Columns, columns: Assignment, given: Given) -> Assignment:
    """Take freight that a total contains, so that the buyer paid it, out of what the seller paid.

    `given`: `revenue`, `units`, `price` and `order_id`. The total may be less a discount, and that of a whole order.
    """
    index = columns.column("shipping")
    if given["revenue"] is None:
        return columns
    if index is None:
        return _told_of_freight(table, columns, given)
    own, off = columns.column("revenue"), columns.column("discount")
    totals = [i for i, profile in enumerate(columns.profiles) if profile.number > _MOST and i not in (index, own)]
    rows = first_rows_with(table.amounts(index), given["order_id"])
    known = {name: None if one is None else one.gather(rows) for name, one in given.items()}
    revenue, units, price, order = (known[name] for name in ("revenue", "units", "price", "order_id"))
    assert revenue is not None
    amounts = {i: table.amounts(i).gather(rows) for i in (*totals, index)}
    items = [] if units is None or price is None else [(units * price, revenue)]
    freight, discount = amounts[index].abs(), None if off is None else amounts[off].abs()
    taxes = [amounts[i].fill_null(0) for i in tax_columns(columns)]
    goods = [(amounts[i], revenue) for i in totals if _GOODS & set(words(table.headers[i]))]
    in_revenue = _fits([*items, *goods], freight, discount, taxes)
    fits = in_revenue or _fits([(revenue, amounts[i]) for i in totals], freight, discount, taxes)
    if not fits and order is not None and order.drop_nulls().is_duplicated().any():
        sums = [(order_sums(order, part), order_sums(order, total)) for part, total in items]
        pairs = [(revenue, shared_out(order, amounts[i], revenue)) for i in totals]
        whole = [(order_sums(order, part), order_sums(order, total)) for part, total in pairs if total is not None]
        shared = [None if one is None else shared_out(order, one, revenue) for one in (freight, discount)]
        freights, discounts = (None if one is None else order_sums(order, one) for one in shared)
        in_revenue = freights is not None and _fits(sums, freights, discounts)
        fits = freights is not None and (in_revenue or _fits(whole, freights, discounts))
    if not fits:
        return columns
    table.warnings.append((IN_REVENUE if in_revenue else IN_TOTAL).format(column=table.headers[index]))
    return replace(columns, guesses={name: guess for name, guess in columns.guesses.items() if name != "shipping"})


def _told_of_freight(table: Columns, columns: Assignment, given: Given) -> Assignment:
    """Tell where the revenue is price times units with a freight that is no cost of the seller's by its name."""
    revenue, units, price = given["revenue"], given["units"], given["price"]
    if revenue is None or units is None or price is None:
        return columns
    taken = {columns.column(name) for name in columns.guesses}
    for index, profile in enumerate(columns.profiles):
        is_freight = index not in taken and profile.number > _MOST and _FREIGHT & set(words(table.headers[index]))
        if is_freight and _fits([(units * price, revenue)], table.amounts(index).abs(), None):
            table.warnings.append(IN_REVENUE.format(column=table.headers[index]))
    return columns


def tell_whose_freight(table: Columns, columns: Assignment, given: Given) -> None:
    """Report that freight counts as the seller's if neither its name nor a payout says whose it is."""
    guess, freight = columns.guesses.get("shipping"), given["shipping"]
    if guess is None or freight is None or guess.by == "person" or "total_name" in given:
        return
    if not columns.profiles[guess.index].number:  # the seller's charges, told by rows
        return
    header = table.headers[guess.index]
    if not _SELLERS & set(words(header)) and (total := float(freight.sum())):
        table.warnings.append(WHOSE_FREIGHT.format(column=header, total=in_portuguese(total)))


def tax_columns(columns: Assignment) -> list[int]:
    """Return the columns of taxes, which a total may have on top of the prices."""
    numeric = [i for i, profile in enumerate(columns.profiles) if profile.number > _MOST]
    return [i for i in numeric if columns.others.get(i) == "_tax"]


def _fits(
    pairs: list[tuple[pl.Series, pl.Series]],
    freight: pl.Series,
    discount: pl.Series | None,
    taxes: Sequence[pl.Series] = (),
) -> bool:
    """Say whether one of the wholes contains the freight beside its part, perhaps less the discount and with taxes."""
    for part, whole in pairs:
        lefts = [part, *([] if discount is None else [part - discount.fill_null(0)])]
        lefts += [reduce(add, taxes, left) for left in lefts if taxes]
        if any(_contains(whole, left, freight) for left in lefts):
            return True
    return False


def _contains(whole: pl.Series, part: pl.Series, freight: pl.Series) -> bool:
    """Say whether the freight is what the whole has besides the part, in most rows that have freight."""
    frame = pl.DataFrame({"whole": whole, "part": part, "freight": freight}).drop_nulls().filter(pl.col("freight") > 0)
    close = (pl.col("part") + pl.col("freight") - pl.col("whole")).abs() < CENTS
    return frame.height > 0 and float(str(frame.select(close.mean()).item())) >= _MOST


def cost_of(
    table: Columns,
    columns: Assignment,
    name: str,
    order: pl.Series | None,
    weight: pl.Series | None,
) -> pl.Series | None:
    """Return a cost as a positive amount; one of the whole order, by its name, is shared out to the order's rows."""
    index = columns.column(name)
    return None if index is None else cost_at(table, index, order, weight)


def cost_at(table: Columns, index: int, order: pl.Series | None, weight: pl.Series | None) -> pl.Series:
    """Return the cost in the column at this place, as `cost_of` does."""
    amount: pl.Series | None = table.number_at(index)
    if order is not None and _ORDER_WORDS & set(words(table.headers[index])):
        amount = shared_out(order, amount, weight)
    assert amount is not None
    return -amount if amount.sum() < 0 else amount  # some programs write it negative


def _is_per_order(name: tuple[str, ...], total: pl.Series, items: pl.Series | None, order: pl.Series) -> bool:
    """Say whether orders of several rows repeat one total: it holds their items, or the name says "order"."""
    frame = pl.DataFrame({"order": order, "total": total, "items": total if items is None else items})
    several = (
        frame.drop_nulls("order")
        .group_by("order")
        .agg(
            pl.len().alias("rows"),
            pl.col("total").n_unique().alias("totals"),
            pl.col("total").first(),
            pl.col("items").sum(),
        )
        .filter(pl.col("rows") > 1)
    )
    if several.is_empty() or not bool((several["totals"] == 1).all()):
        return False
    if items is None:
        return bool(_ORDER_WORDS & set(name))
    # the order's freight may be in its total, too
    adds_up = (several["items"] <= several["total"] * 1.01 + CENTS).mean()
    single = ((frame["items"] - frame["total"]).abs() <= frame["total"].abs() * 0.01 + CENTS).mean()
    return float(str(adds_up or 0)) > 0.5 and float(str(single or 0)) < 0.95
