"""Lists that a small shop keeps: what it has, what it bought, and sums with an amount for each sale beside them."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from gateway.intake.layouts import Reading, understand
from gateway.intake.layouts.agreeing import are_pieces_at
from tests.unit.gateway.intake.tables import cells, fields, raw, reading, sold

Row = list[object]

ON_SHELF = "id;nome;quantidade;valor_unitario;valor_total\n1;Vaso;4;12,50;50,00\n2;Cesto;3;20,00;60,00"


def named(text: str, file: str, where: str = "planilha “Sheet1”") -> Reading:
    return understand(replace(raw(cells(text), where), filename=file), ["own_store"], None)


@pytest.mark.parametrize("name", ["receita_por_venda", "Receita por venda", "Faturamento por cliente"])
def test_an_amount_for_each_sale_is_no_sum_of_the_month(name: str) -> None:
    rows = f"ano;mes;unidades_vendidas;receita_total;{name}\n2025;1;40;800,00;32,00\n2025;2;50;900,00;30,00"
    found = reading(rows)

    assert (fields(found)["revenue"], sold(found)["revenue"].sum()) == ("receita_total", 1700)


@pytest.mark.parametrize("name", ["Revenue per order", "Receita por pedido", "Ingresos por cliente"])
def test_what_each_sale_brings_has_no_sum(name: str) -> None:
    assert reading(f"ano;mes;{name}\n2025;1;32,00\n2025;2;30,00").lines is None


def test_a_supplier_that_is_a_marketplace_is_no_channel() -> None:
    found = reading("ID;Produto;Fornecedor;Quantidade;Valor de Compra;Data\n1;Trinco;Amazon;15;100,00;13/11/2024")

    assert "channel" not in fields(found)
    assert (found.report.asks, found.lines) == (True, None)


@pytest.mark.parametrize("file", ["produtos.xlsx", "Cadastro de produtos.csv", "catalogo.xlsx"])
def test_goods_of_which_nothing_tells_that_they_were_sold_are_asked_about(file: str) -> None:
    found = named(ON_SHELF, file)

    assert (found.report.asks, found.lines) == (True, None)


@pytest.mark.parametrize(
    ("text", "file", "where"),
    [
        (ON_SHELF, "x.xlsx", "t"),
        (ON_SHELF, "produtos_vendidos.xlsx", "planilha “Sheet1”"),
        (ON_SHELF, "produtos.xlsx", "planilha “Vendas”"),
        (ON_SHELF, "produtos.xlsx", "planilha “Maio”"),
        (ON_SHELF.replace("quantidade", "quantidade_vendida"), "produtos.xlsx", "t"),
        (ON_SHELF.replace("id;", "pedido;"), "produtos.xlsx", "t"),
        (ON_SHELF.replace("Cesto", "Vaso"), "produtos.xlsx", "t"),
        ("produto;qtd;valor_total;forma_pagamento\nVaso;4;50,00;Pix\nCesto;3;60,00;Dinheiro", "produtos.csv", "t"),
        ("Lista;;\nproduto;qtd;preço;total\nVaso;4;12,50;50,00", "controle.csv", "t"),
        ("data;nome;quantidade;valor_unitario;valor_total\n01/02/2025;Vaso;4;12,50;50,00", "produtos.csv", "t"),
    ],
)
def test_goods_that_anything_tells_were_sold_count(text: str, file: str, where: str) -> None:
    assert sold(named(text, file, where))["revenue"].sum() >= 50


@pytest.mark.parametrize("flag", ["1", "1.0"])
def test_a_column_of_ones_and_zeros_called_cancelled_tells_which_sales_are(flag: str) -> None:
    rows = f"1;01/03/2026;Jarra;2;10,00;0\n2;02/03/2026;Bule;1;30,00;{flag}\n3;03/03/2026;Xícara;3;12,50;0"
    lines = sold(reading(f"pedido;data;produto;quantidade;preco_unitario;Cancelado\n{rows}"))

    assert lines["status"].to_list() == ["sold", "cancelled", "sold"]
    assert lines["refund"].null_count() == 3


@pytest.mark.parametrize("name", ["vendas_dia", "Vendas do dia", "Daily sales", "Total de vendas", "Ventas"])
def test_sales_that_may_be_counted_are_asked_about(name: str) -> None:
    found = reading(f"data;{name}\n01/03/2026;62\n02/03/2026;82\n03/03/2026;189")

    assert (found.report.asks, found.lines) == (True, None)


def test_sales_that_are_no_pieces_at_the_price_beside_are_asked_about() -> None:
    found = reading("data;produto;vendas;preco\n01/03/2026;Boné;18;30\n02/03/2026;Luva;7;50\n03/03/2026;Meia;13;15,5")

    assert (found.report.asks, found.lines) == (True, None)
    assert are_pieces_at(pl.Series([9.0]), pl.Series([], dtype=pl.Float64))


@pytest.mark.parametrize(
    "table",
    [
        "data;produto;vendas;preco\n01/03/2026;Boné;180;30\n02/03/2026;Luva;150;50\n03/03/2026;Meia;31;15,5",
        "data;vendas_dia\n01/03/2026;62,50\n02/03/2026;82,90\n03/03/2026;189,00",
        "data;Vendas $\n01/03/2026;62\n02/03/2026;82\n03/03/2026;189",
        "data;Vendas do dia (R$)\n01/03/2026;62\n02/03/2026;82\n03/03/2026;189",
        "data;vendas_dia\n01/03/2026;62000\n02/03/2026;82500\n03/03/2026;189000",
        "data;faturamento_dia\n01/03/2026;62\n02/03/2026;82\n03/03/2026;189",
        "data;unidades;vendas_dia\n01/03/2026;6;62\n02/03/2026;8;82\n03/03/2026;19;189",
    ],
)
def test_sales_that_are_amounts_count(table: str) -> None:
    assert sold(reading(table))["revenue"].sum() > 300


@pytest.mark.parametrize("sheet", ["Dados Filtrados", "filtro", "Filtered"])
def test_what_somebody_filtered_is_asked_about(sheet: str) -> None:
    found = named("Produto;Quantidade;Valor total\nBota;3;90,00\nMeia;10;50,00", "Vendas.xlsx", f"planilha “{sheet}”")

    assert (found.report.asks, found.lines) == (True, None)


def test_goods_in_their_sizes_with_a_discount_are_asked_about() -> None:
    head = "Lista de produtos;;;;\nDescrição;Tamanho;Preço unitário;Valor do desconto;Quantidades;Valor total"
    rows = "Bota;34;80,00;8,00;3;216,00\nBota;35;80,00;8,00;2;144,00\nSandália;34;50,00;5,00;1;45,00"
    found = named(f"{head}\n{rows}", "Controle de vendas.xlsx", "planilha “Calçados”")

    assert (found.report.asks, found.lines) == (True, None)


@pytest.mark.parametrize(
    ("header", "second"), [("Data", "ago/21"), ("Data da venda", "2021-08"), ("Período", "08/2021")]
)
def test_months_below_the_name_of_a_day_stand_for_their_first_days(header: str, second: str) -> None:
    first = second.replace("ago", "jul").replace("08", "07")
    found = reading(f"{header};Produto;Quantidade;Valor total\n{first};Boné;3;60,00\n{second};Boné;2;40,00")

    assert sold(found)["at"].dt.date().to_list() == [date(2021, 7, 1), date(2021, 8, 1)]


@pytest.mark.parametrize("name", ["qtd_linhas", "Quantidade de linhas", "Number of lines", "número de linhas"])
def test_the_lines_of_an_order_are_no_pieces(name: str) -> None:
    found = reading(f"pedido;data;{name};valor_total\n1;01/03/2026;2;90,00\n2;02/03/2026;3;45,50\n3;02/03/2026;1;8,40")

    assert (sold(found)["revenue"].sum(), sold(found)["units"].null_count()) == (143.9, 3)


def test_short_names_of_prices_are_known() -> None:
    found = reading("Dt_Venda;Cod_prod;Pr_custo;Pr_Unit;Qtde\n01/01/2026;2;1,00;2,50;4\n02/01/2026;5;2,00;3,00;2")

    assert (sold(found)["revenue"].sum(), fields(found)["price"]) == (16, "Pr_Unit")


def test_a_phase_tells_what_became_of_a_sale() -> None:
    head = "Número da NF;Current phase;Data;Valor faturado"
    rows = "1;Entregue;01/03/2026;90,50\n2;Pedidos Cancelados;02/03/2026;40,25\n3;Transporte;03/03/2026;10,00"

    assert sold(reading(f"{head}\n{rows}"))["status"].to_list()[1] == "cancelled"


def test_a_payroll_beside_what_the_shop_sold_is_no_table_of_sales() -> None:
    head = "Empresa;Mês;Ano;Código;Funcionário;Proventos;FGTS;Vale transporte;Total;Faturamento"
    one = "Norte;Março;2025;11;Zuleica;2475,48;198,03;0,00;2673,51;90500,10"
    other = "Norte;Março;2025;12;Rui;2300,00;184,00;80,00;2564,00;90500,10"
    found = reading(f"{head}\n{one}\n{other}")

    assert (found.report.kind, found.lines) == ("costs", None)


def test_those_who_work_in_a_shop_are_no_pieces() -> None:
    rows = (
        "Norte;Março;2025;90500,10;2;45250,05\nSul;Março;2025;81000,00;3;27000,00\nLeste;Abril;2025;70200,40;4;17550,10"
    )
    found = reading(f"Setor;Mês;Ano;Faturamento;Funcionários;Venda por funcionário\n{rows}")

    assert "units" not in fields(found)


@pytest.mark.parametrize("total", ["Total Detalle", "Total línea", "Total da linha", "Total renglón"])
def test_what_a_line_comes_to_stands_above_its_price_before_a_discount(total: str) -> None:
    rows = "20260302;Martillo;2;1000;-10;1800\n20260303;Clavos;3;500;0;1500\n20260304;Sierra;1;9000;-35;5850"
    found = reading(f"Ord Date;Producto;Cantidad;Precio Unitario;Descuento;{total}\n{rows}")

    assert fields(found)["revenue"] == total
    assert (sold(found)["revenue"].sum(), sold(found)["at"].null_count()) == (9150, 0)


def test_round_amounts_that_a_buyer_paid_are_money() -> None:
    head, row = "Data;Cliente;Produto;Valor", "0{n}/03/2026;Ana {n};Bota;{n}50"
    rows = [row.format(n=n) for n in range(1, 9)]
    paid = "\n".join([f"{head};Forma de pagamento", *(f"{one};Pix" for one in rows)])

    assert sold(reading(paid))["revenue"].sum() == 4000
    assert reading("\n".join([head, *rows])).lines is None


@pytest.mark.parametrize("name", ["ETA", "eta"])
def test_when_it_is_to_arrive_is_no_day_of_a_sale(name: str) -> None:
    found = reading(f"order_number;{name};product;qty;total\nA-1;2026-05-25;Hat;1;20.50\nA-2;2026-05-26;Cap;2;31.00")

    assert "at" not in fields(found)


def test_what_a_customer_may_still_buy_makes_no_account_of_sales() -> None:
    rows = [f"2025;{n};Ana {n};{n}30,40;900,00;{n}0,10" for n in range(1, 9)]
    found = reading("\n".join(["Ano;Mês;Cliente;Valor da venda;Limite de crédito;Crédito disponível", *rows]))

    assert sold(found)["revenue"].sum() == pytest.approx(3843.2)


@pytest.mark.parametrize("name", ["Compras2025", "compras 2025"])
def test_a_year_written_to_the_word_leaves_purchases_what_they_are(name: str) -> None:
    rows = [f"0{n}/02/2025;Parafuso {n};{n};2,50;{n * 25 / 10:.2f}" for n in range(1, 7)]

    assert named("\n".join(["Data;Produto;Quantidade;Valor;Total", *rows]), f"{name}.xlsx").report.kind == "costs"
