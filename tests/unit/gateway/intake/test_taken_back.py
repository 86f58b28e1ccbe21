"""Rows with a negative amount: what came back is a refund and no sale, and anything else lowers the revenue."""

from __future__ import annotations

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.taken_back import ALL_BELOW, BOTH_SIGNS, RETURNED, TAKEN_OFF
from tests.unit.gateway.intake.tables import reading, sold

NAMED = ("revenue", "units", "orders", "refunds", "returned_units")


def figures_of(text: str) -> tuple[dict[str, float], list[str]]:
    found = reading(text)
    (own,) = channel_facts(sold(found), None)
    return {figure.metric: figure.value for figure in own.figures if figure.metric in NAMED}, found.report.warnings


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        ("NF;Data;Natureza da operação;Produto;Qtd;Valor total",
         ["7;01/03/2026;Venda;A;3;90,00", "8;02/03/2026;Venda;B;2;60,00", "9;03/03/2026;Devolução;A;1;-30,00"]),
        ("NF;Data;Produto;Qtd;Valor total",
         ["7;01/03/2026;A;3;90,00", "8;02/03/2026;B;2;60,00", "9;03/03/2026;A;-1;-30,00"]),
        ("date;order id;type;sku;quantity;product sales",
         ["01/03/2026;7;Order;A;3;90,00", "02/03/2026;8;Order;B;2;60,00", "03/03/2026;7;Refund;A;1;(30,00)"]),
        ("InvoiceNo;InvoiceDate;StockCode;Quantity;UnitPrice",
         ["7;2026-03-01;A;3;30.00", "8;2026-03-02;B;2;30.00", "C9;2026-03-03;A;-1;30.00"]),
    ],
)  # fmt: skip
def test_a_negative_row_that_came_back_is_a_refund_and_no_order(names: str, rows: list[str]) -> None:
    found, told = figures_of("\n".join([names, *rows]))

    assert found == {"revenue": 150, "units": 5, "orders": 2, "refunds": 30, "returned_units": 1}
    assert RETURNED.format(rows=1) in told


@pytest.mark.parametrize("row", ["9;03/03/2026;Cupom de desconto;-1;-30,00", "9;03/03/2026;Ajuste;1;-30,00"])
def test_any_other_negative_row_lowers_the_revenue_and_counts_no_units(row: str) -> None:
    names = "NF;Data;Produto;Qtd;Valor total"
    found, told = figures_of(f"{names}\n7;01/03/2026;A;3;90,00\n8;02/03/2026;B;2;60,00\n{row}")

    assert found == {"revenue": 120, "units": 5, "orders": 2}
    assert TAKEN_OFF.format(rows=1) in told


def test_a_refund_of_an_order_that_is_there_keeps_its_number() -> None:
    rows = "7;01/03/2026;A;3;90,00\n8;02/03/2026;B;2;60,00\n7;03/03/2026;A;-1;-30,00"
    lines = sold(reading(f"NF;Data;Produto;Qtd;Valor total\n{rows}"))

    assert lines["order_id"].to_list() == ["7", "8", "7"]


def test_where_most_amounts_are_negative_that_is_how_they_are_written() -> None:
    rows = "7;01/03/2026;A;3;-90,00\n8;02/03/2026;B;2;-60,00\n9;03/03/2026;A;1;30,00"
    found, told = figures_of(f"NF;Data;Produto;Qtd;Valor total\n{rows}")

    assert found["orders"] == 3
    assert not any("negativo" in one for one in told)


def test_units_and_amounts_below_zero_may_be_sales_or_returns() -> None:
    rows = "A;Farinha;-3;7,00;01/03/2026\nB;Biscoito;-1;9,00;02/03/2026"
    found, told = figures_of(f"Código;Produto;Qtd;Preço unitário;Data\n{rows}")

    assert not found.keys() & {"revenue", "units"}
    assert ALL_BELOW in told


def test_a_statement_tells_no_orders_and_nothing_of_cancelled_ones() -> None:
    rows = "71;01/03/2026;Complete;-20,00\n72;02/03/2026;Complete;-14,00\n73;03/03/2026;Complete;60,00"
    found = reading(f"Order ID;Date;Status;Amount\n{rows}")
    (own,) = channel_facts(sold(found), None)

    assert BOTH_SIGNS in found.report.warnings
    assert not {figure.metric for figure in own.figures} & {"orders", "cancellation_rate", "unpaid_share", "revenue"}


@pytest.mark.parametrize(
    ("bill", "credit"),
    [
        ("Factura B", "Nota de crédito B"),
        ("Invoice", "Credit Note"),
        ("Boleta electrónica", "Nota de Crédito electrónica"),
    ],
)
def test_a_credit_note_among_bills_takes_its_sale_back_whatever_its_sign(bill: str, credit: str) -> None:
    rows = "\n".join(f"{n};{credit if n == 3 else bill};{n:02d}/10/2026;{100 + n},50" for n in range(1, 9))
    found, _ = figures_of(f"Nro. Comprobante;Tipo;Fecha;Total\n{rows}")

    assert (round(found["revenue"], 2), round(found["refunds"], 2), found["orders"]) == (736.5, 103.5, 7)
