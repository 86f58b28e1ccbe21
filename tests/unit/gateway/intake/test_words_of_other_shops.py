"""Names and words that other shops' exports have: taxes aside, fees in the East, open bills, statuses of payments."""

import pytest

from gateway.intake.layouts.lines import CANCELLED, RETURNED, SOLD, UNPAID
from gateway.intake.layouts.matching import concepts
from tests.unit.gateway.intake.tables import fields, reading, sold


@pytest.mark.parametrize(
    "name", ["Subtotal (ex tax)", "Order Total (inc tax)", "Total sem impostos", "Preço com IVA", "Total excl. VAT"]
)
def test_an_amount_with_or_without_taxes_is_no_tax(name: str) -> None:
    assert "_tax" not in concepts(name)
    assert "_tax" in concepts("Tax Total")


def test_a_subtotal_without_taxes_says_nothing_of_refunds() -> None:
    found = reading("""\
Order ID;Order Date;Order Status;Subtotal (inc tax);Subtotal (ex tax);Tax Total;Shipping Cost (inc tax);Refund Amount;\
Order Total (inc tax);Total Quantity
100;2026-08-01;Completed;129.10;129.10;0.00;24.47;0.00;153.57;1
101;2026-08-02;Completed;140.24;140.24;0.00;8.77;0.00;149.01;1
102;2026-08-03;Refunded;144.42;144.42;0.00;15.11;159.53;159.53;3
103;2026-08-04;Cancelled;50.00;50.00;0.00;5.00;0.00;55.00;1""")
    lines = sold(found)

    assert lines["revenue"].to_list() == [129.10, 140.24, 144.42, 50.0]
    assert lines["status"].to_list() == [SOLD, SOLD, RETURNED, CANCELLED]
    assert not any("reembolsos" in told or "impostos" in told for told in found.report.warnings)


def test_a_unit_of_measure_does_not_displace_a_table() -> None:
    found = reading("""\
Date;Item;Qty;SKU;Gross Sales;Discounts;Net Sales;Transaction ID;Event Type;Unit
08/01/26;Cushion;2.0;A-1;$60.00;-$6.00;$54.00;TX1;Payment;ea
08/02/26;Sheet;1.0;B-2;$40.00;$0.00;$40.00;TX2;Payment;ea
08/03/26;Sheet;1.0;B-2;$40.00;$0.00;$40.00;TX3;Payment;ea""")

    assert sold(found)["revenue"].sum() == pytest.approx(134)


def test_fees_in_korean_are_added_up_and_the_buyers_freight_is_none() -> None:
    found = reading("""\
주문번호;주문상태;결제일;상품명;수량;상품가격;최종 상품별 총 주문금액;배송비 합계;\
네이버페이 주문관리 수수료;매출연동 수수료
1;구매확정;2026-08-01;셔츠;1;10000;10000;3000;300;200
2;취소;2026-08-02;셔츠;1;10000;10000;3000;0;0
3;반품;2026-08-03;셔츠;1;10000;10000;3000;300;200
4;결제대기;2026-08-04;셔츠;1;10000;10000;3000;0;0""")
    lines = sold(found)

    assert lines["status"].to_list() == [SOLD, CANCELLED, RETURNED, UNPAID]
    assert lines["fees"].to_list() == [500.0, 0.0, 500.0, 0.0]
    assert "shipping" not in fields(found)


def test_a_card_machines_discounts_are_fees() -> None:
    found = reading("""\
DATA DA VENDA;TIPO;BANDEIRA;STONE ID;VALOR BRUTO;VALOR LÍQUIDO;DESCONTO DE MDR;DESCONTO DE ANTECIPAÇÃO;ÚLTIMO STATUS
01/08/2026 10:00;Débito;Visa;30001;100,00;98,00;-2,00;0,00;Pago
02/08/2026 10:00;Crédito;Visa;30002;200,00;190,00;-6,00;-4,00;Pago
03/08/2026 10:00;Crédito;Elo;30003;50,00;48,00;-1,50;-0,50;Pago""")
    lines = sold(found)

    assert (lines["revenue"].sum(), lines["fees"].sum()) == (350, 14)


@pytest.mark.parametrize("text", ["refused", "waiting_payment", "payment_pending", "Waiting for payment"])
def test_what_was_refused_or_waits_for_its_payment_is_unpaid(text: str) -> None:
    found = reading(
        f"ID da venda;Status;Produto;Valor;Data\n1;paid;Curso;10,00;01/08/2026\n2;{text};Curso;20,00;02/08/2026"
    )

    assert sold(found)["status"].to_list() == [SOLD, UNPAID]


def test_an_open_bill_is_unpaid_beside_paid_ones() -> None:
    head = "Fatura;Status;Produto;Valor da Venda\n1;{};E-book;10,00\n2;Aberta;E-book;20,00"
    paid, open_order = reading(head.format("Paga")), reading(head.format("Enviado"))

    assert sold(paid)["status"].to_list() == [SOLD, UNPAID]
    assert sold(open_order)["status"].to_list() == [SOLD, SOLD]


def test_the_status_of_the_payment_stands_above_that_of_the_parcel() -> None:
    found = reading("""\
Data da compra (date_created);SKU do produto (seller_custom_field);Status da operação (status);\
Valor do produto (transaction_amount);Tarifa (marketplace_fee);Número da venda (order_id);\
Status do envio (shipment_status)
01/08/2026 10:00:00;A-1;approved;100;-14;1;delivered
02/08/2026 10:00:00;A-1;approved;100;-14;2;delivered
03/08/2026 10:00:00;A-1;approved;100;-14;3;delivered
04/08/2026 10:00:00;A-1;cancelled;100;0;4;""")

    assert fields(found)["status"] == "Status da operação (status)"
    assert sold(found)["status"].to_list() == [SOLD, SOLD, SOLD, CANCELLED]


def test_orders_with_a_blank_day_of_return_are_no_list_of_returns() -> None:
    found = reading("""\
order_id;order_date;order_item_status;sku;product_title;quantity;delivery_date;return_id;return_reason
OD1;2026-08-01;DELIVERED;A-1;Cushion;1;2026-08-05;;
OD2;2026-08-02;DELIVERED;A-1;Cushion;2;2026-08-06;;
OD3;2026-08-03;RETURNED;B-2;Sheet;1;2026-08-07;R1;DEFECTIVE""")
    lines = sold(found)

    assert (found.report.kind, lines["units"].sum()) == ("sales", 4)
    assert lines["status"].to_list() == [SOLD, SOLD, RETURNED]


def test_what_amazon_alone_numbers_names_the_channel_of_returns() -> None:
    text = "return-date;order-id;sku;fnsku;product-name;quantity;reason\n" + "\n".join(
        f"2026-08-{day:02d}T10:00:00+00:00;302-{day};A-1;X00;Cushion;1;DEFECTIVE" for day in range(1, 13)
    )
    found = reading(text, ["mercado_livre", "amazon"])

    assert found.report.kind == "returns"
    assert found.returned is not None
    assert set(found.returned["channel"]) == {"amazon"}


def test_an_hour_of_the_order_with_its_day_is_when_it_was_sold() -> None:
    found = reading(
        "Nº de Pedido;Hora do Pedido;SKU;Qtd;Valor Total\n1;2026-08-01 10:00;A-1;1;10,00\n2;2026-08-02 11:00;A;1;9,00"
    )

    assert fields(found)["at"] == "Hora do Pedido"
