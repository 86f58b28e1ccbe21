"""eBay's and Etsy's orders: marketplaces that no channel is called after. eBay's are known from descriptions alone.

Neither tells what was cancelled. Their sales are of the channel that the upload asks about.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.channel_words import channel_column
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.ebay_totals import ebay_total
from gateway.intake.layouts.order_heads import HEADS, is_head
from gateway.intake.layouts.orders import constant
from gateway.intake.values import CENTS, says
from gateway.intake.words import in_portuguese
from schemas.given import without_none

EBAY: Final = "ebay.orders"
EBAY_REQUIRED: Final = ("Order Number", "Item Number", "Sold For", "Total Price", "Sale Date")
EBAY_TYPICAL: Final = ("Sales Record Number", "Custom Label", "Sold Via Promoted Listings", "Shipping And Handling")
ETSY: Final = "etsy.items"
ETSY_REQUIRED: Final = ("Sale Date", "Item Name", "Quantity", "Price", "Item Total", "Transaction ID", "Order ID")
ETSY_TYPICAL: Final = ("Listing ID", "Order Shipping", "Order Sales Tax", "Discount Amount", "Date Paid")
ETSY_ORDERS: Final = "etsy.orders"
ETSY_ORDERS_REQUIRED: Final = ("Sale Date", "Order ID", "Number of Items", "Order Value", "Order Total")
ETSY_ORDERS_TYPICAL: Final = ("Card Processing Fees", "Order Net", "Coupon Code", "Discount Amount", "Sales Tax")
#: What columns are, where their names alone would mislead.
ETSY_ORDERS_FIELDS: Final = {"Shipping": "", "Order Total": "", "Number of Items": "units", "Order Value": "revenue"}
_TOTAL: Final = "Order Total"
_ADJUSTED: Final = "Adjusted Order Total"
_ITEM_TOTAL: Final = "Item Total"
ADJUSTED_TO_ZERO: Final = (
    "“{column}” é zero em {rows} pedido(s), e nada diz se eles não foram ajustados ou se tudo foi devolvido: os "
    "reembolsos são desconhecidos. Nos outros pedidos foram devolvidos {amount}."
)
OF_ORDERS: Final = (
    "A receita é o valor dos itens de cada pedido, menos o desconto da loja: o frete e os impostos pagos pelo "
    "comprador não estão nela. O relatório só traz as tarifas do cartão; as de venda e o que o frete custou a você não "
    "estão nele: tarifas e o que sobra são desconhecidos."
)
GOODS_ONLY: Final = (
    "A receita é o preço dos itens: o frete e os impostos pagos pelo comprador não estão nela. O que o frete custou a "
    "você e as tarifas do canal não estão no relatório."
)


def read_ebay(table: Columns) -> pl.DataFrame:
    """Return the lines of items. `Sold For` is the price of one; `Total Price` has the buyer's freight and taxes."""
    check = ebay_total(table)
    bare = is_head(table.text("Order Number"), table.text("Item Number"))
    if bare.any():
        table.warnings.append(HEADS.format(rows=int(bare.sum())))
        table.keep(~bare)
    units, price = table.number("Quantity"), table.number("Sold For")
    advertised = table.text("Sold Via Promoted Listings", optional=True)
    sale = {
        "order_id": table.text("Order Number"),
        "sku": table.text("Custom Label", "Item Number"),
        "listing": table.text("Item Number"),
        "title": table.text("Item Title"),
        "units": units,
        "unit_price": price,
        "revenue": None if units is None or price is None else units * price,
        "advertised": None if advertised is None else says(advertised, "^(yes|ja)$"),
        **{name: one.filter(~bare) for name, one in check.items()},
    }
    return _lines(table, sale, paid="Paid On Date", sent="Shipped On Date")


def read_etsy(table: Columns) -> pl.DataFrame:
    """Return the lines. A coupon of the shop is taken off where the items' totals still are price times units."""
    units, price, stated = table.number("Quantity"), table.number("Price"), table.number(_ITEM_TOTAL)
    goods = None if units is None or price is None else units * price
    total, ours = stated, goods
    discount = table.number("Discount Amount", optional=True)
    if stated is not None and discount is not None:
        discount = discount.abs().fill_null(0.0)
        whole = None if goods is None else ((goods - stated).abs() < CENTS).filter(discount > 0)
        is_whole = whole is not None and whole.all()
        total = stated - discount if is_whole else stated
        ours = goods if goods is None or is_whole else goods - discount
    check = {"total_name": constant(_ITEM_TOTAL, table.height), "total_theirs": stated, "total_ours": ours}
    sale = {
        "order_id": table.text("Order ID"),
        "sku": table.text("SKU", "Listing ID"),
        "listing": table.text("Listing ID", optional=True),
        "title": table.text("Item Name"),
        "units": units,
        "unit_price": price,
        "revenue": total,
        "discount": discount,
        "currency": table.text("Currency", optional=True),
        **check,
    }
    return _lines(table, sale, paid="Date Paid", sent="Date Shipped")


def read_etsy_orders(table: Columns) -> pl.DataFrame:
    """Return a line for each order. The columns named fees are a part of them only, so fees stay unknown."""
    value, discount = table.number("Order Value"), table.number("Discount Amount", optional=True)
    discount = None if discount is None else discount.abs().fill_null(0.0)
    sale = {
        "order_id": table.text("Order ID"),
        "units": table.number("Number of Items"),
        "revenue": value if value is None or discount is None else value - discount,
        "discount": discount,
        "refund": _paid_back(table),
        "currency": table.text("Currency", optional=True),
        **_checked(table, value, discount),
    }
    return _lines(table, sale, paid="Date Paid", sent="Date Shipped", told=OF_ORDERS)


def _paid_back(table: Columns) -> pl.Series | None:
    """Return the refund of each order: its total less the adjusted one. None where it stays unknown.

    A blank one says that nothing was adjusted. Where nothing is blank, a zero may say so, too, or that all was paid
    back: then the refunds are unknown, unless every total was adjusted.
    """
    total, adjusted = table.number(_TOTAL), table.number(_ADJUSTED, optional=True)
    if total is None or adjusted is None:
        return None
    back = pl.select(pl.when(adjusted.is_not_null()).then((total - adjusted).clip(lower_bound=0)).otherwise(0.0))
    zeros = int((adjusted == 0).sum())
    if adjusted.null_count() or not zeros:
        return back.to_series()
    known = float(pl.select(pl.when(adjusted != 0).then(total - adjusted)).to_series().sum())
    told = ADJUSTED_TO_ZERO.format(column=_ADJUSTED, rows=zeros, amount=in_portuguese(known))
    table.warnings.append(told)
    return None


def _checked(table: Columns, value: pl.Series | None, discount: pl.Series | None) -> dict[str, pl.Series | None]:
    """Return the order's total, as stated and as its value less discounts, with the buyer's freight and taxes."""
    total = table.number(_TOTAL)
    if value is None or total is None:
        return {}
    ours = value if discount is None else value - discount
    for name, sign in (("Shipping Discount", -1), ("Shipping", 1), ("Sales Tax", 1)):
        part = table.number(name, optional=True)
        ours = ours if part is None else ours + sign * part.abs().fill_null(0.0)
    return {"total_name": constant(_TOTAL, table.height), "total_theirs": total, "total_ours": ours}


def _lines(
    table: Columns, sale: dict[str, pl.Series | None], *, paid: str, sent: str, told: str = GOODS_ONLY
) -> pl.DataFrame:
    """Return the lines with what both exports tell alike: days month first, and orders without a payment's day."""
    at = table.moment("Sale Date", day_first=False)
    dispatched = table.moment(sent, day_first=False, optional=True)
    payment = table.text(paid, optional=True)
    if payment is not None:
        unpaid = pl.when(payment.is_null()).then(pl.lit(shape.UNPAID)).otherwise(pl.lit(shape.SOLD))
        sale |= {
            "status": pl.select(unpaid).to_series(),
            "payment_only": pl.Series([True]).new_from_index(0, table.height),
        }
    table.warnings.append(told)
    sale |= {
        "row": table.rows,
        "channel": channel_column(table, None, list(table.channels), None),
        "at": at,
        "ship_days": None if at is None or dispatched is None else (dispatched - at).dt.total_minutes() / 1440,
    }
    return shape.lines(without_none(sale), table.height)
