"""Tables that tell how much was sold, and not for how much."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from gateway.intake.document import read
from gateway.intake.layouts.unpriced import UNPRICED
from gateway.intake.limits import DEFAULT_LIMITS
from gateway.intake.unpriced_beside import BESIDE
from schemas.facts import DocumentFacts
from tests.unit.gateway.intake.tables import reading, sold

ORDERS = "order_id;dish_id;quantity;order_date\n1;3;5;2026/03/01\n1;4;2;2026/03/01\n2;3;1;2026/04/02"


def test_units_of_orders_are_figures_and_their_revenue_is_unknown() -> None:
    found = reading(ORDERS)
    lines = sold(found)

    assert lines["units"].to_list() == [5, 2, 1]
    assert lines["order_id"].to_list() == ["1", "1", "2"]
    assert lines["revenue"].null_count() == 3
    assert UNPRICED in found.report.warnings


def test_the_size_of_an_order_counts_its_units() -> None:
    rows = "\n".join(f"A-{n % 3};{n % 4 + 1};{n:02d}/03/2026;{500 + n}" for n in range(1, 20))
    found = reading(f"SKU;Tamanho Pedido;Data da Venda;Código Cliente\n{rows}", where="vendas")

    assert sold(found)["units"].sum() == sum(n % 4 + 1 for n in range(1, 20))
    assert UNPRICED in found.report.warnings


def test_orders_of_a_marketplace_with_addresses_are_sales_where_a_status_tells_what_became_of_them() -> None:
    names = "订单号;订单状态;应履约件数;商品名称;收货人姓名;城市;省份;国家;订单创建时间"
    rows = "PO-7;已签收;2;Tigela;Zuleica;Natal;RN;BR;2026-03-01\nPO-8;已取消;0;Prato;Teobaldo;Natal;RN;BR;2026-03-02"
    found = reading(f"{names}\n{rows}")
    lines = sold(found)

    assert (lines["units"].to_list(), lines["status"].to_list()) == ([2, 0], ["sold", "cancelled"])
    assert UNPRICED in found.report.warnings


def test_units_of_days_are_sales_where_a_name_says_so() -> None:
    rows = "2026-03-01;Pizza;30\n2026-03-02;Pasta;12"

    assert sold(reading(f"data;piatto;quantità venduta\n{rows}"))["units"].to_list() == [30, 12]
    assert sold(reading(f"data;piatto;quantità\n{rows}", where="vendite marzo"))["units"].to_list() == [30, 12]
    assert reading(f"data;piatto;quantità\n{rows}").lines is None


@pytest.mark.parametrize(
    "table",
    [
        "pedido;produto;quantidade;fornecedor\n1;A;5;Alfa\n2;B;2;Beta",  # what was ordered of suppliers
        "pedido;produto;quantidade;estoque\n1;A;5;10\n2;B;2;20",
        "pedido;produto;quantidade;apurado\n1;A;5;10,50\n2;B;2;20,90",  # money that nobody knows: a person says
        "tgl;penjualan;jumlah\n2026-03-01;Sarung;7000\n2026-03-02;Dasi;47400",  # an amount, in Indonesian
        "remessa;material;quantidade\n80;A1;5\n81;B2;2",
    ],
)
def test_units_that_may_be_of_something_else_are_no_sales(table: str) -> None:
    assert reading(table).lines is None


def document(path: Path, text: str) -> DocumentFacts:
    path.write_text(text, "utf-8")
    return read(path, path.name, ["own_store"], DEFAULT_LIMITS)


def test_no_figure_of_an_unknown_revenue_is_zero(tmp_path: Path) -> None:
    facts = document(tmp_path / "pedidos.csv", ORDERS)
    figures = {figure.metric: figure.value for figure in facts.channels[0].figures}

    assert figures["units"] == 8
    assert figures["orders"] == 2
    assert not [name for name in figures if "revenue" in name or "ticket" in name]


def test_units_alone_are_not_added_to_sales_of_another_table(tmp_path: Path) -> None:
    path = tmp_path / "vendas.xlsx"
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (
        ("Vendas", [["Pedido", "Produto", "Quantidade", "Valor total"], ["1", "A", 2, 20.5], ["2", "B", 1, 9.9]]),
        ("Separação", [["Pedido", "Código", "Quantidade"], ["1", "x1", 2], ["2", "x2", 1]]),
    ):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    facts = read(path, path.name, ["own_store"], DEFAULT_LIMITS)
    figures = {figure.metric: figure.value for figure in facts.channels[0].figures}

    assert (figures["units"], figures["revenue"]) == (3, 30.4)
    assert [BESIDE in table.warnings for table in facts.tables] == [False, True]
