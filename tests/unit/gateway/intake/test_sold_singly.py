"""A row for each piece: what tells that it is one, and what repeats it."""

from __future__ import annotations

from gateway.intake.layouts.paid_in_parts import ITEM_ONCE
from gateway.intake.layouts.plain import SOLD_SINGLY
from tests.unit.gateway.intake.tables import reading, sold

PIECES = (
    "id_order;ts_created;status;id_offer;title;price;fee;revenue\n"
    "M1;2026-03-01 10:00:00;received;K-1;Caneca;100,00;13,00;87,00\n"
    "M2;2026-03-02 10:00:00;received;K-2;Prato;50,00;6,50;43,50\n"
    "M3;2026-03-03 10:00:00;cancelled;K-1;Caneca;100,00;13,00;87,00\n"
    "M3;2026-03-03 10:00:00;received;K-3;Copo;20,00;2,60;17,40"
)


def test_a_revenue_that_is_the_price_less_the_fee_is_what_is_left() -> None:
    found = reading(PIECES)

    assert sold(found)["revenue"].to_list() == [100, 50, 100, 20]
    assert sold(found)["units"].to_list() == [1, 1, 1, 1]
    assert SOLD_SINGLY in found.report.warnings


def test_a_revenue_that_is_no_price_less_a_fee_stands() -> None:
    found = reading(PIECES.replace("87,00", "98,00").replace("43,50", "48,00").replace("17,40", "19,00"))

    assert sold(found)["revenue"].to_list() == [98, 48, 98, 19]


def test_a_revenue_that_is_price_times_units_less_the_fee_is_what_is_left() -> None:
    found = reading(
        "pedido;data;sku;quantidade;preco;taxa;receita\n1;2026-03-01;A-1;2;10.00;4.00;16.00\n"
        "2;2026-03-02;B-2;1;30.00;6.00;24.00\n3;2026-03-13;A-1;3;10.00;6.00;24.00"
    )

    assert (sold(found)["revenue"].to_list(), sold(found)["fees"].sum()) == ([20, 30, 30], 16)


HEAD = "Produto;Preço;Frete;Data da Compra;Tipo de pagamento;Quantidade de parcelas"
ROWS = (
    "Caneca;100,00;5,00;01/03/2026;boleto;1{0}\nPrato;50,00;4,00;02/03/2026;cartao;3{1}\n"
    "Copo;20,00;4,00;03/03/2026;pix;1{2}"
)


def test_a_product_that_was_paid_for_and_judged_is_one_piece() -> None:
    found = reading(f"{HEAD};Avaliação da compra;Vendedor\n" + ROWS.format(";5;x", ";3;y", ";4;z"))

    assert (sold(found)["revenue"].to_list(), sold(found)["units"].to_list()) == ([100, 50, 20], [1, 1, 1])


def test_of_a_list_that_nobody_sold_or_judged_a_person_is_asked() -> None:
    """What somebody bought for the shop looks so, too."""
    found = reading(f"{HEAD}\n" + ROWS.format("", "", ""))

    assert (found.lines, found.report.asks) == (None, True)


def test_a_product_with_what_became_of_it_is_one_piece() -> None:
    found = reading(
        "Item Title;Sold Date;Order Status;Item Price;Selling Fee\nMug;03/13/2026;Completed;$10.00;$1.00\n"
        "Cup;03/14/2026;Cancelled;$20.00;$0.00\nHat;03/15/2026;Completed;$30.00;$3.00"
    )

    assert sold(found)["revenue"].to_list() == [10, 20, 30]
    assert sold(found)["status"].to_list() == ["sold", "cancelled", "sold"]


def test_an_item_that_a_join_with_payments_repeats_counts_once() -> None:
    """Two pieces of one product have numbers of their own."""
    found = reading(
        "order_id;order_status;order_purchase_timestamp;order_item_id;product_id;price;payment_sequential;payment_type;"
        "payment_value;review_score\n"
        "a1;delivered;2026-03-01 10:00:00;1;p-1;10.00;1;voucher;4.00;5\n"
        "a1;delivered;2026-03-01 10:00:00;1;p-1;10.00;2;credit_card;16.00;5\n"
        "a1;delivered;2026-03-01 10:00:00;2;p-1;10.00;1;voucher;4.00;5\n"
        "a1;delivered;2026-03-01 10:00:00;2;p-1;10.00;2;credit_card;16.00;5\n"
        "a2;delivered;2026-03-02 10:00:00;1;p-2;30.00;1;boleto;30.00;4"
    )

    assert (sold(found)["revenue"].to_list(), sold(found)["units"].sum()) == ([10, 10, 30], 3)
    assert ITEM_ONCE.format(rows=2, column="order_item_id") in found.report.warnings
