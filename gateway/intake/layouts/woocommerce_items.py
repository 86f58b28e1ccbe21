"""WooCommerce, orders whose items stand in one cell each (`line_item_1`), or all in one (`line_items`).

Two plugins write so: a row per order, and of each item `name:Mug|product_id:7|sku:A-1|quantity:2|total:10.00`. Known
from programs that read such files.
"""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.columns import Columns, key
from gateway.intake.layouts.names import alternatives
from gateway.intake.layouts.orders import shared_out
from gateway.intake.layouts.store import Sale, returned_units, store_lines
from gateway.intake.layouts.woocommerce import classes
from gateway.intake.values import CENTS, numbers

NAME: Final = "woocommerce.order_items"
_ORDER: Final = "order_number | Order Number | order_id | Order ID"
_TOTAL: Final = "order_total | Order Total"
REQUIRED: Final = (_ORDER, _TOTAL, "line_item_1 | line_items | Line Item 1 | Line Items")
TYPICAL: Final = ("status", "order_date", "order_currency", "shipping_total", "tax_total", "Order Status", "Order Date")
_ITEMS: Final = re.compile(r"line[ _]items?([ _]\d+)?")
#: What columns are, where their names alone would mislead.
FIELDS: Final = {
    **dict.fromkeys(("shipping_total", "Shipping Total", "fee_total", "Fee Total", "tax_total", "Tax Total"), ""),
    **dict.fromkeys(("refund_items", "refunds", "Refunds"), "refund"),
    "line_items": "title",
    "Line Items": "title",
    "line_item_1": "title",
    "Line Item 1": "title",
}
UNREAD: Final = (
    "{orders} pedido(s) têm itens escritos de um modo que não é conhecido: as unidades e os produtos deles são "
    "desconhecidos, e o total deles foi contado."
)
#: Begins a further item in a cell that has several.
_FURTHER: Final = r";\s*((?:id:\d*\|)?name:)"
_MARK: Final = "\x1e"
#: What a shop adds to an item stands behind what the plugin writes.
_MORE: Final = r"(?s)\|meta:.*$"
_NAME: Final = r"(?s)^(?:id:[^|]*\|)?name:(.*?)(?:\|(?:product_id|variation_id|sku|quantity|qty|sub_?total|total):|$)"
_NUMBER: Final = r"\s*(-?[\d.,]+)\s*(?:\||$)"
_OF_REFUND: Final = r"amount:\s*(-?[\d.,]+)"


def read(table: Columns) -> pl.DataFrame:
    """Return the lines, one for each item. An order whose items are not understood is one line without units."""
    order_items = _items(table)
    unread = order_items.filter(pl.col("units").is_null() & pl.col("written"))
    if unread.height:
        table.warnings.append(UNREAD.format(orders=unread.height))
    table.repeat(order_items["place"])
    order = table.text(*alternatives(_ORDER))
    assert order is not None
    sold = _listed(table, order, order_items)
    text = table.text("status", "Order Status", "Status")
    status = classes(text, table.height)
    total = table.number(*alternatives(_TOTAL))
    refund = _refunds(table, status, total)
    lines = store_lines(
        table,
        Sale(
            order=order,
            sku=order_items["sku"],
            title=order_items["title"],
            at=table.moment("order_date", "Order Date", "date", "Date"),
            status=status,
            units=order_items["units"],
            price=sold / order_items["units"],
            total=total,
            total_name=_name_of(table, _TOTAL),
            taxes=table.number("tax_total", "Tax Total", optional=True),
            freight=table.number("shipping_total", "Shipping Total", optional=True),
            surcharge=table.number("fee_total", "Fee Total", optional=True),
            discount=_discount(table),
            refund=refund,
            currency=table.text("order_currency", "Order Currency", "currency", optional=True),
            returned_units=_returned(order_items, status, refund),
        ),
    )
    return _each_refund_of_its_item(lines, order_items["refunded"])


def _items(table: Columns) -> pl.DataFrame:
    """Return a row for each item: `place` of its order's row, what it is, and what was sold of it.

    Of an order with an item that is not understood, or with none, there is one row, and nothing of its items is known.
    """
    names = [header for header in table.headers if _ITEMS.fullmatch(key(header))]
    cells = [one for name in dict.fromkeys(names) if (one := table.text(name)) is not None]
    frame = pl.DataFrame([one.alias(str(place)) for place, one in enumerate(cells)]).with_row_index("place")
    written = (
        frame.unpivot(index="place", variable_name="column", value_name="item")
        .drop_nulls("item")
        .with_columns(pl.col("item").str.replace_all(_FURTHER, f"{_MARK}$1").str.split(_MARK))
        .explode("item")
        .with_columns(pl.col("item").str.strip_chars(" ;\r\n\t").str.replace(_MORE, ""))
        .filter(pl.col("item") != "")
        .sort("place", maintain_order=True)
    )
    parts = written.select(
        "place",
        title=_text(_NAME),
        sku=_text(r"\|sku:([^|]*)"),
        units=_amount(written["item"], rf"\|(?:quantity|qty):{_NUMBER}"),
        total=_amount(written["item"], rf"\|total:{_NUMBER}"),
        full=_amount(written["item"], rf"\|sub_?total:{_NUMBER}"),
        refunded=_amount(written["item"], rf"\|refunded:{_NUMBER}"),
        back=_amount(written["item"], rf"\|refunded_qty:{_NUMBER}"),
    )
    known = (pl.col("title").is_not_null() & (pl.col("units") > 0) & pl.col("total").is_not_null()).fill_null(
        value=False
    )
    parts = parts.filter(known.all().over("place"))
    several = pl.any_horizontal(pl.col(str(place)).is_not_null() for place in range(len(cells)))
    return frame.select("place", written=several).join(parts, on="place", how="left", maintain_order="left_right")


def _text(pattern: str) -> pl.Expr:
    found = pl.col("item").str.extract(pattern).str.strip_chars()
    return pl.when(found != "").then(found)


def _amount(items: pl.Series, pattern: str) -> pl.Series:
    return numbers(items.str.extract(pattern))


def _listed(table: Columns, order: pl.Series, items: pl.DataFrame) -> pl.Series:
    """Return what the items cost before the order's coupon: as written, else what was paid with their part of it."""
    if items["full"].null_count() == items["units"].null_count():
        return items["full"].abs()
    discount = _discount(table)
    share = None if discount is None else shared_out(order, discount.abs(), items["total"])
    return items["total"] if share is None else items["total"] + share.fill_null(0)


def _discount(table: Columns) -> pl.Series | None:
    return table.number("discount_total", "Discount Total", "cart_discount", "Cart Discount", optional=True)


def _refunds(table: Columns, status: pl.Series, total: pl.Series | None) -> pl.Series | None:
    """Return what was paid back of each order; None where no column tells it. One that is refunded is so whole."""
    refund = table.number("refunded_total", "total_refunded", "Refunded Total", optional=True)
    if refund is None:
        told = table.text("refund_items", "refunds", "Refunds", optional=True)
        refund = None if told is None else _summed(told)
    if refund is None or total is None:
        return refund
    frame = pl.DataFrame({"status": status, "refund": refund, "total": total})
    whole = (pl.col("status") == shape.RETURNED) & (pl.col("refund") == 0)
    return frame.select(pl.when(whole).then("total").otherwise("refund").alias("refund")).to_series()


def _summed(refunds: pl.Series) -> pl.Series:
    """Return the sum of the amounts in each cell: nothing where it is blank, unknown where one is not read."""
    every = pl.DataFrame({"text": refunds}).with_row_index("place")
    each = every.select("place", amount=pl.col("text").str.extract_all(_OF_REFUND)).explode("amount")
    each = each.with_columns(numbers(each["amount"].str.extract(_OF_REFUND)).alias("amount"))
    sums = each.group_by("place", maintain_order=True).agg(
        pl.when(pl.col("amount").is_not_null().all()).then(pl.col("amount").abs().sum()).alias("amount")
    )
    blank = pl.col("text").is_null()
    joined = every.join(sums, on="place", how="left", maintain_order="left")
    return joined.select(pl.when(blank).then(0.0).otherwise("amount").alias("refund")).to_series()


def _returned(items: pl.DataFrame, status: pl.Series, refund: pl.Series | None) -> pl.Series | None:
    """Return the units that came back: as each item tells it, else all of an order that was refunded whole."""
    if items["back"].null_count() == items["units"].null_count() < items.height:
        whole = (pl.col("status") == shape.RETURNED) & (pl.col("back") == 0)
        frame = items.with_columns(status.alias("status"))
        return frame.select(pl.when(whole).then("units").otherwise(pl.col("back").abs()).alias("returned")).to_series()
    return None if refund is None else returned_units(status, items["units"], refund)


def _each_refund_of_its_item(lines: pl.DataFrame, refunded: pl.Series) -> pl.DataFrame:
    """Return the lines with each item's own refund, where those of an order come to what was paid back of it."""
    if refunded.null_count() == len(refunded):
        return lines
    own = pl.col("own").fill_null(0)
    fits = ((own.sum() - pl.col("refund").sum()).abs() < CENTS).over("order_id") & pl.col(
        "own"
    ).is_not_null().any().over("order_id")
    told = lines.with_columns(refunded.abs().alias("own"))
    return told.with_columns(pl.when(fits).then(own).otherwise("refund").alias("refund")).select(lines.columns)


def _name_of(table: Columns, names: str) -> str:
    named = {key(header): header for header in reversed(table.headers)}
    return next(named[key(one)] for one in alternatives(names) if key(one) in named)
