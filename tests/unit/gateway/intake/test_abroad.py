"""Exports of marketplaces that no channel is called after, and Amazon's shipments, as descriptions tell of them."""

from __future__ import annotations

import polars as pl
import pytest

from gateway.intake.layouts import Reading
from gateway.intake.layouts.lines import RETURNED, SOLD, UNPAID
from tests.unit.gateway.intake.tables import reading, sold

EBAY = (
    "Sales Record Number;Order Number;Item Number;Item Title;Custom Label;Sold Via Promoted Listings;Quantity;Sold For;"
    "Shipping And Handling;eBay Collected Tax;Total Price;Sale Date;Paid On Date;Shipped On Date\n"
    "1;12-1;254;Cup;A-1;Yes;2;$10.00;$5.00;$1.40;$26.40;Jan-03-26;Jan-03-26;Jan-05-26\n"
    "2;12-2;;;;;2;$30.00;$7.00;$2.00;$39.00;Jan-04-26;Jan-04-26;\n"
    "3;12-2;255;Mug;B-1;No;1;$20.00;$0.00;$0.00;;Jan-04-26;Jan-04-26;\n"
    "4;12-2;256;Pot;;No;1;$10.00;$0.00;$0.00;;Jan-04-26;Jan-04-26;\n"
    "5;12-3;254;Cup;A-1;No;1;$10.00;$5.00;$0.70;$15.70;Jan-05-26;;"
)
ETSY = (
    "Sale Date;Item Name;Quantity;Price;Discount Amount;Order Shipping;Item Total;Currency;Transaction ID;Listing ID;"
    "Date Paid;Date Shipped;Order ID;SKU\n"
    "02/13/26;Cup;2;10.00;4.00;6.50;{total};USD;1;9;02/13/26;02/15/26;71;A-1\n02/14/26;Mug;1;20.00;0;0;20.00;USD;2;8;02/14/26;;71;"
)
LAZADA = (
    "orderItemId;sellerSku;lazadaSku;createTime;orderNumber;payMethod;paidPrice;unitPrice;{discount}shippingFee;itemName;status\n"
    "71;A-1;3_MY-9;03 Jan 2026 09:05;381;COD;90.00;100.00;{off}4.90;Cup;delivered\n"
    "72;A-1;3_MY-9;03 Jan 2026 09:05;381;COD;100.00;100.00;{none}4.90;Cup;Failed Delivery\n"
    "73;B-1;4_MY-9;04 Jan 2026 10:00;382;COD;50.00;50.00;{none}4.90;Mug;unpaid\n"
    "74;B-1;4_MY-9;04 Jan 2026 11:00;383;COD;50.00;50.00;{none}4.90;Mug;pending"
)
STATEMENT = (
    "Transaction Date;Transaction Type;Fee Name;Transaction Number;Seller SKU;Lazada SKU;Amount;Statement;Paid Status;"
    "Order No.;Order Item No.\n"
    "03 Jan 2026;Orders-Sales;Item Price Credit;T1;A-1;3;100.00;s;paid;381;71\n"
    "03 Jan 2026;Orders-Lazada Fees;Commission;T2;A-1;3;-4.00;s;paid;381;71\n"
    "03 Jan 2026;Orders-Logistics;Shipping Fee Paid by Seller;T3;A-1;3;-6.00;s;paid;381;71\n"
    "04 Jan 2026;Refunds-Sales;Reversal Item Price;T4;A-1;3;-100.00;s;paid;381;71\n"
    "04 Jan 2026;Refunds-Lazada Fees;Reversal Commission;T5;A-1;3;4.00;s;paid;381;71\n"
    "05 Jan 2026;Other Services;Sponsored Discovery;T6;;;-50.00;s;paid;;"
)
SHIPMENTS = (
    "amazon-order-id;shipment-id;shipment-item-id;purchase-date;shipment-date;sku;product-name;quantity-shipped;currency;"
    "item-price;item-tax;shipping-price;item-promotion-discount;fulfillment-center-id\n"
    "701-1;D1;N1;2026-01-03T09:00:00+00:00;2026-01-05T09:00:00+00:00;A-1;Caneca;2;BRL;80.00;0;9.90;-5.00;GRU5\n"
    "701-1;D1;N2;2026-01-03T09:00:00+00:00;2026-01-05T09:00:00+00:00;B-1;Copo;1;BRL;20.00;0;0;0;GRU5"
)


ETSY_ORDERS = (
    "Sale Date;Order ID;Buyer User ID;Number of Items;Date Shipped;Currency;Order Value;Coupon Code;Discount Amount;"
    "Shipping Discount;Shipping;Sales Tax;Order Total;Card Processing Fees;Order Net\n"
    "12/31/2023;3159107009;u1;1;1/4/2024;USD;17;TEN;4.25;0;4.13;0;16.88;0.76;16.12\n"
    "12/30/2023;3158906618;u2;2;1/2/2024;USD;34;;0;0;4.13;2.10;40.23;1.19;36.94"
)


def sums(found: Reading, *names: str) -> list[float]:
    return [round(float(sold(found)[name].sum()), 2) for name in names]


def told(found: Reading, text: str) -> bool:
    return any(text in warning for warning in found.report.warnings)


def test_ebay_sells_the_items_and_not_their_order_again() -> None:
    found = reading(EBAY)
    lines = sold(found)

    assert found.report.layout == "ebay.orders"
    assert lines["sku"].to_list() == ["A-1", "B-1", None, "A-1"]
    assert lines["listing"].to_list() == ["254", "255", "256", "254"]
    assert lines["revenue"].to_list() == [20, 20, 10, 10]
    assert lines["status"].to_list() == [SOLD, SOLD, SOLD, UNPAID]
    assert lines["advertised"].to_list() == [True, False, False, False]
    assert lines["ship_days"].to_list() == [2, None, None, None]
    assert told(found, "1 linha(s) são o resumo de pedidos")


def test_ebay_has_a_currency_only_where_a_sign_names_one() -> None:
    assert sold(reading(EBAY))["currency"].null_count() == 4
    assert sold(reading(EBAY.replace("$", "£")))["currency"].to_list() == ["GBP"] * 4


def test_etsy_takes_a_coupon_off_totals_that_still_have_it() -> None:
    found = reading(ETSY.format(total="20.00"))

    assert found.report.layout == "etsy.items"
    assert sold(found)["revenue"].to_list() == [16, 20]
    assert sold(found)["shipping"].null_count() == 2
    assert sums(found, "discount", "units") == [4, 3]


def test_etsy_takes_no_coupon_off_twice() -> None:
    assert sold(reading(ETSY.format(total="16.00")))["revenue"].to_list() == [16, 20]


def test_lazada_sells_a_piece_a_row_for_its_price_less_what_the_seller_gave() -> None:
    found = reading(LAZADA.format(discount="sellerDiscountTotal;", off="-4.00;", none="0.00;"))
    lines = sold(found)

    assert found.report.layout == "lazada.orders"
    assert lines["revenue"].to_list() == [96, 100, 50, 50]
    assert lines["status"].to_list() == [SOLD, RETURNED, UNPAID, SOLD]
    assert lines["units"].to_list() == [1, 1, 1, 1]
    assert lines["currency"].null_count() == 4
    assert sums(found, "refund", "returned_units", "discount") == [100, 1, 4]


def test_lazada_without_the_sellers_discount_tells_what_the_paid_price_may_lack() -> None:
    found = reading(LAZADA.format(discount="", off="", none=""))

    assert sold(found)["revenue"].to_list() == [90, 100, 50, 50]
    assert told(found, "cupons do canal")


def test_lazadas_statement_is_of_sales_costs_and_refunds() -> None:
    found = reading(STATEMENT)
    lines = sold(found)

    assert found.report.layout == "lazada.statement"
    assert sums(found, "revenue", "fees", "shipping", "refund", "returned_units") == [100, 0, 6, 100, 1]
    assert lines.filter(pl.col("units") > 0)["order_id"].to_list() == ["381"]
    assert (lines["total_theirs"] - lines["total_ours"]).abs().max() == 0
    assert told(found, "somam -50,00 (Sponsored Discovery: -50,00)")


def test_an_order_of_lazada_with_an_entry_that_has_no_amount_is_left_out_and_told() -> None:
    more = "\n06 Jan 2026;Orders-Sales;Item Price Credit;T7;B-1;4;30.00;s;paid;382;72"
    found = reading(STATEMENT.replace("-4.00", "") + more)

    assert sold(found)["order_id"].to_list() == ["382"]
    assert told(found, "1 lançamento(s) não têm um valor que se leia")


def test_amazons_shipments_tell_sales_and_dispatch_and_nothing_of_cancellations() -> None:
    found = reading(SHIPMENTS, ["amazon"])
    lines = sold(found)

    assert found.report.layout == "amazon.shipments"
    assert sums(found, "revenue", "units", "discount") == [95, 3, 5]
    assert lines["ship_days"].to_list() == [2, 2]
    assert lines["status"].null_count() == lines["shipping"].null_count() == 2
    assert told(found, "as taxas de cancelamento e de devolução são desconhecidas")


def test_an_order_of_etsy_is_its_items_less_the_coupon_and_its_buyer_paid_the_freight() -> None:
    found = reading(ETSY_ORDERS)
    lines = sold(found)

    assert found.report.layout == "etsy.orders"
    assert lines["order_id"].to_list() == ["3159107009", "3158906618"]
    assert sums(found, "revenue", "units", "discount") == [46.75, 3, 4.25]
    assert lines["fees"].null_count() == lines["shipping"].null_count() == 2  # it names a part of the fees only
    assert [round(days) for days in lines["ship_days"]] == [4, 3]
    assert set(lines["currency"]) == {"USD"}
    assert told(found, "as de venda")


ADJUSTED = ETSY_ORDERS.replace("Order Net\n", "Order Net;Adjusted Order Total\n").replace("16.12\n", "16.12;{}\n")


@pytest.mark.parametrize(("first", "second", "refunds"), [("6.88", "", 10), ("0.00", "", 16.88), ("6.88", "40.23", 10)])
def test_what_an_order_of_etsy_was_adjusted_by_was_paid_back(first: str, second: str, refunds: float) -> None:
    found = reading(f"{ADJUSTED.format(first)};{second}")

    assert sums(found, "revenue", "refund") == [46.75, refunds]


def test_an_adjusted_total_of_zero_may_be_none_where_no_other_is_blank() -> None:
    found = reading(f"{ADJUSTED.format('6.88')};0.00")

    assert sold(found)["refund"].null_count() == 2
    assert told(found, "é zero em 1 pedido(s)")
    assert told(found, "foram devolvidos 10,00")
