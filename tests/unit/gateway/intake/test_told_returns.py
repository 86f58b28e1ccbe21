"""Where nothing came back, the share of returns is 0 if the document would tell one, and unknown if not."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from gateway.figures.unknown import why
from gateway.intake.document import read
from gateway.intake.figures import channel_facts
from gateway.intake.limits import Limits
from schemas.facts import ChannelFacts
from tests.unit.gateway.intake.tables import reading, sold
from tests.unit.gateway.intake.test_figures import facts, line

AMAZON = (
    "index;Order ID;Date;Status;Fulfilment;Sales Channel;SKU;Category;ASIN;Qty;currency;Amount\n"
    "0;1;04-05-22;{state};Merchant;Amazon.in;A;Set;B0;1;INR;600.00\n1;2;04-06-22;Shipped;Merchant;Amazon.in;A;Set;B0;1;INR;400.00"
)
AMAZON_ORDERS = (
    "amazon-order-id;purchase-date;order-status;sku;quantity;currency;item-price;item-status\n"
    "1;2026-03-12T10:00:00+00:00;Shipped;A;2;BRL;100.00;Shipped"
)
SHOPEE = (
    "ID do pedido;Status do pedido;{back}Número de referência SKU;Nome do Produto;Preço acordado;Quantidade;"
    "Subtotal do produto;Data de criação do pedido;Taxa de transação\n"
    "X;Concluído;{none}A;Produto;50.00;2;100.00;2026-03-01 10:00;3"
)
LAZADA = (
    "orderItemId;sellerSku;lazadaSku;createTime;orderNumber;payMethod;paidPrice;unitPrice;shippingFee;itemName;status\n"
    "71;A-1;3_MY-9;03 Jan 2026 09:05;381;COD;90.00;100.00;4.90;Cup;delivered"
)
MAGALU = "Pedido;Data;SKU;Quantidade;Valor total;Status\nLU-1531770107905712;12/03/2026;A;2;100,00;Entregue"
HEADER = ("Pedido", "Data", "SKU", "Quantidade", "Valor total", "Status")


def values(own: ChannelFacts) -> dict[str, float]:
    return {figure.metric: figure.value for figure in own.figures}


@pytest.mark.parametrize(
    ("text", "layout", "rate"),
    [
        (AMAZON.format(state="Shipped"), "amazon.sales", 0.0),
        (AMAZON.format(state="Shipped - Returned to Seller"), "amazon.sales", 0.5),
        (AMAZON_ORDERS, "amazon.orders", None),
        (SHOPEE.format(back="Status da Devolução / Reembolso;", none=";"), "shopee.order_all", 0.0),
        (SHOPEE.format(back="", none=""), "shopee.order_all", None),
        (LAZADA, "lazada.orders", 0.0),
        (MAGALU, "magalu.orders", None),
        (MAGALU.replace("LU-1531770107905712", "1"), "plain", None),
        (MAGALU.replace("Entregue", "Devolvido"), "magalu.orders", 1.0),
    ],
)
def test_the_layout_decides_whether_no_return_is_none(text: str, layout: str, rate: float | None) -> None:
    found = reading(text, ["magalu"])
    (own,) = channel_facts(sold(found), None)

    assert found.report.layout == layout
    assert values(own).get("return_rate") == (rate or None)  # of a day without a return it is too early to tell
    assert values(own).get("returned_units") == (None if rate is None else float(sold(found)["units"].sum()) * rate)
    if rate is None:
        assert why("return_rate", [found.report]).reason == "no_returns"


def book(folder: Path, *sheets: list[tuple[object, ...]]) -> Path:
    made = Workbook()
    made.remove(made.worksheets[0])
    for number, rows in enumerate(sheets, start=1):
        sheet = made.create_sheet(f"Mês {number}")
        for row in rows:
            sheet.append(row)
    made.save(path := folder / "vendas.xlsx")
    return path


def month(number: int, *states: str) -> list[tuple[object, ...]]:
    first = 10 * number
    return [
        HEADER,
        *(
            (f"P{first + n}", f"{n + 1:02d}/{number:02d}/2026", f"S-{n}", 2, 49.9 + 3.17 * n, state)
            for n, state in enumerate(states)
        ),
    ]


def of(path: Path) -> ChannelFacts:
    (own,) = read(path, path.name, ["own_store"], Limits()).channels
    return own


def test_a_month_without_returns_has_none_where_another_sheet_of_the_same_columns_tells_them(tmp_path: Path) -> None:
    own = of(book(tmp_path, month(3, "Entregue", "Devolvido", "Entregue"), month(4, "Entregue", "Entregue")))

    assert [one.returned_units for one in own.months] == [2, 0]
    assert [one.refunds for one in own.months] == [pytest.approx(53.07), 0]
    assert values(own)["return_rate"] == 0.2


def test_a_month_of_a_table_that_does_not_tell_returns_is_unknown_and_in_no_rate(tmp_path: Path) -> None:
    silent = [row[:-1] for row in month(4, "Entregue", "Entregue")]
    own = of(book(tmp_path, month(3, "Entregue", "Devolvido", "Entregue"), silent))
    (rate,) = (figure for figure in own.figures if figure.metric == "return_rate")

    assert [one.returned_units for one in own.months] == [2, None]
    assert rate.value == pytest.approx(1 / 3, abs=1e-4)
    assert rate.detail == {"successes": 2, "trials": 6}
    assert rate.rows is not None
    assert rate.rows.left_out == {"no_returns": 2}


@pytest.mark.parametrize(
    ("state", "returned"),
    [("Parcialmente reembolsado", None), ("X7", None), ("Azul", None), ("Entregue", 0)],
)
def test_what_may_have_come_back_stays_unknown(tmp_path: Path, state: str, returned: float | None) -> None:
    own = of(book(tmp_path, month(3, "Entregue", "Devolvido"), month(4, state, state)))

    assert [one.returned_units for one in own.months] == [2, returned]


def test_products_of_both_tables_have_a_rate_of_what_is_told() -> None:
    told = [
        line(order_id=str(n), sku="A", units=10.0, returned_units=6.0 * (n < 1), revenue=90.0 + n, table=0)
        for n in (0, 1)
    ]
    own = facts(*told, line(order_id="9", sku="A", units=80.0, revenue=800.0, table=1))
    (rate,) = (figure for figure in own.figures if figure.metric == "product_return_rate")

    assert rate.detail["by_sku"]["A"] | {"return_rate": 0.3, "units": 20} == rate.detail["by_sku"]["A"]
    assert [one.returned_units for one in own.products] == [None]


def test_a_blank_count_is_none_where_its_table_has_others() -> None:
    own = facts(line(returned_units=1.0, units=4.0, revenue=40.0), line(order_id="2", units=4.0, revenue=40.5))

    assert values(own)["return_rate"] == 0.125
