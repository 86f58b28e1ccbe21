"""Words of strangers' tables: a status of two letters, those of a Chinese shop, a price after the discount."""

import polars as pl

from gateway.intake.layouts.lines import CANCELLED, SOLD
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
