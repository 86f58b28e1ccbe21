"""Lists that a small shop keeps: what it has, what it bought, and sums with an amount for each sale beside them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook

from gateway.intake.document import read
from gateway.intake.layouts import Reading, understand
from gateway.intake.layouts.agreeing import are_pieces_at
from gateway.intake.limits import Limits
from gateway.intake.told_again import MAY_BE_PART, PART_OF
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


def workbook(path: Path, part: list[Row]) -> list[tuple[str, bool]]:
    """Read sales beside a sheet with these of them, and return each table's remarks and whether it counts."""
    every: list[Row] = [["Bota", 3, 90], ["Meia", 10, 50], ["Cinto", 2, 80], ["Boné", 1, 25]]
    book = Workbook()
    del book["Sheet"]
    for name, rows in (("Vendas", every), ("Parte", part)):
        sheet = book.create_sheet(name)
        for row in [["Produto", "Quantidade", "Valor total"], *rows]:
            sheet.append(row)
    book.save(path)
    tables = read(path, path.name, ["own_store"], Limits()).tables
    return [(" ".join(table.warnings), table.layout != "unknown") for table in tables]


def test_a_sheet_of_rows_that_another_one_has_is_no_further_sale(tmp_path: Path) -> None:
    (whole, _), (part, _) = workbook(tmp_path / "a.xlsx", [["Meia", 10, 50], ["Cinto", 2, 80], ["Boné", 1, 25]])

    assert (PART_OF in whole, PART_OF in part) == (False, True)


@pytest.mark.parametrize(
    "part",
    [
        [["Meia", 10, 50], ["Cinto", 2, 80]],
        [["Meia", 10, 50], ["Cinto", 2, 80], ["Boné", 2, 50]],
        [["Meia", 10, 50], ["Meia", 10, 50], ["Cinto", 2, 80], ["Boné", 1, 25]],
    ],
)
def test_rows_that_the_other_sheet_does_not_have_as_often_are_sales(part: list[Row], tmp_path: Path) -> None:
    assert not any(PART_OF in remarks for remarks, _ in workbook(tmp_path / "a.xlsx", part))


@pytest.mark.parametrize("name", ["qtd_linhas", "Quantidade de linhas", "Number of lines", "número de linhas"])
def test_the_lines_of_an_order_are_no_pieces(name: str) -> None:
    found = reading(f"pedido;data;{name};valor_total\n1;01/03/2026;2;90,00\n2;02/03/2026;3;45,50\n3;02/03/2026;1;8,40")

    assert (sold(found)["revenue"].sum(), sold(found)["units"].null_count()) == (143.9, 3)


CODES = "{};Produto;Quantidade;Preço unitário;Data"
TWICE = (
    "{0}1;Sofá;1;900,00;01/03/2026\n{0}2;Mesa;2;400,00;02/03/2026\n{0}1;Sofá;3;900,00;05/03/2026\n"
    "{0}2;Mesa;1;400,00;{1}"
)


@pytest.mark.parametrize("name", ["ID", "Número"])
def test_an_id_that_comes_again_with_its_product_on_other_days_is_the_products(name: str) -> None:
    found = reading(f"{CODES.format(name)}\n{TWICE.format('HL', '06/03/2026')}")

    assert (fields(found).get("order_id"), sold(found)["sku"].to_list()) == (None, ["HL1", "HL2", "HL1", "HL2"])


@pytest.mark.parametrize(
    "table",
    [
        f"{CODES.format('Pedido')}\n{TWICE.format('HL', '06/03/2026')}",
        f"{CODES.format('ID')}\n{TWICE.format('', '02/03/2026').replace('05/03/2026', '01/03/2026')}",
        f"{CODES.format('ID')}\n{TWICE.format('', '06/03/2026').replace('Mesa;1', 'Banco;1')}",
    ],
)
def test_an_id_of_one_day_or_of_several_products_is_the_orders(table: str) -> None:
    assert sold(reading(table))["order_id"].drop_nulls().n_unique() >= 2


def test_numbers_of_an_orders_lines_are_no_products() -> None:
    rows = "1;10;Copo;2;5,00\n2;10;Jarra;1;30,00\n3;11;Copo;4;5,00\n5;12;Copo;1;5,00"
    found = reading(f"item_id;pedido_id;produto;quantidade;preco_unitario\n{rows}")

    assert (sold(found)["sku"].null_count(), sold(found)["title"].n_unique()) == (4, 2)


@pytest.mark.parametrize("codes", [["SO-7", "SO-8", "SO-9", "SO-10"], ["SO-10", "SO-9", "SO-8", "SO-7"]])
def test_a_reference_that_counts_up_or_down_is_no_product(codes: list[str]) -> None:
    days = [f"{code};0{n}/03/2026;{'Copo' if n % 2 else 'Jarra'};1;5,00" for n, code in enumerate(codes, 1)]
    other = [row.replace("SO-8", "TB-8") for row in days]
    far = [row.replace("SO-7", "SO-1").replace("SO-10", "SO-10000") for row in days]

    assert sold(reading("\n".join(["ref_no;data;produto;qtd;total", *days])))["sku"].null_count() == len(codes)
    for kept in (other, far):
        assert sold(reading("\n".join(["ref_no;data;produto;qtd;total", *kept])))["sku"].null_count() == 0


def test_codes_of_products_beside_their_names_stay() -> None:
    rows = "70;10;Copo;2;5,00\n90;10;Jarra;1;30,00\n70;11;Copo;4;5,00\n70;12;Copo;1;5,00"

    assert sold(reading(f"item_id;pedido_id;produto;quantidade;preco_unitario\n{rows}"))["sku"].null_count() == 0


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


ORDERS: list[Row] = [
    ["Número do pedido", "Data da venda", "Produto", "Quantidade", "Valor total"],
    ["PV-301", "02/03/2026", "Bota", 3, 90.5],
    ["PV-302", "05/03/2026", "Meia", 10, 50.9],
    ["PV-303", "09/03/2026", "Cinto", 2, 80.4],
    ["PV-304", "12/03/2026", "Boné", 1, 25.3],
]


def of_sheets(path: Path, **sheets: Sequence[Row]) -> tuple[list[str], float]:
    """Read a workbook of these sheets, and return the remarks on each, and the revenue."""
    book = Workbook()
    del book["Sheet"]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    facts = read(path, path.name, ["own_store"], Limits())
    (own,) = facts.channels
    revenue = next(one.value for one in own.figures if one.metric == "revenue")
    return [" ".join(table.warnings) for table in facts.tables], revenue


@pytest.mark.parametrize(("day", "is_part"), [("05/03/2026", True), ("05/04/2026", False)])
def test_orders_that_another_sheet_has_with_other_days_are_no_further_sales(
    day: str, is_part: bool, tmp_path: Path
) -> None:
    head: Row = ["Número do pedido", "Data", "Produto", "Quantidade", "Valor total"]
    due: list[Row] = [[order, day, product, 1, total] for order, _, product, _, total in ORDERS[2:]]
    remarks, revenue = of_sheets(tmp_path / "a.xlsx", Pedidos=ORDERS, Aberto=[head, *due])

    assert PART_OF not in remarks[0]
    assert (PART_OF in remarks[1]) == is_part
    assert not is_part or revenue == pytest.approx(247.1)


def test_sums_without_a_day_beside_each_sale_may_be_of_a_part_of_them(tmp_path: Path) -> None:
    some: list[Row] = [["Mês", "Valor total"], ["Março", 141.4], ["Abril", 20.2]]
    more: list[Row] = [["Mês", "Valor total"], ["Março", 900.5], ["Abril", 820.2]]
    remarks, revenue = of_sheets(tmp_path / "a.xlsx", Vendas=ORDERS, Resumo=some)

    assert MAY_BE_PART in remarks[1]
    assert revenue == pytest.approx(247.1)
    assert MAY_BE_PART not in of_sheets(tmp_path / "b.xlsx", Vendas=ORDERS, Resumo=more)[0][1]


def test_a_long_list_that_names_each_product_once_has_no_orders() -> None:
    head, rows = (
        "ID;Produto;Qtd vendida;Preço venda;Total vendas",
        [f"{n};Suco {n};{n};2,50;{n * 2.5:.2f}" for n in range(7, 37)],
    )
    long, short = reading("\n".join([head, *rows])), reading("\n".join([head, *rows[:6]]))

    assert "order_id" not in fields(long)
    assert sold(long)["order_id"].null_count() == sold(long).height
    assert fields(short)["order_id"] == "ID"


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


def test_who_brings_it_is_no_product() -> None:
    rows = [f"N-{n};2026-03-0{n};Hat {n};1;20.50;30100{n % 2}-Z" for n in range(1, 9)]

    assert "sku" not in fields(reading("\n".join(["order;createdAt;product;qty;total;carrierId", *rows])))


def test_what_a_customer_may_still_buy_makes_no_account_of_sales() -> None:
    rows = [f"2025;{n};Ana {n};{n}30,40;900,00;{n}0,10" for n in range(1, 9)]
    found = reading("\n".join(["Ano;Mês;Cliente;Valor da venda;Limite de crédito;Crédito disponível", *rows]))

    assert sold(found)["revenue"].sum() == pytest.approx(3843.2)


def test_what_was_sold_is_no_number_of_an_order_in_indonesian() -> None:
    rows = [f"2026-03-0{n};{n + 20};roti" for n in range(1, 9)]
    found = reading("\n".join(["tanggal;penjualan;varian", *rows]))

    assert (found.lines, "order_id" in fields(found)) == (None, False)
    assert "order_id" in fields(reading("\n".join(["tanggal;no penjualan;varian", *rows])))
    salespeople = reading("Bulan;Jumlah Sales;Penjualan\nJanuari;12;35\nFebruari;20;90\nMaret;82;201")
    assert salespeople.lines is None


@pytest.mark.parametrize("name", ["Compras2025", "compras 2025"])
def test_a_year_written_to_the_word_leaves_purchases_what_they_are(name: str) -> None:
    rows = [f"0{n}/02/2025;Parafuso {n};{n};2,50;{n * 25 / 10:.2f}" for n in range(1, 7)]

    assert named("\n".join(["Data;Produto;Quantidade;Valor;Total", *rows]), f"{name}.xlsx").report.kind == "costs"
