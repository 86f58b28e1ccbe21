"""The same sales give the same figures to the cent, however a table writes them."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.intake.document import read
from gateway.intake.figures import channel_facts
from gateway.intake.layouts import understand
from gateway.intake.limits import Limits
from schemas.facts import DocumentFacts
from tests.unit.gateway.intake.tables import Row, raw

#: field -> names that all mean it, in several languages
NAMES: dict[str, list[str]] = {
    "order_id": [
        "Pedido",
        "Número do Pedido",
        "Order ID",
        "Número de orden",
        "Mã đơn hàng",
        "No Pesanan",
        "Nº da venda",
    ],
    "at": ["Data da venda", "Data do Pedido", "Order Date", "Fecha de venta", "Ngày đặt hàng", "Tanggal"],
    "sku": ["SKU", "Código do Produto", "SKU Code", "ID Produto", "Cód. Produto", "Product Code", "Kode Produk"],
    "title": ["Produto", "Nome do Produto", "Product Name", "Descrição do produto", "Tên sản phẩm", "Nama Produk"],
    "units": ["Quantidade", "Qtd.", "QTDE", "Quantity", "PCS", "Units Sold", "Cantidad", "Số lượng", "Jumlah"],
    "price": ["Preço Unitário", "Valor Unit.", "Unit Price", "RATE", "Precio unitario", "Đơn giá", "Harga Satuan"],
    "revenue": ["Valor Total", "Valor Final", "Total Sales", "GROSS AMT", "Importe total", "Thành tiền", "Faturamento"],
    "fees": ["Comissão", "Tarifa de venda", "Commission", "Marketplace Fee"],
}
BUYER = "Nome do comprador"

Sale = tuple[str, dt.date, str, int, int, int]  # order, day, product, units, price and fee in cents

SALES = st.lists(
    st.tuples(
        st.integers(1000, 1040).map(lambda n: f"P-{n}"),
        st.dates(dt.date(2026, 1, 13), dt.date(2026, 3, 31)),
        st.sampled_from(["CAM-01", "CAL-02", "MEI-03", "BON-04"]),
        st.integers(1, 9),
        st.integers(101, 250_000).filter(lambda cents: cents % 100),
        st.integers(101, 9_999),
    ),
    min_size=5,
    max_size=25,
    unique=True,  # a row that stands twice may be a copy: test_copied_rows.py says when
)
STYLES = st.sampled_from(["as it is", "snake", "camel", "UPPER", "blanks"])
BRAZILIAN = st.booleans()


def money(cents: int, *, brazilian: bool) -> str:
    """Return an amount as one of the two kinds of countries writes it."""
    text = f"{cents / 100:,.2f}"
    return text.translate(str.maketrans(",.", ".,")) if brazilian else text


def styled(name: str, style: str) -> str:
    """Return a column's name in the style of a program, such as `order_date`."""
    words = name.replace(".", "").split()
    match style:
        case "snake":
            return "_".join(words).lower()
        case "camel":
            return words[0].lower() + "".join(word.capitalize() for word in words[1:])
        case "UPPER":
            return name.upper()
        case "blanks":
            return f"  {'  '.join(words)} "
        case _:
            return name


def rows_of(sales: list[Sale], names: dict[str, str], order: list[str], *, brazilian: bool) -> list[Row]:
    """Return the table with these column names, in this order."""
    rows: list[Row] = [[names[field] for field in order]]
    for number, day, product, units, price, fee in sales:
        values = {
            "order_id": number,
            "at": day.strftime("%d/%m/%Y" if brazilian else "%Y-%m-%d"),
            "sku": product,
            "title": f"Produto {product}",
            "units": str(units),
            "price": money(price, brazilian=brazilian),
            "revenue": money(price * units, brazilian=brazilian),
            "fees": money(fee, brazilian=brazilian),
            BUYER: "Zuleica Brantes",
        }
        rows.append([values[field] for field in order])
    return rows


def figures(rows: list[Row]) -> dict[str, float]:
    """Return the figures of the only channel of a table."""
    found = understand(raw(rows), ["shopee"])
    assert found.lines is not None, found.report
    (facts,) = channel_facts(found.lines, None)
    return {figure.metric: figure.value for figure in facts.figures}


def expected(sales: list[Sale]) -> dict[str, float]:
    """Return what the sales add up to, counted without any of our code."""
    return {
        "revenue": sum(price * units for *_, units, price, _ in sales) / 100,
        "units": sum(sale[3] for sale in sales),
        "orders": len({sale[0] for sale in sales}),
        "fees": sum(sale[5] for sale in sales) / 100,
    }


def assert_same(found: dict[str, float], sales: list[Sale]) -> None:
    assert {name: found[name] for name in expected(sales)} == pytest.approx(expected(sales), abs=0.005)


FIRST = {field: names[0] for field, names in NAMES.items()} | {BUYER: BUYER}
IN_ORDER = [*NAMES, BUYER]


@settings(max_examples=30, deadline=None)
@given(SALES, st.permutations(IN_ORDER), BRAZILIAN, STYLES, st.data())
def test_names_languages_and_order_of_columns_change_nothing(
    sales: list[Sale], order: list[str], brazilian: bool, style: str, data: st.DataObject
) -> None:
    names = {field: styled(data.draw(st.sampled_from(listed)), style) for field, listed in NAMES.items()}

    assert_same(figures(rows_of(sales, names | {BUYER: BUYER}, order, brazilian=brazilian)), sales)


@settings(max_examples=25, deadline=None)
@given(SALES, st.sampled_from([["price", "units"], ["revenue", "units"], ["revenue", "price", "units"]]), BRAZILIAN)
def test_a_total_or_a_price_is_enough(sales: list[Sale], amounts: list[str], brazilian: bool) -> None:
    order = ["order_id", "sku", "fees", *amounts]

    assert_same(figures(rows_of(sales, FIRST, order, brazilian=brazilian)), sales)


JUNK: list[Row] = [
    [None] * 9,
    ["Obs.: conferir com o financeiro"],
    [None, None, "— fim —"],
    ["Gerado em 02/04/2026 às 10:00"],
]


@settings(max_examples=25, deadline=None)
@given(SALES, st.integers(0, 2**32), BRAZILIAN)
def test_junk_rows_are_only_counted(sales: list[Sale], seed: int, brazilian: bool) -> None:
    rows = rows_of(sales, FIRST, IN_ORDER, brazilian=brazilian)
    header, *body = rows
    for junk in [*JUNK, header]:
        body.insert(random.Random(seed).randint(0, len(body)), junk)
    titles: list[Row] = [["Relatório de vendas"], [None], ["Período: março"]]
    found = understand(raw([*titles, header, *body]), ["shopee"])
    assert found.lines is not None
    (facts,) = channel_facts(found.lines, None)

    assert_same({figure.metric: figure.value for figure in facts.figures}, sales)
    assert found.report.rows == len(sales)
    assert found.report.warnings == ["4 linha(s) sem valor nem quantidade não foram contadas."]


def facts_of(path: Path, filename: str) -> DocumentFacts:
    return read(path, filename, ["shopee"], Limits())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SALES, st.sampled_from([";", ",", "\t", "|"]))
def test_separators_change_nothing(tmp_path: Path, sales: list[Sale], separator: str) -> None:
    rows = rows_of(sales, FIRST, IN_ORDER, brazilian=separator != ",")
    lines = [separator.join(f'"{cell}"' if separator in (cell or "") else cell or "" for cell in row) for row in rows]
    (tmp_path / "upload").write_text("\n".join(lines), "utf-8")
    (channel,) = facts_of(tmp_path / "upload", "vendas.csv").channels

    assert_same({figure.metric: figure.value for figure in channel.figures}, sales)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SALES, st.booleans(), st.booleans())
def test_a_workbooks_numbers_and_texts_are_the_same(
    tmp_path: Path, sales: list[Sale], as_numbers: bool, more_sheets: bool
) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    header, *rows = rows_of(sales, FIRST, IN_ORDER, brazilian=True)
    sheet.append(header)
    for row, (_, day, _, units, price, fee) in zip(rows, sales, strict=True):
        typed: dict[str, Any] = {"at": day, "units": units, "price": price / 100, "fees": fee / 100}
        typed["revenue"] = price * units / 100
        values = dict(zip(IN_ORDER, row, strict=True)) | (typed if as_numbers else {})
        sheet.append([values[field] for field in IN_ORDER])
    if more_sheets:
        workbook.create_sheet("Instruções").append(["Preencha a planilha", "com cuidado"])
        stock = workbook.create_sheet("Estoque")
        for cells in (["SKU", "Produto", "Estoque"], ["CAM-01", "Camisa", 10]):
            stock.append(cells)
    workbook.save(tmp_path / "upload")
    (channel,) = facts_of(tmp_path / "upload", "vendas.xlsx").channels

    assert_same({figure.metric: figure.value for figure in channel.figures}, sales)
