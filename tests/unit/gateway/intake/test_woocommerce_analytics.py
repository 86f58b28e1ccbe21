"""WooCommerce Analytics' reports: of orders, of products, and of categories, which nobody may add up."""

from __future__ import annotations

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts import Reading, understand
from gateway.intake.layouts.woocommerce_analytics import WITHOUT_CANCELLED
from tests.unit.gateway.intake.tables import cells, raw, sold

ORDERS = "Date|Order #|N. Revenue (formatted)|Status|Customer|Customer type|Product(s)|Items sold|Coupon(s)|{net}|From"


def reading(text: str) -> Reading:
    return understand(raw(cells(text, "|")), ["own_store"])


def orders(*rows: str, net: str = "Net Sales") -> dict[str, float]:
    found = reading("\n".join([ORDERS.format(net=net), *rows]))
    assert (found.report.layout, found.report.kind) == ("woocommerce.analytics_orders", "sales")
    assert WITHOUT_CANCELLED in found.report.warnings
    (own,) = channel_facts(sold(found), None)
    return {figure.metric: figure.value for figure in own.figures}


SOLD = "2026-08-01 10:00:00|501|R&#36;80.00|completed|Zuleica Brantes|new|2× Mug|2||80|Direct"


@pytest.mark.parametrize("net", ["Net Sales", "Net sales", "N. Revenue"])
def test_orders_without_cancelled_ones(net: str) -> None:
    found = orders(SOLD, "2026-08-03 10:00:00|502|R&#36;20.00|processing|B|new|1× Plate, 1× Mug|2|TEN|20|", net=net)

    assert {name: found[name] for name in ("revenue", "orders", "units")} == {"revenue": 100, "orders": 2, "units": 4}
    assert found["refunds"] == 0
    assert "cancellation_rate" not in found


def test_a_refund_is_a_row_of_its_own_or_the_whole_of_a_refunded_order_and_never_both() -> None:
    refund = "2026-08-09 10:00:00|501||refunded|Zuleica Brantes|new|-1× Mug|-1||-40|"
    whole = "2026-08-04 10:00:00|503|R&#36;30.00|refunded|C|new|1× Lamp|1||30|"
    found = orders(SOLD.replace("completed", "refunded"), refund, whole)

    told = {name: found[name] for name in ("revenue", "orders", "units", "refunds", "returned_units")}
    assert told == {"revenue": 110, "orders": 2, "units": 3, "refunds": 70, "returned_units": 2}


def test_the_refund_of_an_order_of_another_month_is_no_order() -> None:
    found = orders(SOLD, "2026-08-09 10:00:00|77||completed|D|new|-1× Mug|-1||-40|")

    assert (found["orders"], found["revenue"], found["refunds"]) == (1, 80, 40)


def test_the_currency_is_that_of_the_shown_amount() -> None:
    header = ORDERS.format(net="Net Sales")
    (own,) = channel_facts(sold(reading(f"{header}\n{SOLD}")), None)
    (dollars,) = channel_facts(sold(reading(f"{header}\n{SOLD.replace('R&#36;', '&#36;')}")), None)

    assert (own.currency, own.currency_source) == ("BRL", "read")
    assert dollars.currency == ""  # which dollars or pesos it is nobody says


def test_products_have_neither_orders_nor_a_status_of_orders() -> None:
    found = reading(
        "Product title|SKU|Items sold|N. Revenue|Orders|Category|Variations|Status|Stock\n"
        "Mug|M-1|12|240.50|9|Kitchen|0|In stock|40\nPlate|P-1|3|90|3|Kitchen|2|Out of stock|0"
    )
    (own,) = channel_facts(sold(found), None)
    values = {figure.metric: figure.value for figure in own.figures}

    assert found.report.layout == "woocommerce.analytics_products"
    assert (values["revenue"], values["units"]) == (330.5, 15)
    assert not values.keys() & {"orders", "refunds", "cancellation_rate"}
    assert not any("“Status”" in warning for warning in found.report.warnings)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Category|Items sold|Net Revenue|Products|Orders\nKitchen|12|240|4|9\nKitchen > Mugs|10|200|2|8", "categoria"),
        ("Coupon code|Orders|Amount discounted|Created|Expires|Type\nTEN|4|20|2026-01-01||Percent", "cupom"),
    ],
)
def test_what_counts_a_sale_more_than_once_or_none_gives_no_figures(text: str, says: str) -> None:
    found = reading(text)

    assert found.lines is None
    assert (found.report.kind, found.report.asks) == ("unknown", False)
    assert says in found.report.warnings[0]
