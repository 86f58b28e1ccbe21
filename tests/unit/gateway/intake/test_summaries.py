"""Lines that sum up others inside a table of sales: they count as rejected, and nothing else changes."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from unicodedata import normalize

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.intake.figures import channel_facts
from gateway.intake.layouts import understand
from gateway.intake.layouts.columns import SUMMED_UP
from gateway.intake.layouts.copied_rows import COUNTED
from gateway.intake.layouts.sum_labels import VOCABULARY, kind_of_label, those_that_may_name_sums
from tests.unit.gateway.intake.tables import Row, cells, raw, reading, sold
from tests.unit.gateway.intake.test_same_figures import FIRST, IN_ORDER, SALES, Sale, assert_same, rows_of

#: What tells of rows that are alike: those that are drawn may be.
ALIKE = COUNTED.split("}")[1][:40]
LABELS = [
    "Média", "Média geral", "Média por pedido", "Saldo anterior", "SALDO INICIAL", "Subtotal", "Sub-total:", "Total",
    "Total geral", "Totais", "Total do mês", "Total março/2026", "Soma", "Resumo do período", "Total: 1.234,56",
    "Average", "Average per order", "Opening balance", "Previous balance", "Closing balance", "Grand total", "Sum",
    "Monthly average", "Subtotal 12/03/2026", "Promedio", "Promedio mensual", "Saldo anterior:", "Total general",
    "Suma total", "Acumulado do ano", "Ticket médio", "Total Mercado Livre", "Balance brought forward", "Tổng cộng",
    "Total keseluruhan", "Tổng doanh thu tháng",
]  # fmt: skip
#: Products and notes that begin as a sum does.
TITLES = [
    "Total Clean 500 ml", "Média Kit", "Kit Média", "Total 90", "Subtotal Records LP", "Average Joe T-shirt",
    "Soma Bracelet", "New Balance 574", "Pizza média", "Sumário executivo (livro)", "Colgate Total 12", "Total War",
    "Saldo Bancário 2.0",
]  # fmt: skip


@pytest.mark.parametrize("text", LABELS)
def test_what_names_a_sum_is_one(text: str) -> None:
    assert kind_of_label(text)


@pytest.mark.parametrize("change", [str.lower, str.upper, partial(normalize, "NFD"), " ".join])
def test_whatever_names_a_sum_is_looked_at(change: Callable[[str], str]) -> None:
    ways = ("{} total", "total {}", "{}", "{} média", "Saldo {}: 12,00")
    words = (*VOCABULARY, *LABELS, "sub-total", "03/2026", "Σ", "R$", "2 pedidos")
    texts = [change(way.format(word)) for way in ways for word in words]
    sums = {text for text in texts if kind_of_label(text)}

    assert len(sums) > 20
    assert sums - set(those_that_may_name_sums(pl.Series(texts))) == set()


def test_few_other_texts_are_looked_at() -> None:
    others = ["Camisa Polo", "Consumo", "Insumos de café", "Açaí", "R$ 12,00", "São Paulo", "T-shirt", "", None]

    assert those_that_may_name_sums(pl.Series([*others, "Resumo", "Médias"])) == ["Resumo", "Médias"]


@pytest.mark.parametrize(
    "label",
    ["Ingresos totales", "Líquido total", "Recebido total", "Revenue total", "Doanh thu tổng", "M É D I A"],
)
def test_a_sum_that_begins_with_another_word_is_no_sale(label: str) -> None:
    found = reading(f"Pedido;Produto;Qtd;Valor total\n1;Camisa;2;50,00\n2;Meia;3;49,00\n;{label};5;99,00")

    assert sold(found)["revenue"].to_list() == [50, 49]
    assert found.report.warnings[:1] == [SUMMED_UP.format(rows=1)]


@pytest.mark.parametrize("text", [*TITLES, "", "P-1001", "2026-03-12", "12,90", "Loja", "Shopee", "Março", "Pedido"])
def test_a_product_or_an_order_that_begins_with_such_a_word_is_none(text: str) -> None:
    assert not kind_of_label(text)


@settings(max_examples=40, deadline=None)
@given(SALES, st.lists(st.sampled_from(LABELS), min_size=1, max_size=3), st.integers(0, 2**32), st.data())
def test_such_lines_with_two_numbers_change_nothing_but_their_count(
    sales: list[Sale], labels: list[str], seed: int, data: st.DataObject
) -> None:
    header, *body = rows_of(sales, FIRST, IN_ORDER, brazilian=True)
    place = data.draw(st.sampled_from(["order_id", "title", "sku", "at"]))
    chosen = random.Random(seed)
    for label in labels:
        row: Row = [None] * len(IN_ORDER)
        row[IN_ORDER.index(place)] = label
        row[IN_ORDER.index("units")], row[IN_ORDER.index("revenue")] = "12", "1.234,56"
        body.insert(chosen.randint(0, len(body)), row)
    found = understand(raw([header, *body]), ["shopee"])
    (facts,) = channel_facts(sold(found), None)

    assert_same({figure.metric: figure.value for figure in facts.figures}, sales)
    assert found.report.rows == len(sales)
    told = [one for one in found.report.warnings if ALIKE not in one]
    assert told == [SUMMED_UP.format(rows=len(labels))]


@pytest.mark.parametrize("label", LABELS)
def test_a_table_of_products_alone_leaves_them_out_as_well(label: str) -> None:
    found = reading(f"Produto;Quantidade;Valor total\nCamisa;2;50,00\nMeia;3;21,00\n{label};5;71,00\nCinto;1;30,00")

    assert sold(found)["title"].to_list() == ["Camisa", "Meia", "Cinto"]


def test_a_balance_with_a_day_and_a_subtotal_of_each_day_are_no_orders() -> None:
    found = reading(
        "Data;Histórico;Quantidade;Valor total\n01/03/2026;Saldo anterior;10;1.000,00\n02/03/2026;Camisa;2;50,00\n"
        "02/03/2026;Subtotal;2;50,00\n03/03/2026;Meia;3;21,00\n03/03/2026;Subtotal;3;21,00"
    )

    assert sold(found)["revenue"].to_list() == [50, 21]


@pytest.mark.parametrize("title", TITLES)
def test_a_product_that_is_called_almost_so_stays_an_order(title: str) -> None:
    with_order = reading(f"Pedido;Data;SKU;Produto;Qtd;Valor total\n1;01/03/2026;A;{title};2;50,00\n2;;;Meia;1;9,00")
    alone = reading(f"Produto;Quantidade;Valor total;Obs;Cor\n{title};2;50,00;;\nMeia;3;21,00;;\nCinto;1;30,00;;")

    assert sold(with_order)["revenue"].to_list() == [50, 9]
    assert sold(alone)["revenue"].to_list() == [50, 21, 30]


def test_a_product_of_such_a_name_alone_is_an_order_where_the_row_has_a_number_or_a_day() -> None:
    by_day = reading("Data;Produto;Quantidade;Valor total\n01/03/2026;Média;2;9,00\n02/03/2026;Pingado;1;5,00")
    by_order = reading("Pedido;Produto;Quantidade;Valor total\n1001;Média;2;9,00\n1002;Pingado;1;5,00")

    assert sold(by_day)["revenue"].to_list() == sold(by_order)["revenue"].to_list() == [9, 5]


def test_a_refund_that_is_called_total_is_a_property_of_the_order() -> None:
    rows = "".join(f"\n{n};0{n}/03/2026;Camisa;2;50,00;{'Total' if n % 2 else 'Parcial'}" for n in range(1, 7))
    found = reading(f"Pedido;Data;Produto;Qtd;Valor total;Reembolso{rows}")
    unnamed = reading("Data;Valor total;Qtd;Reembolso\n01/03/2026;50,00;1;Total\n02/03/2026;20,00;2;Total")

    assert sold(found).height == 6
    assert sold(unnamed)["revenue"].to_list() == [50, 20]


def test_the_sum_of_all_rows_that_says_nothing_is_no_order() -> None:
    found = reading("Pedido;Produto;Qtd;Valor total\n1;Camisa;2;50,00\n2;Meia;3;21,00\n;;5;71,00")
    continued = reading("Pedido;Produto;Qtd;Valor total\n1;Camisa;2;50,00\n;;3;21,00\n2;Meia;1;9,00")

    assert sold(found)["revenue"].to_list() == [50, 21]
    assert found.report.warnings[:1] == [SUMMED_UP.format(rows=1)]
    assert sold(continued)["revenue"].to_list() == [50, 21, 9]


def test_a_known_export_leaves_them_out_too() -> None:
    text = (
        "Order ID;Date;Status;Qty;Amount;ASIN\n1;03-12-26;Shipped;2;50;B01\n2;03-13-26;Shipped;1;20;B02\n"
        "Average;;;1.5;35;\n;;Opening balance;3;70;"
    )

    assert sold(understand(raw(cells(text)), ["amazon"]))["revenue"].to_list() == [50, 20]


@pytest.mark.parametrize(
    "label", ["Total Camisa", "Grand Total Shirts", "Totais da Camisa", "Jumlah Kaos", "RAZEM szt."]
)
def test_a_row_that_begins_as_a_sum_and_lacks_what_sales_have_is_told_as_one(label: str) -> None:
    rows = "1;01/03/2026;Camisa;2;50,00\n2;02/03/2026;Meia;3;49,00"
    found = reading(f"Pedido;Data;Produto;Qtd;Valor total\n{rows}\n{label};;;;77,00")

    assert sold(found)["revenue"].to_list() == [50, 49]
    assert SUMMED_UP.format(rows=1) in found.report.warnings


def test_a_sheet_in_which_no_column_is_usual_is_read_and_not_refused() -> None:
    rows = (
        ["Row Labels;Average of price;;"] + [f";;;{number}" for number in range(9)] + ["A;10,5;;", "Grand Total;10,5;;"]
    )
    found = reading("\n".join(rows))

    assert found.report.layout == "unknown"
