"""A discount is taken off the revenue where the table shows that it is still in it, and unknown where none does."""

from __future__ import annotations

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.buyers_freight import IN_TOTAL, TAKEN_OUT
from gateway.intake.layouts.discounts import REFUNDED, TAKEN_OFF, UNSURE
from tests.unit.gateway.intake.tables import reading, sold

KEYS = "Pedido;Data;Produto;Qtd"
ROWS = ("1;01/03/2026;Camisa;2", "2;02/03/2026;Meia;1", "3;03/03/2026;Meia;1")


def figures_of(columns: str, *amounts: str, rows: tuple[str, ...] = ROWS) -> tuple[dict[str, float], list[str]]:
    text = "\n".join([f"{KEYS};{columns}", *(f"{row};{own}" for row, own in zip(rows, amounts, strict=True))])
    found = reading(text)
    (own,) = channel_facts(sold(found), None)
    named = ("revenue", "discount_depth", "net_receipts", "net_without_freight")
    return {figure.metric: figure.value for figure in own.figures if figure.metric in named}, found.report.warnings


@pytest.mark.parametrize(
    ("columns", "amounts"),
    [
        ("Preço unitário;Desconto;Valor total", ("50,00;10,00;90,00", "50,00;5,00;45,00", "50,00;0,00;50,00")),
        ("Preço unitário;Desconto;Valor total", ("50,00;-10,00;90,00", "50,00;-5,00;45,00", "50,00;0,00;50,00")),
        ("Subtotal;Desconto;Total", ("100,00;10,00;90,00", "50,00;5,00;45,00", "50,00;0,00;50,00")),
        ("Preço de tabela;Desconto;Valor total", ("50,00;10,00;90,00", "50,00;5,00;45,00", "50,00;0,00;50,00")),
        (
            "Preço unitário;Desconto;Valor total",
            ("50,00;5,00;90,00", "50,00;5,00;45,00", "50,00;0,00;50,00"),
        ),  # a unit's
        ("Valor bruto;Desconto;Valor líquido", ("100,00;10,00;90,00", "50,00;5,00;45,00", "50,00;0,00;50,00")),
    ],
)
def test_a_discount_that_was_taken_off_stays_so(columns: str, amounts: tuple[str, ...]) -> None:
    found, told = figures_of(columns, *amounts)

    assert found == {"revenue": 185, "discount_depth": 0.075}
    assert not any("desconto" in one for one in told)


def test_a_discount_that_the_payout_shows_to_be_in_the_revenue_is_taken_off() -> None:
    found, told = figures_of(
        "Valor bruto;Desconto;Comissão;Repasse",
        "100,00;10,00;9,00;81,00", "50,00;5,00;4,50;40,50", "50,00;0,00;5,00;45,00",
    )  # fmt: skip

    assert found == {"revenue": 185, "discount_depth": 0.075, "net_receipts": 166.5}
    assert TAKEN_OFF.format(total="Repasse", revenue="a coluna “Valor bruto”", discount="15,00") in told


def test_the_total_of_an_order_shows_it_too_with_the_freight_that_the_buyer_paid() -> None:
    found, told = figures_of(
        "Preço unitário;Valor total;Total pedido;Frete pedido;Desconto pedido",
        "50,00;100,00;175,00;20,00;5,00", "60,00;60,00;175,00;20,00;5,00", "10,00;10,00;10,00;0,00;0,00",
        rows=("1;01/03/2026;Camisa;2", "1;01/03/2026;Calça;1", "2;02/03/2026;Meia;1"),
    )  # fmt: skip

    assert found == {"revenue": 165, "discount_depth": round(5 / 170, 4)}
    assert TAKEN_OFF.format(total="Total pedido", revenue="a coluna “Valor total”", discount="5,00") in told
    assert IN_TOTAL.format(column="Frete pedido") in told


def test_a_total_with_freight_and_without_the_discount_shows_both() -> None:
    found, told = figures_of(
        "Valor unitário;Desconto pedido (% ou valor);Frete pedido;Valor total",
        "50,00;10,00;12,00;102,00", "50,00;0,00;12,00;62,00", "10,00;0,00;0,00;10,00",
    )  # fmt: skip

    assert found == {"revenue": 150, "discount_depth": round(10 / 160, 4)}
    assert told[0] == TAKEN_OUT.format(column="Frete pedido", total="Valor total", amount="24,00")
    assert not any("já foi tirado" in one for one in told)


@pytest.mark.parametrize(
    ("columns", "amounts", "name"),
    [
        ("Preço unitário;Valor total;Desconto", ("50,00;100,00;10,00", "50,00;50,00;5,00", "50,00;50,00;0,00"),
         "a coluna “Valor total”"),
        ("Valor total;Desconto", ("100,00;10,00", "50,00;5,00", "50,00;"), "a coluna “Valor total”"),
        ("Preço unitário;Desconto", ("50,00;10,00", "50,00;5,00", "50,00;0"), "o preço vezes as unidades"),
    ],
)  # fmt: skip
def test_where_nothing_shows_it_the_revenue_is_told_as_what_it_is(
    columns: str, amounts: tuple[str, ...], name: str
) -> None:
    found, told = figures_of(columns, *amounts)

    assert found == {"revenue": 200}
    assert UNSURE.format(revenue=name, column="Desconto", discount="15,00", left="185,00") in told


def test_a_column_without_any_discount_says_nothing() -> None:
    found, told = figures_of("Valor total;Desconto", "100,00;0,00", "50,00;0,00", "50,00;0,00")

    assert found == {"revenue": 200, "discount_depth": 0}
    assert not any("desconto" in one for one in told)


def test_an_amount_that_equals_the_revenue_in_rows_without_a_discount_shows_nothing() -> None:
    rows = tuple(f"{n};01/03/2026;Camisa;1" for n in range(1, 31))
    amounts = ["50,00;0,00;50,00"] * 29 + ["50,00;10,00;50,00"]
    found, told = figures_of("Valor total;Desconto;Conferido", *amounts, rows=rows)

    assert found == {"revenue": 1500}
    assert UNSURE.format(revenue="a coluna “Valor total”", column="Desconto", discount="10,00", left="1.490,00") in told


@pytest.mark.parametrize(
    ("columns", "first", "second", "revenue"),
    [
        ("Gross sales;Discounts;Returns;Total sales", "120,00;-12,00;-8,00;100,00", "60,00;0,00;0,00;60,00", 168),
        ("Bruto;Reembolsos;Total vendido", "120,00;20,00;100,00", "60,00;0,00;60,00", 180),
        ("Vendas brutas;Reembolsos;Total vendido", "120,00;20,00;100,00", "60,00;0,00;60,00", 180),  # gross is read
        ("Valor total;Reembolso", "100,00;20,00", "60,00;0,00", 160),
    ],
)
def test_refunds_that_the_revenue_is_without_are_added_to_it(
    columns: str, first: str, second: str, revenue: float
) -> None:
    lines = sold(reading(f"SKU;Qtd;{columns}\nA;12;{first}\nB;6;{second}"))

    assert lines["revenue"].sum() == revenue


def test_returns_in_money_are_refunds_and_in_units_units() -> None:
    in_money = reading(
        "SKU;Net quantity;Returns;Gross sales;Total sales\nA;12;-8.00;100.00;92.00\nB;6;0.00;60.00;60.00"
    )
    money = sold(in_money)
    units = sold(reading("SKU;Quantity;Returns;Gross sales\nA;12;-1;100.00\nB;6;0;60.00"))

    assert REFUNDED.format(amount="8,00") in in_money.report.warnings
    assert (money["refund"].to_list(), money["returned_units"].null_count()) == ([8, 0], 2)
    assert (units["returned_units"].to_list(), units["refund"].null_count()) == ([1, 0], 2)


def test_short_names_of_discount_and_net_are_known() -> None:
    """The gross was the revenue: nobody knew what `Vlr Desc` and `Vl Liq` are."""
    lines = reading(
        "Data;Pedido;Produto;Qtd;Vl Unit;Vl Bruto;Vlr Desc;Vl Liq\n"
        "02/03/2026;1001;Caneca azul;2;30,00;60,00;6,00;54,00\n"
        "02/03/2026;1001;Prato fundo;1;45,00;45,00;0,00;45,00\n"
        "03/03/2026;1002;Caneca azul;1;30,00;30,00;3,00;27,00\n"
        "05/03/2026;1003;Copo longo;6;10,00;60,00;5,00;55,00\n"
    )
    assert sold(lines)["revenue"].sum() == 181.0


@pytest.mark.parametrize(
    ("columns", "amounts"),
    [
        ("NFItem_VlBruto;NFItem_VlDesc;VALOR PAGO", ("100,00;10,00;90,00", "50,00;5,00;45,00", "50,00;0,00;50,00")),
        ("EXSALE;Gross sales;EXDISC;EXNET", ("1;100,00;10,00;90,00", "1;50,00;5,00;45,00", "1;50,00;0,00;50,00")),
        ("Gross sales;LineDisc;Left", ("100,00;10,00;90,00", "50,00;5,00;45,00", "50,00;0,00;50,00")),
    ],
)
def test_a_discount_is_known_by_its_sums_whatever_stands_before_its_name(
    columns: str, amounts: tuple[str, ...]
) -> None:
    found, _ = figures_of(columns, *amounts)

    assert found == {"revenue": 185, "discount_depth": 0.075}


def test_a_description_of_an_amount_is_no_discount_where_no_sum_shows_it() -> None:
    found, _ = figures_of(
        "Valor bruto;Vl Desc Item;Valor Extra", "100,00;7,00;9,00", "50,00;5,00;9,00", "50,00;1,00;9,00"
    )

    assert found["revenue"] == 200


def test_what_is_left_of_a_units_price_shows_the_discount_of_one() -> None:
    found, told = figures_of(
        "Unit price;Discount;Final price", "50,00;10,00;40,00", "50,00;5,00;45,00", "50,00;0,00;50,00"
    )

    assert found == {"revenue": 175, "discount_depth": 0.125}
    assert TAKEN_OFF.format(total="Final price", revenue="o preço vezes as unidades", discount="25,00") in told


def test_the_fees_told_again_as_a_discount_are_none() -> None:
    found = reading(
        "Data da venda;Bandeira;Valor bruto;Valor líquido;Desconto de MDR;Desconto de antecipação;Desconto unificado\n"
        "01/06/2026;Visa;100,00;96,00;3,00;1,00;4,00\n02/06/2026;Elo;50,00;48,50;1,50;0,00;1,50"
    )
    (own,) = channel_facts(sold(found), None)
    figures = {one.metric: one.value for one in own.figures}

    assert (figures["revenue"], figures["fees"]) == (150, 5.5)
    assert "discount_depth" not in figures


def test_without_fees_such_a_column_is_what_sums_show() -> None:
    found = reading(
        "Data da venda;Bandeira;Valor bruto;Valor líquido;Desconto da operadora\n"
        "01/06/2026;Visa;100,00;96,00;4,00\n02/06/2026;Elo;50,00;48,50;1,50"
    )

    assert sold(found)["revenue"].sum() == 144.5


def test_one_refund_of_a_whole_order_shows_by_chance_nothing_of_the_revenue() -> None:
    found = reading(
        "Order;Date;Product;Qty;Subtotal;Shipping;Total;Refund amount\n"
        "1;2026-03-01;Tea;1;20.00;5.00;25.00;0.00\n2;2026-03-02;Jam;1;10.00;10.00;20.00;20.00\n"
        "3;2026-03-03;Tea;1;20.00;5.00;25.00;0.00"
    )

    assert sold(found)["revenue"].to_list() == [20, 10, 20]
    assert not any(one.startswith(REFUNDED[:30]) for one in found.report.warnings)
