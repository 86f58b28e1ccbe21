"""Checks eBay's own total of an order against its items, freight and taxes."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.order_heads import is_head
from gateway.intake.layouts.orders import constant
from gateway.intake.values import CENTS, says

_TOTAL: Final = "Total Price"
_KEPT: Final = "eBay Collected Tax"
_KEPT_IS_IN: Final = "eBay Collected Tax and Fees Included in Total"


def ebay_total(table: Columns) -> dict[str, pl.Series]:
    """Return each order's total, as stated and as made of its parts; {} without a price or a total.

    Of an order of several items both stand in its first item's row, and `total_row` is its head, where the total is.
    Tax that eBay keeps is a part where the row says so, or else where more of the totals fit with it.
    """
    units, price, total = table.number("Quantity"), table.number("Sold For"), table.number(_TOTAL)
    if units is None or price is None or total is None:
        return {}
    order, item = table.text("Order Number"), table.text("Item Number")
    zero = pl.Series([0.0]).new_from_index(0, table.height)
    freight, tax, kept = (
        zero if (part := table.number(name, optional=True)) is None else part.fill_null(0.0)
        for name in ("Shipping And Handling", "Seller Collected Tax", _KEPT)
    )
    included = table.text(_KEPT_IS_IN, optional=True)
    frame = pl.DataFrame(
        {
            "order": order,
            "head": is_head(order, item),
            "goods": units * price,
            "more": freight + tax,
            "kept": kept
            if included is None
            else pl.select(pl.when(says(included, "^yes$")).then(kept).otherwise(0.0)).to_series(),
            "theirs": total,
            "row": table.rows,
        }
    )
    head, has_head = pl.col("head"), pl.col("head").any().over("order")
    first = ~head & (~head).cum_sum().over("order").eq(1)
    of_head = [pl.col(name).filter(head).first().over("order") for name in ("theirs", "more", "kept", "row")]
    theirs, more, kept_of, row = (
        pl.when(has_head).then(pl.when(first).then(whole)).otherwise(pl.col(name)).alias(name)
        for name, whole in zip(("theirs", "more", "kept", "row"), of_head, strict=True)
    )
    goods = pl.when(has_head).then(pl.col("goods").filter(~head).sum().over("order")).otherwise("goods").alias("goods")
    whole = frame.select(theirs, more, kept_of, row, goods)
    without = whole["goods"] + whole["more"]
    with_kept = without + whole["kept"]
    is_part = included is not None or _fit(whole["theirs"], with_kept) >= _fit(whole["theirs"], without)
    return {
        "total_name": constant(_TOTAL, table.height),
        "total_theirs": whole["theirs"],
        "total_ours": with_kept if is_part else without,
        "total_row": whole["row"],
    }


def _fit(theirs: pl.Series, ours: pl.Series) -> int:
    """Return how many of the totals are this amount."""
    return int(((theirs - ours).abs() < CENTS).sum())
