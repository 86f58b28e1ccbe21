"""What a file, a sheet or a title is called tells of returns, of cancelled orders and of sales beside suppliers."""

from dataclasses import replace

import pytest

from gateway.intake.layouts import Reading, understand
from gateway.intake.layouts.called import BY_NAME, SOME, says_of_returns
from gateway.intake.layouts.described import header_id
from gateway.intake.layouts.kinds import SAYS
from tests.unit.gateway.intake.tables import cells, raw, sold

HEADER = "Pedido;Data;Produto;Quantidade;Valor total"
ORDERS = f"{HEADER}\n1;01/03/2026;Luva;1;30,00\n2;02/03/2026;Touca;2;70,00"
STATUS = f"{HEADER};Situação\n1;01/03/2026;Luva;1;30,00;Entregue\n2;02/03/2026;Touca;2;70,00;Cancelado"
BOUGHT = (
    "Pedido;Data;Produto;Fornecedor;Quantidade;{}Valor total\n"
    "1;01/03/2026;Luva;Nord;2;{}60,00\n2;02/03/2026;Touca;Sul;1;{}70,00"
)


def read(text: str, file: str, mapping: dict[str, str] | None = None, where: str = "t") -> Reading:
    table = replace(raw(cells(text), where), filename=file)
    return understand(table, ["own_store"], {header_id(HEADER.split(";")): mapping} if mapping else None)


@pytest.mark.parametrize(
    "name",
    [
        *("pedidos cancelados.xlsx", "Relatório de pedidos cancelados 03-2026.csv", "pedidos_devolvidos.csv"),
        *(
            "Cancelled Orders Report.csv",
            "orders_returned.xlsx",
            "pedidos anulados.xlsx",
            "Stornierte Bestellungen.csv",
        ),
        *("Anulowane zamówienia.xlsx", "commandes annulées.csv", "ordini annullati.csv", "pesanan dibatalkan.xlsx"),
        *("pedidos (cancelados).csv", "Devoluções e reembolsos.xlsx", "pedidos cancelados e devolvidos.csv"),
    ],
)
def test_a_file_that_is_called_cancelled_or_returned_orders_is_no_sale(name: str) -> None:
    found = read(ORDERS, name)

    assert (found.lines, found.report.kind, found.report.asks) == (None, "returns", False)
    assert found.report.warnings == [SAYS["returns"], BY_NAME]
    assert sold(read(STATUS, name))["status"].to_list() == ["sold", "cancelled"]


@pytest.mark.parametrize(
    "name",
    [
        "pedidos pagos e cancelados.csv",
        "pedidos_cancelados_e_entregues.csv",
        "pedidos_devolucoes.xlsx",
        "Vendas e devoluções",
        *(
            "pedidos cancelados e finalizados.csv",
            "pedidos cancelados e em aberto.csv",
            "Pedidos Cancelados + Prontos.csv",
        ),
        *(
            "pedidos - cancelados e ativos.csv",
            "pedidos devolvidos e trocados.csv",
            "pedidos cancelados finalizados.csv",
            "pedidos devolvidos descontados.csv",
        ),
    ],
)
def test_sales_of_which_a_name_says_that_some_came_back_are_told(name: str) -> None:
    found = read(ORDERS, name)

    assert sold(found)["revenue"].sum() == 100
    assert SOME in found.report.warnings
    assert SOME not in read(STATUS, name).report.warnings


@pytest.mark.parametrize(
    "name",
    [
        *("pedidos sem cancelados.xlsx", "orders without returns.csv", "pedidos.csv", "Vendas (exceto canceladas).csv"),
        *("cancelamentos descontados.csv", "liquido de devolucoes.csv", "março (já tirei as devoluções).csv"),
        *("Política: devoluções em 7 dias", "Total de devoluções no período: 0", "Valores já descontados os estornos"),
    ],
)
def test_a_name_that_leaves_them_out_says_nothing(name: str) -> None:
    assert says_of_returns(name, is_file=True) == ""
    assert SOME not in read(ORDERS, name).report.warnings
    assert sold(read(f"{name}\n{ORDERS}", "x.csv"))["revenue"].sum() == 100


@pytest.mark.parametrize(
    "name",
    [
        "Total de devoluções: 10",
        "Pedidos cancelados e excluídos",
        "cancelados e não pagos",
        "pedidos cancelados e motivos",
    ],
)
def test_a_name_that_counts_them_or_tells_why_says_that_all_came_back(name: str) -> None:
    assert says_of_returns(name) == "all"


def test_what_a_person_says_of_columns_stands_above_the_name() -> None:
    found = read(ORDERS, "pedidos cancelados.xlsx", {"Valor total": "revenue"})

    assert sold(found)["revenue"].sum() == 100


def test_suppliers_beside_what_is_called_sales_are_the_goods_own() -> None:
    text = BOUGHT.format("", "", "")

    assert sold(read(text, "x.xlsx", where="planilha “Vendas”"))["revenue"].sum() == 130
    assert sold(read(f"Vendas de março\n{text}", "x.xlsx"))["revenue"].sum() == 130


@pytest.mark.parametrize(
    "file",
    [
        *("pedidos.csv", "Vendas e compras.csv", "vendas_03_2026.csv", "reposicao para vendas marco.csv"),
        *("pedidos p vendas de natal.csv", "Mercadorias vendidas pelos fornecedores.csv"),
    ],
)
def test_suppliers_in_a_file_that_alone_is_called_after_sales_are_asked_about(file: str) -> None:
    found = read(BOUGHT.format("", "", ""), file)

    assert (found.report.asks, found.lines) == (True, None)


@pytest.mark.parametrize("cost", ["Custo médio", "Custo anterior", "Último custo", "Average cost"])
def test_a_cost_of_another_time_beside_the_price_that_was_paid_is_no_sale(cost: str) -> None:
    text = BOUGHT.format(f"Preço unitário;{cost};", "30,00;33,00;", "70,00;77,00;")

    assert (read(text, "x.csv").report.asks, read(text, "x.csv").lines) == (True, None)
    assert sold(read(text.replace(cost, "Custo"), "x.csv"))["revenue"].sum() == 130


@pytest.mark.parametrize(("cost", "kind"), [("20,00", "sales"), ("30,00", "costs")])
def test_a_total_that_another_price_makes_than_the_cost_was_sold(cost: str, kind: str) -> None:
    second = "50,00" if kind == "sales" else "70,00"
    text = BOUGHT.format("Preço;Custo;", f"30,00;{cost};", f"70,00;{second};")

    assert read(text, "x.csv").report.kind == kind


@pytest.mark.parametrize(
    "title",
    [
        "Data returned for Sum of Value (First 1000 rows).",
        "Dados retornados para Soma de Valor",
        "Datos devueltos para X",
    ],
)
def test_rows_that_excel_returned_for_a_cell_of_a_pivot_table_did_not_come_back(title: str) -> None:
    assert says_of_returns(title) == ""
    assert says_of_returns(f"{title} of returned orders") == "all"
    assert sold(read(ORDERS, "x.xlsx", where=title))["revenue"].sum() == 100


@pytest.mark.parametrize(
    ("header", "asks"),
    [
        ("Nº do P.O.", True),
        ("PO Number", True),
        ("Ordem de Compra", True),
        ("Nota Fiscal Compra", True),
        ("Data da PO", True),
        ("Número da OP", False),
        ("Ponto", False),
    ],
)
def test_numbers_of_purchases_beside_suppliers_are_asked_about_whoever_the_goods_are_for(
    header: str, asks: bool
) -> None:
    lines = [f"{n}0;0{n}/03/2026;Peça {n};Fábrica;{n};{n}0,50;Empresa {n}" for n in range(1, 7)]
    text = "\n".join([f"{header};Data;Produto;Fornecedor;Quantidade;Valor total;Razão Social", *lines])
    found = read(text, "x.xlsx")

    assert (found.lines is None, found.report.asks) == (asks, asks)


@pytest.mark.parametrize(
    ("above", "kind"), [("Loja Sol NOTA DE CRÉDITO", "returns"), ("Credit note", "returns"), ("Fatura", "sales")]
)
def test_a_credit_note_is_no_bill(above: str, kind: str) -> None:
    table = raw(cells("Descrição;Qtd;Preço unit.;Total\nVela;2;15,00;30,00\nCopo;1;20,00;20,00"), free=True)
    found = understand(replace(table, headings=(above,)), ["own_store"])

    assert (found.report.kind, found.lines is None) == (kind, kind == "returns")
