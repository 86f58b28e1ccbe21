"""Computes sums and shares of a whole channel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from gateway.intake.figures.chance import counted_by_money, ends_of
from gateway.intake.figures.measure import MAX_SKUS, by_sku, count, money, order_key, rate, ratio, rounded, total
from gateway.intake.figures.net import net_sum
from gateway.intake.figures.several_rows import together
from gateway.intake.figures.spans import first_and_last
from gateway.intake.layouts.lines import CANCELLED, NOT_SOLD, UNPAID
from schemas.facts import PER_REVENUE, Figure

#: From order to dispatch, longer than this is slow: the marketplaces ask for one to two days.
SLOW_SHIPPING_DAYS: Final = 2.0


#: What was sold comes back after so many days at the earliest: it has to arrive, and to be sent back.
RETURN_DAYS: Final = 7
#: Where fewer of the sales have an order's number, nobody knows how many orders they are.
_MOST_NUMBERED: Final = 0.95
UNNUMBERED: Final = (
    "{rows} linha(s) não têm o número do pedido, que outras têm: não se sabe quantos pedidos são. Preencha-o e envie o "
    "arquivo de novo."
)
UNPRICED: Final = (
    "{rows} venda(s) não têm um valor que se leia: a receita e o ticket médio são das outras. Preencha os valores e "
    "envie o arquivo de novo."
)
#: What is told of sales with an amount of which another column is blank.
BLANK: Final = {
    "units": "{rows} venda(s) não têm uma quantidade que se leia: as unidades são das outras.",
    "at": "{rows} venda(s) não têm uma data que se leia: o período e os valores por mês são das outras.",
    "fees": "{rows} venda(s) não têm uma tarifa que se leia: as tarifas são das outras.",
}
#: Freight that costs nothing is often left blank: only where nearly all sales have one, or some tell that it is 0, is
#: a blank one unknown.
UNSENT: Final = (
    "{rows} venda(s) não têm um frete que se leia: o frete é das outras, e o que sobra, se o próprio documento não o "
    "diz, não desconta o delas."
)
_MOST_SENT: Final = 0.9
_SOME_SENT: Final = 0.5
NO_NET: Final = (
    "{rows} venda(s) não têm uma tarifa que se leia: as tarifas são das outras, e o que sobra é desconhecido."
)
#: Neither cancelled nor unpaid. Returned ones count, their refund apart; a line without a status does too.
IS_SALE: Final = ~pl.col("status").is_in(NOT_SOLD).fill_null(value=False)
#: Goods were sold in it: a cost, or what was paid back of an order, may be a row of its own.
IS_OF_GOODS: Final = IS_SALE & ((pl.col("revenue") != 0) | (pl.col("units") != 0)).fill_null(value=True)
#: It has an order's number, or is a day, a month or a channel that counts its orders.
NUMBERED: Final = pl.col("order_id").is_not_null() | pl.col("counted_orders").is_not_null()
#: Its status says whether it was cancelled.
SAYS_CANCELLED: Final = pl.col("status").is_not_null() & ~pl.col("payment_only").fill_null(value=False)
#: Its status says whether it was paid.
SAYS_UNPAID: Final = pl.col("status").is_not_null() & ~pl.col("returns_only").fill_null(value=False)


def counted(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the lines that are sales."""
    return lines.filter(IS_SALE)


def totals(lines: pl.DataFrame, sold: pl.DataFrame, currency: str, net_metric: str = "net_receipts") -> list[Figure]:
    """Return revenue, orders, units, shares, cancellations, returns. Unknown ones are left out, never zero.

    `net_metric`: what is left is called by what it does not contain (`net.NAMES`).
    """
    revenue, units = total(sold, "revenue"), total(sold, "units")
    fees, shipping = total(sold, "fees"), total(sold, "shipping")
    refunds, returned = total(sold, "refund"), total(sold, "returned_units")
    orders = _orders(sold)
    figures: list[Figure] = []
    if revenue is not None:
        figures.append(money("revenue", revenue, currency))
        # an order whose amount is blank is not one of 0
        beside = ("order_id", "counted_orders", "status", "units")
        worth = _where(sold, "revenue", beside=beside).filter(NUMBERED)
        if orders and (priced := _orders(worth)):
            figures.append(money("average_ticket", (total(worth, "revenue") or 0.0) / priced, currency))
    if orders is not None:
        figures.append(count("orders", orders))
    if units is not None:
        figures.append(count("units", units))
    for name, amount in (("fees", fees), ("refunds", refunds), (net_metric, _net(sold))):
        if amount is not None:
            figures.append(money(name, amount, currency))
    charged = _where(sold, "fees", beside=("revenue",))
    spread = ends_of(charged["fees"], charged["revenue"])
    figures += ratio("fee_share", fees, total(charged, "revenue"), detail=spread)
    figures += _shipping(sold, shipping, currency)
    if returned or not _is_too_early(sold):
        figures += rate("return_rate", returned, total(_where(sold, "returned_units", beside=("units",)), "units"))
    if returned is not None:
        figures.append(count("returned_units", returned))
    figures += _discount(sold)
    figures += _advertising(sold)
    figures += _cancellations(lines, currency)
    figures += _dispatch(sold)
    figures += _missing_skus(sold)
    return figures


def _is_too_early(sold: pl.DataFrame) -> bool:
    """Say whether the sales are of so few days that nothing of them can have come back: no share of them is known."""
    days = sold["at"].dt.date().drop_nulls()
    if days.is_empty():
        return False
    first, last = first_and_last(days)
    return (last - first).days + 1 < RETURN_DAYS


def _net(sold: pl.DataFrame) -> float | None:
    value = sold.select(net_sum()).item() if sold.height else None
    return None if value is None else float(value)


def _shipping(sold: pl.DataFrame, shipping: float | None, currency: str) -> list[Figure]:
    """Return the cost of shipping with its share of revenue, or the income where buyers paid more than it cost."""
    if shipping is None:
        return []
    if shipping < 0:
        return [money("shipping_income", -shipping, currency)]
    sent = _where(sold, "shipping", beside=("revenue",))
    spread = ends_of(sent["shipping"], sent["revenue"])
    share = ratio("shipping_share", shipping, total(sent, "revenue"), detail=spread)
    return [money("shipping_cost", shipping, currency), *share]


def _missing_skus(sold: pl.DataFrame) -> list[Figure]:
    """Return the rows without a SKU, of tables that have SKUs: a column that is not there is no fault of a row."""
    place = pl.col("table").fill_null(0)
    sold = sold.lazy().filter(IS_OF_GOODS).select("sku", "table").collect()
    known = sold.filter(pl.col("sku").is_not_null().any().over(place)) if sold.height else sold
    return rate("missing_sku_share", float(known["sku"].null_count()), float(known.height))


def _where(frame: pl.DataFrame, name: str, *, beside: Sequence[str]) -> pl.DataFrame:
    """Return a column and others beside it where it is known, so that shares compare like with like.

    Not the whole rows: of a large table a copy without the blank ones takes as much again.
    """
    return frame.select(name, *beside).filter(pl.col(name).is_not_null())


def _discount(sold: pl.DataFrame) -> list[Figure]:
    """Return the share of the full price that the seller gave away.

    Where revenue still contains some of it, the figure tells what 1.0 of revenue is at full price: nothing else does.
    """
    known = _where(sold, "discount", beside=("revenue", "undeducted"))
    discount, revenue, undeducted = (total(known, name) for name in ("discount", "revenue", "undeducted"))
    if discount is None or revenue is None:
        return []
    full = revenue + discount - (undeducted or 0.0)
    listed = known["revenue"].fill_null(0) + known["discount"] - known["undeducted"].fill_null(0)
    detail = ends_of(known["discount"], listed)
    detail |= {PER_REVENUE: rounded(full / revenue, 4)} if undeducted and revenue > 0 else {}
    return ratio("discount_depth", discount, full, detail=detail)


def _orders(frame: pl.DataFrame) -> int | None:
    """Return how many orders the sales are of; None where more than a few have no number."""
    worth = _worth(frame, "order_id", "counted_orders")
    if worth.height and int(worth.select(NUMBERED.sum()).item()) < worth.height * _MOST_NUMBERED:
        return None
    ids, counted_orders = frame["order_id"].drop_nulls(), total(frame, "counted_orders")
    if ids.is_empty() and counted_orders is None:
        return None
    return (0 if ids.is_empty() else ids.hash().n_unique()) + round(counted_orders or 0)


def told_of_numbers(sold: pl.DataFrame) -> list[str]:
    """Return what is told where some of the sales have an order's number, and too few to count the orders."""
    worth = _worth(sold, "order_id")
    numbered = worth["order_id"].count()
    if not numbered or _orders(sold) is not None:
        return []
    return [UNNUMBERED.format(rows=worth.height - numbered)]


def told_of_blanks(sold: pl.DataFrame) -> list[str]:
    """Return what is told where some of the sales, and all rows of their orders, lack what the others have."""
    texts = BLANK if _net(sold) is not None else BLANK | {"fees": NO_NET}
    found = []
    if total(sold, "revenue") is not None:
        found.append((UNPRICED, _blank(sold, "revenue", pl.col("units") != 0), sold.height))
    for name, text in texts.items():
        worth = _worth(sold, "order_id", name)
        found.append((text, _blank(worth, name), worth.height))
    if sold["shipping"].null_count():  # else the numbers of a large table are not copied
        worth = _worth(sold, "order_id", "shipping", "total_theirs")
        unsure = pl.col("total_theirs").is_null()  # what a channel paid is with the freight, and a blank is none of it
        if _is_told(worth["shipping"]):
            found.append((UNSENT, _blank(worth, "shipping", unsure), worth.height))
    return [text.format(rows=rows) for text, rows, of in found if 0 < rows < of]


def _is_told(freight: pl.Series) -> bool:
    """Say whether a blank freight is one that is not known, and none of nothing."""
    told = freight.count() / max(1, len(freight))
    return told >= _MOST_SENT or (told >= _SOME_SENT and bool((freight == 0).any()))


def _blank(sold: pl.DataFrame, name: str, counts: pl.Expr | None = None) -> int:
    """Return how many rows have nothing in a column, nor has another row of their order. `counts`: of which rows."""
    if not sold[name].null_count():
        return 0
    blank, order = pl.col(name).is_null(), pl.col("order_id")
    # hashes of the numbers: of a large table the numbers themselves are hundreds of megabytes to group
    told = sold.lazy().filter(~blank, order.is_not_null()).select(order.hash().unique()).collect().to_series()
    alone = order.is_null() | ~order.hash().is_in(told.implode())
    wanted = blank & alone if counts is None else blank & alone & counts.fill_null(value=True)
    return int(sold.lazy().filter(wanted).select(pl.len()).collect().item())


def _worth(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Return these columns of the rows that something was sold in: what was taken off, or charged, is no order's."""
    return frame.lazy().filter(IS_OF_GOODS & (pl.col("revenue") > 0)).select(names).collect()


def _advertising(sold: pl.DataFrame) -> list[Figure]:
    known = _where(_where(sold, "advertised", beside=("revenue",)), "revenue", beside=("advertised",))
    whole = total(known, "revenue")
    if not whole:
        return []
    by_ads = float(known.filter(pl.col("advertised"))["revenue"].sum())
    return ratio("advertising_share", by_ads, whole, detail=counted_by_money(by_ads / whole, known["revenue"]))


def _cancellations(lines: pl.DataFrame, currency: str) -> list[Figure]:
    """Return cancelled orders / all paid orders, unpaid ones / all, and the cancelled amount with its products."""
    if lines["status"].null_count() == lines.height:
        return []
    known = _where(lines, "status", beside=("order_id", "payment_only", "returns_only", "product", "revenue", "refund"))
    # what came back in a row of its own was not ordered then
    back = (pl.col("order_id").is_null() & (pl.col("revenue") == 0) & (pl.col("refund") > 0)).fill_null(value=False)
    known = known.filter(~back) if known.select(back.any()).item() else known
    order = pl.coalesce(order_key(), pl.int_range(pl.len(), dtype=pl.UInt64)).alias("order")
    status = pl.col("status")
    told = {"told": SAYS_CANCELLED.fill_null(value=False), "payment": SAYS_UNPAID.fill_null(value=False)}
    rows = known.select(order, cancelled=status == CANCELLED, unpaid=status == UNPAID, **told)
    whole, any_of = [pl.col("cancelled").all(), pl.col("unpaid").all()], [pl.col(name).any() for name in told]
    orders = together(rows, ("order",), [*whole, *any_of])
    unpaid, cancelled = float(orders["unpaid"].sum()), float(orders["cancelled"].sum())
    judged = float((orders["told"] & ~orders["unpaid"]).sum())
    cancelled_lines = known.filter(pl.col("status") == CANCELLED)
    products = (
        cancelled_lines.group_by("product")
        .agg(pl.len().alias("lines"), pl.col("revenue").sum())
        .sort("revenue", "product", descending=[True, False])
        .head(MAX_SKUS)
    )
    figures = rate("cancellation_rate", cancelled, judged)
    figures += rate("unpaid_share", unpaid, float(orders["payment"].sum()))
    lost = total(cancelled_lines, "revenue")
    if lost:
        detail = {"by_sku": by_sku(products, "lines", "revenue")}
        figures.append(money("cancelled_revenue", lost, currency, skus=products["product"].to_list(), detail=detail))
    return figures


def _dispatch(sold: pl.DataFrame) -> list[Figure]:
    waits = sold["ship_days"].drop_nulls()
    waits = waits.filter(waits >= 0)
    if waits.is_empty():
        return []
    middle = waits.median()
    assert isinstance(middle, float)
    slow = float((waits > SLOW_SHIPPING_DAYS).sum())
    return [Figure("dispatch_days", round(middle, 1), "days"), *rate("slow_shipping_share", slow, float(len(waits)))]
