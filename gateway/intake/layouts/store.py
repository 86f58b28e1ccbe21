"""Read what exports of own stores share: the order's money once or on each row, its items on their rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.orders import added, constant, shared_out
from schemas.given import without_none

CHANNEL: Final = "own_store"
#: In fewer orders than this, amounts that differ may be a mistake.
_SEVERAL: Final = 3


@dataclass(frozen=True, slots=True)
class Sale:
    """One export's columns, by what they are. Amounts of an order may be blank below its first row."""

    order: pl.Series
    sku: pl.Series | None
    title: pl.Series | None
    at: pl.Series | None
    status: pl.Series
    units: pl.Series | None
    price: pl.Series | None  # of a unit
    total: pl.Series | None  # of the order, with the freight that the buyer paid
    freight: pl.Series | None = None  # of the order, paid by the buyer
    discount: pl.Series | None = None  # of the order
    refund: pl.Series | None = None  # of the order
    currency: pl.Series | None = None
    returned_units: pl.Series | None = None
    sent: pl.Series | None = None
    taxes: pl.Series | None = None  # of the order; in the prices, or on top of them
    surcharge: pl.Series | None = None  # of the order, for wrapping and the like; the buyer paid it
    total_name: str = ""  # the column of the total, where it is held against what it is made of


def whole_order(order: pl.Series, values: pl.Series) -> pl.Series:
    """Return the order's value on each of its rows: the first that one of them has."""
    frame = pl.DataFrame({"order": order, "value": values})
    return frame.select(pl.col("value").drop_nulls().first().over("order").alias(values.name)).to_series()


def told_apart(order: pl.Series, at: pl.Series | None) -> pl.Series:
    """Return the orders' numbers; one that two orders of different moments have is told apart by a count.

    Lists of two shops, or of before and after a shop began its numbers anew, stand in one file. Rows without a moment
    are further items of the order above them.
    """
    if at is None:
        return order
    rows = pl.DataFrame({"order": order, "at": at})
    moments = rows.group_by("order").agg(first=pl.col("at").min(), last=pl.col("at").max())
    several = moments.filter(pl.col("first") != pl.col("last"))["order"]
    if several.is_empty():  # nearly always, and what follows looks at each order by itself
        return order
    rows = rows.with_row_index().filter(pl.col("order").is_in(several.implode()))
    known = pl.col("at").forward_fill().over("order")
    begins = (known != known.shift(1).over("order")).fill_null(value=False)
    place = begins.cum_sum().over("order")
    again = pl.format("{} ({})", pl.col("order"), place + 1)
    told = rows.select("index", pl.when(place > 0).then(again).otherwise(pl.col("order")).alias("told"))
    return order.cast(pl.String).scatter(told["index"], told["told"])


def store_lines(table: Columns, sale: Sale) -> pl.DataFrame:
    """Return the lines. Revenue is what the buyer paid, freight included; without a total it is the items' prices."""
    items = None if sale.price is None or sale.units is None else sale.price * sale.units
    total = _shared(sale, sale.total, items)
    refund = _shared(sale, sale.refund, items)
    at = None if sale.at is None else whole_order(sale.order, sale.at)
    sent = None if sale.sent is None else whole_order(sale.order, sale.sent)
    freight = None if sale.freight is None else sale.freight.sum()
    if total is not None and freight:
        table.warnings.append("A receita é o total pago pelo comprador, com o frete que ele pagou.")
    columns: dict[str, pl.Series | None] = {
        "row": table.rows,
        "channel": constant(CHANNEL, table.height),
        "order_id": sale.order,
        "sku": sale.sku,
        "title": sale.title,
        "at": at,
        "status": sale.status,
        "units": sale.units,
        "returned_units": sale.returned_units,
        "revenue": items if total is None else total,
        "refund": refund,
        "discount": _shared(sale, None if sale.discount is None else sale.discount.abs(), items),
        "ship_days": None if at is None or sent is None else (sent - at).dt.total_minutes() / 1440,
        "currency": None if sale.currency is None else whole_order(sale.order, sale.currency),
        **_checked(sale, items, total),
    }
    return shape.lines(without_none(columns), table.height)


def _checked(sale: Sale, items: pl.Series | None, total: pl.Series | None) -> dict[str, pl.Series | None]:
    """Return the order's total, as stated and as the sum of its items, freight and surcharge, less its discount.

    Taxes are in the prices or on top of them, as the country has it: whichever fits the document's orders.
    """
    if not sale.total_name or items is None or total is None:
        return {}
    discount = _shared(sale, None if sale.discount is None else -sale.discount.abs(), items)
    beside = (_shared(sale, one, items) for one in (sale.freight, sale.surcharge))
    ours, taxes = added(items, *beside, discount), _shared(sale, sale.taxes, items)
    if ours is not None and taxes is not None and _gap(ours + taxes.fill_null(0), total) < _gap(ours, total):
        ours = ours + taxes.fill_null(0)
    return {"total_name": constant(sale.total_name, len(items)), "total_theirs": total, "total_ours": ours}


def _gap(ours: pl.Series, theirs: pl.Series) -> float:
    return float((ours - theirs).abs().sum())


def _shared(sale: Sale, amount: pl.Series | None, items: pl.Series | None) -> pl.Series | None:
    if amount is None:
        return None
    if _is_of_rows(sale.order, amount):
        return amount
    return shared_out(sale.order, whole_order(sale.order, amount), items if items is not None else sale.units)


def _is_of_rows(order: pl.Series, amount: pl.Series) -> bool:
    """Say whether the orders' rows have amounts of their own, as where a program has written each item as an order."""
    frame = pl.DataFrame({"order": order, "amount": amount}).drop_nulls()
    several = frame.group_by("order").agg(rows=pl.len(), amounts=pl.col("amount").n_unique()).filter(pl.col("rows") > 1)
    differ = int((several["amounts"] > 1).sum())
    return differ >= _SEVERAL and differ * 2 > several.height


def returned_units(status: pl.Series, units: pl.Series | None, refund: pl.Series | None) -> pl.Series | None:
    """Return units that came back: all of a refunded order, else none. None (unknown) where part was refunded."""
    if units is None:
        return None
    frame = pl.DataFrame({"status": status, "units": units})
    returned = pl.col("status") == shape.RETURNED
    if refund is not None and bool(frame.select((~returned & (refund.fill_null(0) != 0)).any()).item()):
        return None
    return frame.select(pl.when(returned).then(pl.col("units")).otherwise(0.0).alias("returned")).to_series()
