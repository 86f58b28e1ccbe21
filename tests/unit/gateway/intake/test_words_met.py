"""Words of strangers' tables: a status of two letters, those of a Chinese shop, a price after the discount."""

import polars as pl

from gateway.intake.layouts.lines import CANCELLED, RETURNED, SOLD, UNPAID
from tests.unit.gateway.intake.tables import reading, sold


def test_the_price_after_the_discount_is_the_one_that_was_paid() -> None:
    rows = "\n".join(f"{n};2026-03-0{n};P-{n % 3};{n % 4 + 1};{10 * n}.00;{9 * n}.00" for n in range(1, 9))
    lines = sold(reading(f"Order Number;Order Date;Product Code;Quantity;Unit Price;Net Price\n{rows}"))

    assert lines["revenue"].sum() == sum((n % 4 + 1) * 9 * n for n in range(1, 9))


def test_ok_is_a_status() -> None:
    rows = "\n".join(f"0{n}/03/2026;{n};A-{n};1;{n}0,00;{'CANCELADA' if n == 4 else 'OK'}" for n in range(1, 9))
    lines = sold(reading(f"DT VENDA;Nº PEDIDO MKT;COD;QTD;VALOR BRUTO;STATUS VENDA\n{rows}"))

    assert lines["status"].to_list() == [SOLD] * 3 + [CANCELLED] + [SOLD] * 4
    assert lines["order_id"].to_list() == [str(n) for n in range(1, 9)]


def test_status_words_of_a_chinese_shop() -> None:
    rows = "\n".join(
        f"{n};2026-03-0{n} 10:00:00;{n}0.00;5.00;{n}5.00;{'交易关闭' if n == 3 else '交易成功'};{n % 3 + 1}"
        for n in range(1, 7)
    )
    lines = sold(reading(f"订单编号;订单创建时间;买家应付货款;买家应付邮费;总金额;订单状态;宝贝总数量\n{rows}"))

    assert lines.filter(pl.col("status") == CANCELLED)["order_id"].to_list() == ["3"]
    assert lines["revenue"].sum() == 210
    assert lines["units"].sum() == 12


def test_an_order_that_was_not_sent_is_not_sold_before_it_is_paid() -> None:
    rows = "\n".join(
        f"{n};0{n}/03/2026;{'Pendente' if n > 6 else 'Pago'};{'Não enviado' if n in (6, 7) else 'Enviado'};{n},50"
        for n in range(1, 9)
    )
    lines = sold(reading(f"Pedido;Data;Status do pagamento;Status do envio;Valor total\n{rows}"))

    assert lines["status"].to_list() == [SOLD] * 6 + [UNPAID, SOLD]


def test_a_sold_price_is_a_price() -> None:
    lines = sold(
        reading("""
Order;Date;SKU;Qty;List Price;Sold Price;Sold Total
1;2026-03-02;A-1;2;12.00;10.00;20.00
2;2026-03-03;B-2;1;24.00;20.00;20.00
3;2026-03-04;A-1;3;12.00;10.00;30.00
""")
    )

    assert (lines["revenue"].sum(), lines["units"].sum()) == (70, 6)


def test_a_row_that_explains_the_columns_is_no_order() -> None:
    lines = sold(
        reading("""
ID do pedido;Status do pedido;SKU do vendedor;Quantidade;Preço unitário;Subtotal do item;Hora de criação
Número único;Situação atual;Código do vendedor;Unidades vendidas;Preço de uma;Valor do item;Quando foi criado
1;Concluído;A-1;2;BRL 10,00;BRL 20,00;02/03/2026 10:00:00
2;Cancelado;B-2;1;BRL 20,00;BRL 20,00;13/03/2026 10:00:00
""")
    )

    assert lines["order_id"].to_list() == ["1", "2"]
    assert lines["at"].null_count() == 0


def test_the_final_status_of_an_order_is_its_status() -> None:
    lines = sold(
        reading("""
Nº PEDIDO;DATA;STATUS FINAL DO PEDIDO;VALOR DOS ITENS
1;02/03/2026 12:00;CONCLUIDO;10,00
2;03/03/2026 12:00;CANCELADO;20,00
3;13/03/2026 12:00;CONCLUIDO;30,00
""")
    )

    assert lines["status"].to_list() == [SOLD, CANCELLED, SOLD]


def test_the_sellers_coupon_is_a_discount_and_the_marketplaces_is_none() -> None:
    lines = sold(
        reading("""
Pedido;Data;SKU;Qtd;Preço unitário;Valor dos produtos;Cupom do vendedor;Cupom da plataforma;Valor da venda
1;02/03/2026;A-1;2;10,00;20,00;2,00;5,00;18,00
2;03/03/2026;B-2;1;30,00;30,00;0,00;0,00;30,00
3;13/03/2026;A-1;3;10,00;30,00;3,00;5,00;27,00
""")
    )

    assert (lines["revenue"].sum(), lines["discount"].sum()) == (75, 5)


def test_freight_with_its_code_is_no_item() -> None:
    lines = sold(
        reading("""
Order Reference;Order Date;Order Lines/Product;Order Lines/Quantity;Order Lines/Unit Price;Order Lines/Subtotal
S1;2026-03-02 10:00:00;[A-1] Mug;2;10.00;20.00
;;[Delivery_007] Standard delivery;1;5.00;5.00
S2;2026-03-03 10:00:00;[B-2] Cup;1;30.00;30.00
;;[FRETE] Frete;1;7.00;7.00
""")
    )

    assert (lines["revenue"].sum(), lines["units"].sum()) == (50, 3)


def test_orders_of_romania() -> None:
    lines = sold(
        reading("""
Nr. comanda;Data comenzii;Status;Nume produs;Cod produs;Cantitate;Pret unitar fara TVA;Valoare totala cu TVA
1;02.03.2026;Finalizata;Cana;A-1;2;10,00;23,80
2;03.03.2026;Anulata;Vas;B-2;1;20,00;23,80
3;13.03.2026;Stornata;Cana;A-1;1;10,00;11,90
""")
    )

    assert lines["status"].to_list() == [SOLD, CANCELLED, RETURNED]
    assert (lines["revenue"].sum(), lines["units"].sum()) == (59.5, 4)


def test_a_report_of_quickbooks_by_product_has_items_below_a_blank_name() -> None:
    rows = "Tent;12;3468.00\nLamp;55;1922.25\nTOTAL;67;5390.25"
    found = reading(f"Sales by Product/Service Summary\n;Total;\n;Quantity;Amount\n{rows}")

    assert sold(found)["title"].to_list() == ["Tent", "Lamp"]
    assert sold(found)["revenue"].sum() == 5390.25


def test_amounts_in_the_local_currency_of_sap_are_sales() -> None:
    text = "#;Item No.;Item Description;Quantity;Sales Amt (LC)\n1;A-1;Mug;2;20.50\n2;B-1;Cup;1;9.90\n;;;3;30.40"

    assert sold(reading(text))["revenue"].to_list() == [20.5, 9.9]


def test_a_fee_of_the_user_and_a_discount_that_the_partner_pays_are_told_by_their_names() -> None:
    header = (
        "ID do Pedido;Data;Valor dos produtos;Descontos assumidos pelo parceiro;Comissão;Taxa de serviço do usuário"
    )
    rows = [f"{n};0{n}/10/2026;100,00;5,00;19,00;2,99;76,00" for n in range(1, 6)]
    found = reading("\n".join([f"{header};Valor a pagar ao parceiro", *rows]))

    assert sold(found)["revenue"].to_list() == [95.0] * 5
    assert sold(found)["fees"].to_list() == [19.0] * 5
