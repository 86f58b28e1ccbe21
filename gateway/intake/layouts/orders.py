"""Divides money that an export repeats on each row of an order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import SURE, Assignment
from gateway.intake.layouts.lines import RETURNED
from gateway.intake.layouts.lost_numbers import OF_MANY_DAYS, is_no_number, known_numbers, of_many_days
from gateway.intake.layouts.matching import concepts

#: Rows that are held against each other to see what a total contains.
_SAMPLE: Final = 1000
#: So many orders at least show that an amount is theirs, or that a number is of two shops.
_SEVERAL_ORDERS: Final = 3
#: By so much more than its items an order is not worth.
_WITH_FREIGHT: Final = 1.5
#: Rows of an order that have one amount all by chance are as rare as this.
_BY_CHANCE: Final = 0.01
#: Of so many numbers that two shops gave the orders are of different days.
_NEARLY_ALL: Final = 0.9


def shared_out(order_id: pl.Series | None, amount: pl.Series | None, weight: pl.Series | None) -> pl.Series | None:
    """Return the order's amount shared out to its rows by weight.

    Only where all rows of an order carry the same amount: where they differ it already is the row's own.
    """
    if amount is None or order_id is None:
        return amount
    several = order_id.is_duplicated()  # a lone row keeps what it has
    if not several.any():
        return amount
    mine = _shared_out(
        order_id.filter(several), amount.filter(several), weight if weight is None else weight.filter(several)
    )
    place = pl.when(several).then(several.cum_sum() - 1)
    return amount.zip_with(~several, mine.gather(pl.select(place).to_series()))


def _shared_out(order_id: pl.Series, amount: pl.Series, weight: pl.Series | None) -> pl.Series:
    equal = pl.Series([1.0]).new_from_index(0, len(amount))
    frame = pl.DataFrame(
        {"order": order_id, "amount": amount, "weight": (equal if weight is None else weight)}
    ).with_columns(pl.col("weight").fill_null(0).clip(lower_bound=0))
    total = pl.col("weight").sum().over("order")
    share = pl.when(total > 0).then(pl.col("weight") / total).otherwise(1 / pl.len().over("order"))
    repeated = (pl.col("amount").n_unique().over("order") == 1) & pl.col("order").is_not_null()
    return frame.select(
        pl.when(repeated).then(pl.col("amount") * share).otherwise(pl.col("amount")).alias("amount")
    ).to_series()


def is_shared_out(order_id: pl.Series | None, amount: pl.Series | None) -> pl.Series | None:
    """Say of which rows `shared_out` takes the amount for the order's; None where there is no amount or order."""
    if amount is None or order_id is None:
        return None
    frame = pl.DataFrame({"order": order_id, "amount": amount})
    repeated = (pl.col("amount").n_unique().over("order") == 1) & (pl.len().over("order") > 1)
    return frame.select((repeated & pl.col("order").is_not_null()).alias("is_shared")).to_series()


def is_repeated(order_id: pl.Series, amount: pl.Series, weight: pl.Series | None) -> bool:
    """Say whether an amount is the order's by its cells: its rows repeat it, although they are worth different amounts.

    That holds of all orders of several rows, and of too many of them to be chance: the fewer different amounts there
    are, the more orders it takes. One amount for all is one for each item.
    """
    several = order_id.is_duplicated() & order_id.is_not_null()
    if weight is None or not several.any():
        return False
    frame = pl.DataFrame({"order": order_id, "amount": amount, "weight": weight}).drop_nulls("order")
    orders = frame.group_by("order").agg(
        pl.col("amount").n_unique().alias("amounts"), pl.col("amount").first(), pl.col("weight").n_unique()
    )
    if not (orders["amounts"] == 1).all():
        return False
    charged = orders.filter(pl.col("amount") != 0)
    apart = charged.filter(pl.col("weight") > 1).height
    shares = charged["amount"].value_counts()["count"] / max(1, charged.height)
    return apart >= _SEVERAL_ORDERS and float((shares**2).sum()) ** apart < _BY_CHANCE


def is_paid_back_once(order_id: pl.Series, refund: pl.Series, weight: pl.Series | None) -> bool:
    """Say whether orders repeat their refund on each row: row by row more would be paid back than an order is worth.

    With its freight an order is not worth half as much again as its items.
    """
    if weight is None:
        return False
    frame = pl.DataFrame({"order": order_id, "refund": refund.abs(), "weight": weight}).drop_nulls("order")
    orders = (
        frame.group_by("order")
        .agg(pl.len(), pl.col("refund").n_unique().alias("refunds"), pl.col("refund").first(), pl.col("weight").sum())
        .filter(pl.col("len") > 1)
    )
    if orders.is_empty() or not (orders["refunds"] == 1).all():
        return False
    return bool((orders["refund"] * orders["len"] > orders["weight"] * _WITH_FREIGHT).any())


def first_rows_with(amount: pl.Series, order_id: pl.Series | None) -> pl.Series:
    """Return the places of the first rows with an amount that is not zero, with the other rows of their orders.

    What adds up in so many of them adds up.
    """
    has = (amount != 0).fill_null(value=False)
    if order_id is not None:
        some = order_id.filter(has).drop_nulls().unique(maintain_order=True).head(_SAMPLE)
        has = order_id.is_in(some.implode()).fill_null(value=False) | has
    return has.arg_true().head(_SAMPLE)


def order_sums(order_id: pl.Series, amount: pl.Series) -> pl.Series:
    """Return the sum of each order's rows, in the orders' first order; null where no row has the amount."""
    frame = pl.DataFrame({"order": order_id, "amount": amount}).drop_nulls("order")
    known = pl.when(pl.col("amount").is_not_null().any()).then(pl.col("amount").sum())
    return frame.group_by("order", maintain_order=True).agg(known.alias("amount"))["amount"]


def added(*amounts: pl.Series | None) -> pl.Series | None:
    """Return the sum of the amounts that exist, row by row; null only where all are. None where none exists."""
    given = [amount.alias(str(index)) for index, amount in enumerate(amounts) if amount is not None]
    if not given:
        return None
    frame = pl.DataFrame(given)
    every = pl.all_horizontal(pl.all().is_null())
    return frame.select(pl.when(~every).then(pl.sum_horizontal(pl.all())).alias("sum")).to_series()


def _continued(
    order_id: pl.Series | None, beside: Sequence[pl.Series], item: pl.Series | None, month: pl.Series | None = None
) -> pl.Series | None:
    """Return the orders' numbers; a row that names a further item is of the order above it.

    Such a row has an item and neither a number nor anything of what else stands once for each order (`beside`), and no
    other month than the order above.
    """
    if order_id is None or item is None or not beside or not order_id.has_nulls():
        return order_id
    frame = pl.DataFrame([one.alias(str(place)) for place, one in enumerate((order_id, item, *beside))])
    blank = pl.col("0").is_null()
    further = blank & pl.col("1").is_not_null()
    for place in range(2, frame.width):
        further &= pl.col(str(place)).is_null()
    if frame.select((blank & ~further).any()).item():
        return order_id
    filled = frame.select(pl.col("0").forward_fill()).to_series().alias(order_id.name)
    if month is None:
        return filled
    told = pl.DataFrame(
        [filled.alias("order"), month.alias("month"), frame.select(further.alias("further"))["further"]]
    )
    other = pl.col("month") != pl.col("month").first().over("order")
    return order_id if told.select((other & pl.col("further")).any()).item() else filled


def order_of(table: Columns, columns: Assignment) -> pl.Series | None:
    """Return the orders' numbers, also of rows that hold a further item of the order above."""
    index = columns.column("order_id")
    item = next((at for name in ("title", "sku") if (at := columns.column(name)) is not None), None)
    beside = [at for name in ("at", "status") if (at := columns.column(name)) is not None]
    if index is None:
        _tell_lost(table, columns)
        return None
    own = table.text_at(index)
    if is_no_number(own):
        return known_numbers(table, own)
    if _is_of_many_days(table, columns, own):
        return None
    month = columns.column("month")
    named = [None if one is None else table.cells(one) for one in (item, month)]
    order = _continued(own, [table.cells(at) for at in beside], *named)
    return order if order is None else _of_shops(order, table, columns)


def _is_of_many_days(table: Columns, columns: Assignment, order: pl.Series) -> bool:
    """Say whether what is called a number of orders is that of a bill or a buyer, by its days, and tell it."""
    at, guess = columns.column("at"), columns.guesses["order_id"]
    if at is None or guess.by not in ("name", "content") or not order.is_duplicated().any():
        return False
    one = of_many_days(order, table.cells(at))
    if one is not None:
        table.warnings.append(OF_MANY_DAYS.format(column=table.headers[guess.index], cell=one))
    return one is not None


def _tell_lost(table: Columns, columns: Assignment) -> None:
    """Tell of numbers of orders that are lost, for which their column was taken for none of orders."""
    taken = {guess.index for name, guess in columns.guesses.items() if name != "order_id"}
    for index, header in enumerate(table.headers):
        if index not in taken and concepts(header).get("order_id", 0.0) >= SURE:
            known_numbers(table, table.cells(index))
            return


def _of_shops(order_id: pl.Series, table: Columns, columns: Assignment) -> pl.Series:
    """Return the orders' numbers; those that several shops gave, each to orders of its own day, name their shop."""
    at = columns.column("at")
    named = enumerate(map(concepts, table.headers))
    told = {columns.column("channel")}  # orders of two marketplaces are apart anyway
    shops = [i for i, of in named if max(of.get("_shop", 0.0), of.get("channel", 0.0)) >= SURE and i not in told]
    if at is None or not order_id.is_duplicated().any():
        return order_id
    for index in shops:
        frame = pl.DataFrame({"order": order_id, "shop": table.cells(index), "at": table.cells(at)})
        several = (
            frame.drop_nulls()
            .group_by("order")
            .agg(pl.col("shop").n_unique(), pl.col("at").n_unique())
            .filter(pl.col("shop") > 1)
        )
        apart = float(str((several["at"] >= several["shop"]).mean() or 0))
        if several.height >= _SEVERAL_ORDERS and apart >= _NEARLY_ALL:
            again = pl.col("order").is_in(several["order"].implode()) & pl.col("shop").is_not_null()
            apart_by = pl.when(again).then(pl.format("{} ({})", "order", "shop")).otherwise("order")
            return frame.select(apart_by.alias(order_id.name)).to_series()
    return order_id


def filled_by_order(order_id: pl.Series | None, values: pl.Series | None) -> pl.Series | None:
    """Return the values; blank ones are filled where the order's other rows have just one: it is the order's."""
    if values is None or order_id is None or not values.has_nulls() or not order_id.is_duplicated().any():
        return values
    frame = pl.DataFrame({"order": order_id, "value": values})
    own = pl.col("value").drop_nulls()
    of_order = pl.when(own.n_unique().over("order") == 1).then(own.first().over("order"))
    filled = pl.when(pl.col("order").is_not_null()).then(pl.coalesce("value", of_order)).otherwise("value")
    return frame.select(filled.alias(values.name)).to_series()


def told_once(order_id: pl.Series | None, amount: pl.Series, weight: pl.Series | None) -> pl.Series:
    """Return the amounts; one that stands on one of the order's rows alone is shared out to all of them."""
    if order_id is None or not amount.has_nulls() or not order_id.is_duplicated().any():
        return amount
    frame = pl.DataFrame({"order": order_id, "amount": amount})
    once = (pl.col("amount").count().over("order") == 1) & pl.col("order").is_not_null()
    of_order = pl.col("amount").drop_nulls().first().over("order")
    filled = frame.select(pl.when(once).then(of_order).otherwise("amount").alias("amount"), once.alias("once"))
    shared = shared_out(order_id, filled["amount"], weight)
    assert shared is not None
    return amount.zip_with(~filled["once"], shared)


def where_returned(status: pl.Series, amount: pl.Series | None, *, is_told: bool = False) -> pl.Series | None:
    """Return the amount of returned rows, zero for the others; None if no row was returned.

    `is_told`: the export says it of each row that came back, so that without one nothing did.
    """
    if amount is None or not (is_told or (status == RETURNED).any()):
        return None
    return of_returned(status, amount)


def of_returned(status: pl.Series, amount: pl.Series) -> pl.Series:
    """Return the amount of the rows that came back, zero for the others."""
    frame = pl.DataFrame({"status": status, "amount": amount})
    return frame.select(pl.when(pl.col("status") == RETURNED).then(pl.col("amount")).otherwise(0.0)).to_series()


def either(first: pl.Series | None, second: pl.Series | None) -> pl.Series | None:
    """Return the first row by row, and the second where the first is null; None where neither exists."""
    if first is None or second is None:
        return second if first is None else first
    return pl.DataFrame({"first": first, "second": second}).select(pl.coalesce("first", "second")).to_series()


def constant(value: str, height: int) -> pl.Series:
    """Return a column of one text."""
    return pl.Series([value], dtype=pl.String).new_from_index(0, height)
