"""Words of strangers' tables: a status of two letters, those of a Chinese shop, a price after the discount."""

import polars as pl

from gateway.intake.layouts.lines import CANCELLED, SOLD, UNPAID
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
