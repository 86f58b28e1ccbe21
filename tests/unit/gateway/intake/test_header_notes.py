"""What a header says beside the name: thousands or millions, a formula, the sign of a number."""

import pytest

from gateway.intake.layouts import understand
from gateway.intake.layouts.factors import times, without_factor
from gateway.intake.layouts.names import words
from gateway.intake.layouts.parts import tables_of
from gateway.intake.layouts.scaled import SCALED, UNSCALED
from tests.unit.gateway.intake.tables import cells, raw, reading, sold

MANY = """
Mês;Produto;Unidades;{name}
2026-01;Caneca;50;1,5
2026-01;Lâmpada;20;2,3
2026-02;Caneca;70;2,1
2026-02;Lâmpada;25;2,9
"""


@pytest.mark.parametrize(
    ("name", "times"),
    [
        ("Receita (R$ mil)", 1000),
        ("Receita (em milhares de R$)", 1000),
        ("Sales ($ thousands)", 1000),
        ("Revenue (in thousands)", 1000),
        ("Receita (R$ milhões)", 1_000_000),
        ("Receita (R$)", 1),
        ("Receita em R$ mil", 1000),
        ("receita_em_milhares", 1000),
        ("Vendas em mil reais", 1000),
        ("Receita (R$ mi)", 1_000_000),
        ("Revenue (US$ k)", 1000),
        ("Revenue (k€)", 1000),
        ("Sales ('000)", 1000),
        ("Receita (x1000)", 1000),
        ("Doanh thu (nghìn đồng)", 1000),
        ("Doanh thu (ngàn đồng)", 1000),
        ("Doanh thu (1.000đ)", 1000),
        ("Doanh thu (tr.đ)", 1_000_000),
        ("Doanh thu triệu đồng", 1_000_000),
        ("Doanh thu (tỷ đồng)", 1_000_000_000),
        ("Omzet (ribu Rp)", 1000),
        ("Omzet Rp juta", 1_000_000),
        ("Omzet (dalam jutaan rupiah)", 1_000_000),
        ("Ingresos (miles de pesos)", 1000),
        ("Ingresos en miles", 1000),
        ("Ingresos (mil millones)", 1_000_000_000),
        ("Umsatz (Tsd. €)", 1000),
        ("Umsatz in Mio. €", 1_000_000),
        ("Выручка (тыс. руб.)", 1000),
    ],
)
def test_amounts_in_thousands_are_worth_a_thousand_times(name: str, times: int) -> None:
    lines = sold(reading(MANY.format(name=name)))

    assert lines["revenue"].to_list() == pytest.approx([1.5 * times, 2.3 * times, 2.1 * times, 2.9 * times])


@pytest.mark.parametrize(
    "name",
    ["Custo por mil", "CPM (custo por mil)", "Bolsa de juta", "Loja Mil", "Meta de 100 mil reais", "Setor (TI)", "Mil",
     "Vendas acima de mil reais", "Tamanho (M)", "Preço (milheiro)", "Faixa (até R$ 100 mil)", "Marca (tr)",
     "Volume (ml)", "Valor (R$)", "Vendas acima de R$ 10 mil"],
)  # fmt: skip
def test_a_number_a_price_of_a_thousand_and_other_words_are_no_thousands(name: str) -> None:
    assert (times(name), without_factor(name)) == (1, name)


def test_what_is_said_of_thousands_is_no_part_of_the_name() -> None:
    assert words("Doanh thu (triệu đồng)") == words("Doanh thu")
    assert words("receita_em_milhares") == words("Receita")
    assert words("Ⅳ Receita (R$ mil)") == words("Ⅳ Receita"), "a sign that is two letters moves no others"
    assert words("R$ mil") == ()


ABOVE = """
{title}
Mês;Receita;Comissão;Pedidos
2026-01;120,5;12,1;310
2026-02;98,2;9,8;250
"""


@pytest.mark.parametrize(
    ("title", "many"),
    [
        ("Valores em milhares de reais", 1000),
        ("Valores expressos em R$ mil", 1000),
        ("Valores em R$ 1.000", 1000),
        ("Receita 2026 - R$ mil", 1000),
        ("(R$ milhões)", 1_000_000),
        ("Amounts in thousands of dollars", 1000),
        ("Cifras en miles de pesos", 1000),
        ("ĐVT: nghìn đồng", 1000),
        ("Đơn vị: 1.000 đồng", 1000),
        ("Satuan: jutaan rupiah", 1_000_000),
        ("Vendas da loja", 1),
        ("Vendemos em mil cidades", 1),
        ("Meta: 10 milhões de reais", 1),
        ("Vendas de 2 mil reais em março", 1),
    ],
)
def test_what_stands_above_the_table_is_of_its_amounts(title: str, many: int) -> None:
    found = reading(ABOVE.format(title=title))

    assert sold(found)["revenue"].to_list() == pytest.approx([120.5 * many, 98.2 * many])
    assert sold(found)["fees"].to_list() == pytest.approx([12.1 * many, 9.8 * many])
    assert (SCALED.format(many=many) in found.report.warnings) == (many > 1)


def test_a_name_that_says_it_of_its_own_column_is_believed_before() -> None:
    found = reading(ABOVE.format(title="Valores em milhares de reais").replace("Receita", "Receita (R$ milhões)"))

    assert sold(found)["revenue"].to_list() == pytest.approx([120.5e6, 98.2e6])
    assert sold(found)["fees"].to_list() == pytest.approx([12.1, 9.8])


PRICED = """
Valores em R$ mil
Data;Produto;Qtd;Preço{total}
01/03/2026;Caneca;2;{a}
02/03/2026;Prato;1;{b}
03/03/2026;Caneca;3;{c}
"""


def test_a_price_is_in_thousands_where_it_makes_the_total() -> None:
    both = reading(PRICED.format(total=";Total", a="1,5;3,0", b="2,5;2,5", c="1,5;4,5"))
    whole = reading(PRICED.format(total=";Total", a="1500,00;3,0", b="2500,00;2,5", c="1500,00;4,5"))

    assert sold(both)["revenue"].to_list() == sold(whole)["revenue"].to_list() == [3000, 2500, 4500]
    assert sold(both)["units"].to_list() == [2, 1, 3]


@pytest.mark.parametrize(("total", "more"), [("", ""), (";Total", ";7,0")])
def test_a_price_that_nothing_holds_against_a_total_is_asked_about(total: str, more: str) -> None:
    found = reading(PRICED.format(total=total, a=f"1500,00{more}", b=f"2500,00{more}", c=f"1500,00{more}"))

    assert found.lines is None
    assert UNSCALED.format(many=1000) in found.report.warnings


def test_months_side_by_side_are_what_is_said_above_them() -> None:
    text = """
Receita por canal
Valores em R$ mil
Canal;Jan/2026;Fev/2026;Mar/2026
Shopee;10,5;11,2;9,9
Amazon;20,5;21,2;19,9
"""
    [long] = tables_of(raw(cells(text)))
    found = understand(long, ["shopee", "amazon"])

    assert sold(found)["revenue"].sum() == pytest.approx(93_200)


def test_a_formula_behind_a_name_is_no_part_of_it() -> None:
    assert words("Marketplace Fee (Rs.) = SUM(V:AD)") == words("Marketplace Fee")


def test_a_number_of_vouchers_is_no_discount() -> None:
    found = reading("""
Voucher No.;Date;Item Code;Qty;Rate;Value
17;13-03-2026;A-1;1;50.00;50.00
17;13-03-2026;B-2;2;40.00;80.00
18;14-03-2026;A-1;1;50.00;50.00
""")

    assert sold(found)["order_id"].to_list() == ["17", "17", "18"]
    assert sold(found)["discount"].null_count() == 3
