"""Which currency a table is in, and whether its rows are the channel's sales."""

from __future__ import annotations

import polars as pl
import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.lines import LINES
from gateway.intake.settling import (
    BELOW_ZERO,
    MIN_ROWS,
    ONLY_RETURNS,
    ONLY_UNPAID,
    is_portuguese,
    only_returns,
    settled,
)
from gateway.intake.tables import RawTable
from schemas.facts import ChannelFacts
from tests.unit.gateway.intake.tables import Row, raw


def facts(*rows: list[str]) -> ChannelFacts:
    columns = {str(i): [row[i] for row in rows] for i in range(len(rows[0]))}
    found = settled(RawTable("t", pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))), ["shopee"])
    (own,) = channel_facts(found.lines, None)
    return own


def told(own: ChannelFacts) -> tuple[str, str, str]:
    return own.currency, own.currency_source, own.figures[0].unit


def test_a_sign_or_a_header_tells_the_currency() -> None:
    assert told(facts(["Produto", "Qtde", "Valor total"], ["a", "1", "R$ 10,00"])) == ("BRL", "read", "BRL")
    assert told(facts(["Product", "Qty", "Revenue"], ["a", "1", "US$ 10.00"])) == ("USD", "read", "USD")
    assert told(facts(["Produto", "Qtde", "Valor total (BRL)"], ["a", "1", "10,00"])) == ("BRL", "read", "BRL")


def test_reais_are_assumed_for_portuguese_headers_only() -> None:
    portuguese = facts(["Produto", "Qtde", "Valor total"], ["a", "1", "10,00"])
    english = facts(["Product", "Qty", "Revenue"], ["a", "1", "10.00"])

    assert told(portuguese) == ("BRL", "assumed", "BRL")
    assert portuguese.warnings == [
        "O documento não diz a moeda; pelo idioma e pelas colunas, os valores foram lidos como reais (R$)."
    ]
    assert told(english) == ("", "", "money")
    assert english.warnings[0].startswith("O documento não diz a moeda: os valores aparecem sem ela")


def test_columns_that_are_not_read_tell_the_language_too() -> None:
    spanish = facts(["Pedido", "Código", "Estoque", "Fecha", "Nombre", "Total"], ["8", "A1", "3", "", "Ana", "1,90"])

    assert told(spanish) == ("", "", "money")


def test_rows_in_another_currency_are_left_out_and_counted() -> None:
    header = ["Product", "Qty", "Revenue", "Currency"]
    own = facts(header, ["a", "1", "10", "EUR"], ["b", "1", "20", "eur"], ["c", "1", "500", "USD"], ["d", "1", "5", ""])

    assert told(own) == ("EUR", "read", "EUR")
    assert own.figures[0].value == 35
    assert own.figures[0].rows is not None
    assert own.figures[0].rows.left_out == {"currency": 1}
    assert own.warnings == ["1 linha(s) em USD ficaram de fora: os números são só das vendas em EUR."]


def test_a_currency_stands_in_any_header_that_was_read_and_two_are_none() -> None:
    one = facts(["Product (EUR)", "Qty", "Revenue"], ["a", "1", "10.00"])
    two = facts(["Product (EUR)", "Qty", "Revenue", "Status (USD)"], ["a", "1", "10.00", "Delivered"])

    assert told(one) == ("EUR", "read", "EUR")
    assert told(two) == ("", "", "money")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (["ID_Produto", "preco_unitario"], True),
        (["Data", "Valor Final", "Qtd"], True),
        (["Data", "Descrição", "Pedido", "Valor"], True),
        (["Número do pedido", "Total"], True),
        (["Fecha", "Descripción", "Pedido", "Valor"], False),
        (["Data", "Descrizione", "Ordine", "Importo"], False),
        (["Pedido", "Fecha_Conta", "Total", "Codigo"], False),
        (["Product", "Sales"], False),
        (["Producto", "Cantidad", "Precio", "Total venta"], False),
        (["Data", "Total"], False),
        (["Código", "Unidades", "Total"], False),
        (["Produto", "Preço", "IVA"], False),
    ],
)
def test_headers_in_portuguese(headers: list[str], expected: bool) -> None:
    assert is_portuguese(headers) is expected


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["returned"] * 30, True),
        (["cancelled"] * 28 + ["sold"] * 2, True),
        (["cancelled"] * 27 + ["sold"] * 3, False),
        (["returned"] * (MIN_ROWS - 1), False),
        ([None] * 30, False),
    ],
)
def test_exports_of_returns_alone(statuses: list[str | None], expected: bool) -> None:
    lines = pl.DataFrame([{"channel": "shopee", "status": status} for status in statuses], schema=LINES)

    assert only_returns(lines) is expected


@pytest.mark.parametrize(
    ("unpaid", "cancelled", "kind", "told"), [(14, 0, "unknown", ONLY_UNPAID), (4, 10, "returns", ONLY_RETURNS)]
)
def test_orders_that_nobody_paid_came_not_back(unpaid: int, cancelled: int, kind: str, told: str) -> None:
    states = ["Aguardando pagamento"] * unpaid + ["Cancelado"] * cancelled
    rows: list[Row] = [[f"P-{n}", f"{n:02d}/03/2026", "K-1", "1", "20,00", one] for n, one in enumerate(states, 1)]
    found = settled(raw([["Pedido", "Data", "SKU", "Qtd", "Valor total", "Status"], *rows]), ["shopee"])

    assert (found.lines, found.report.kind) == (None, kind)
    assert found.report.warnings[-1] == told.format(rows=len(states))
    assert (0 if found.returned is None else found.returned.height) == cancelled


@pytest.mark.parametrize(("amount", "is_sold"), [("-20,00", False), ("0,00", False), ("20,00", True)])
def test_amounts_that_are_all_below_zero_are_no_sales(amount: str, is_sold: bool) -> None:
    rows: list[Row] = [["P-1", "01/03/2026", "K-1", "1", "-30,00"], ["P-2", "02/03/2026", "K-1", "1", amount]]
    found = settled(raw([["Pedido", "Data", "SKU", "Qtd", "Valor total"], *rows]), ["shopee"])

    assert (found.lines is not None) is is_sold
    assert found.report.kind == ("sales" if is_sold else "unknown")
    assert (BELOW_ZERO.format(rows=2) in found.report.warnings) is not is_sold
