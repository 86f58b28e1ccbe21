"""Items of bills as an ERP writes them: names of a database, and a code that says which operation a row is."""

import pytest

from gateway.intake.layouts.cfop import ENTRIES, OTHER_OPERATION
from gateway.intake.layouts.table_names import in_words
from tests.unit.gateway.intake.tables import fields, reading, sold

PROTHEUS = "D2_FILIAL;D2_DOC;D2_EMISSAO;D2_COD;B1_DESC;D2_UM;D2_QUANT;D2_PRCVEN;D2_TOTAL;D2_CF"
ITEMS = [
    f"01;{88000 + n // 2};202610{n + 1:02d};CAM-{n};CAMISETA {n};UN;2,00;{10 + n},00;{20 + 2 * n},00;" for n in range(8)
]


def items(*codes: str) -> list[str]:
    return [line + codes[n % len(codes)] for n, line in enumerate(ITEMS)]


def test_fields_of_protheus_are_read_though_a_unit_is_the_only_known_word() -> None:
    found = reading("\n".join([PROTHEUS, *items("5102")]))

    assert sold(found)["revenue"].sum() == 216
    assert fields(found) == {
        "order_id": "D2_DOC", "at": "D2_EMISSAO", "sku": "D2_COD", "title": "B1_DESC", "units": "D2_QUANT",
        "price": "D2_PRCVEN", "revenue": "D2_TOTAL",
    }  # fmt: skip


def test_rows_of_another_operation_are_no_sales() -> None:
    found = reading("\n".join([PROTHEUS, *items("5102", "6.108", "5102", "5915")]))

    assert sold(found)["revenue"].sum() == 216 - 26 - 34
    assert OTHER_OPERATION.format(rows=2, column="CFOP", codes="5915") in found.report.warnings


@pytest.mark.parametrize("codes", [("5102", "6108"), ("5915", "5949")])
def test_codes_of_one_kind_alone_leave_all_rows(codes: tuple[str, ...]) -> None:
    assert sold(reading("\n".join([PROTHEUS, *items(*codes)]))).height == 8


def test_bills_of_goods_that_came_in_are_asked_about() -> None:
    found = reading("\n".join([PROTHEUS, *items("1102", "2.102")]))

    assert (found.lines, found.report.kind, found.report.asks) == (None, "unknown", True)
    assert ENTRIES.format(column="CFOP", codes="1102, 2102") in found.report.warnings
    assert sold(reading("\n".join([PROTHEUS, *items("1102", "5102")]))).height == 4


def test_names_of_other_tables_stay() -> None:
    names = ["A1_B2", "Produto", "Qtd", "Valor", "Data"]

    assert in_words(names) == names
    assert in_words(["D2_QUANT", "D2_TOTAL"]) == ["D2_QUANT", "D2_TOTAL"]


def test_a_unit_below_names_that_nobody_knows_is_no_header() -> None:
    rows = [f"{n + 1:02d}/10/2026;Caneca {n};UN;2;{30 + n},00;{60 + 2 * n},00" for n in range(6)]
    found = reading("\n".join(["WANN;WASSISTES;EINS;ZWEI;DREI;VIER", *rows]))

    assert found.report.rows == 6


def test_of_two_discounts_the_one_that_has_amounts_is_read() -> None:
    header = (
        "Número;Data;Número pedido loja;Situação;Código (SKU);Quantidade;Valor unidade;Desconto item;Total produtos;"
    )
    rows = [
        "1;10/02/2026;L1;Atendido;A-1;2,00;59,90;0,00;219,70;9,70;20,00;230,00",
        "1;10/02/2026;L1;Atendido;A-2;1,00;99,90;0,00;219,70;9,70;20,00;230,00",
        "2;12/02/2026;L3;Em aberto;A-2;1,00;99,90;0,00;99,90;0,00;0,00;99,90",
    ]
    found = reading("\n".join([f"{header}Desconto pedido;Frete;Total venda", *rows]))

    assert round(sold(found)["revenue"].sum(), 2) == 309.9
    assert fields(found)["discount"] == "Desconto pedido"
