"""A sheet that lists the orders that came back, or were cancelled, beside the sales."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.intake.layouts.called import SOME
from gateway.intake.returns_listed import JOINED, JOINED_CANCELLED
from tests.unit.gateway.intake.test_orders_beside import Rows, facts_of, figures

HEAD: list[object] = ["Order ID", "Order Date", "Product ID", "Product Name", "Sales", "Quantity"]
SOLD: Rows = [[f"US-{n}", f"2026-03-{n:02d}", f"P-{n % 4}", "Mug", 10.5 * n, 2] for n in range(1, 13)]
SOLD += [["US-3", "2026-03-03", "P-9", "Plate", 40.0, 1]]
SALES: Rows = [HEAD, *SOLD]
BACK: Rows = [["Returned", "Order ID"], ["Yes", "US-3"], ["Yes", "US-5"], ["Yes", "US-7"]]


def test_listed_orders_came_back_and_the_others_did_not(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, {"Orders": SALES, "Returns": BACK})
    found = figures(facts)

    assert found["returned_units"] == 2 + 1 + 2 + 2
    assert found["refunds"] == pytest.approx(10.5 * 15 + 40)
    assert found["revenue"] == pytest.approx(10.5 * 78 + 40)
    assert not {"cancellation_rate", "unpaid_share"} & found.keys()
    assert JOINED.format(orders=3) in facts.tables[0].warnings


def test_the_sheets_of_several_months_have_one_list(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {"March": [HEAD, *SOLD[:6], SOLD[-1]], "April": [HEAD, *SOLD[6:-1]], "Returns": BACK}

    assert figures(facts_of(tmp_path, sheets))["returned_units"] == 7


def test_who_answers_no_did_not_come_back(tmp_path: Path) -> None:
    listed: Rows = [*BACK, ["No", "US-8"], ["No", "US-9"]]

    assert figures(facts_of(tmp_path, {"Orders": SALES, "Returns": listed}))["returned_units"] == 7


def test_a_list_of_items_tells_units_and_money(tmp_path: Path) -> None:
    listed: Rows = [["Pedido", "SKU", "Qtd devolvida", "Valor devolvido"]]
    listed += [["US-3", "P-9", 1, 40.0], ["US-5", "P-1", 1, 26.25], ["US-7", "P-3", 2, 73.5]]
    facts = facts_of(tmp_path, {"Vendas": SALES, "Devoluções": listed})
    found = figures(facts)

    assert found["returned_units"] == 4
    assert found["refunds"] == pytest.approx(40 + 26.25 + 73.5)
    assert SOME not in facts.tables[0].warnings


def test_a_part_of_an_order_of_several_items_is_of_nobody_knows_which(tmp_path: Path) -> None:
    listed: Rows = [["Pedido", "Qtd devolvida"], ["US-3", 1], ["US-5", 2], ["US-7", 2]]

    assert "returned_units" not in figures(facts_of(tmp_path, {"Vendas": SALES, "Devoluções": listed}))


def test_orders_of_other_sales_are_not_joined(tmp_path: Path) -> None:
    others: Rows = [["Yes", f"XX-{n}"] for n in range(9)]
    listed: Rows = [*BACK, *others]

    assert "returned_units" not in figures(facts_of(tmp_path, {"Orders": SALES, "Returns": listed}))


def test_listed_cancelled_orders_are_no_sales(tmp_path: Path) -> None:
    listed: Rows = [["Pedido", "Motivo"], ["US-3", "Desistência"], ["US-5", "Sem estoque"], ["US-7", "Desistência"]]
    facts = facts_of(tmp_path, {"Vendas": SALES, "Cancelados": listed})
    found = figures(facts)

    assert found["orders"] == 9
    assert found["revenue"] == pytest.approx(10.5 * (78 - 15))
    assert found["cancellation_rate"] == pytest.approx(3 / 12)
    assert JOINED_CANCELLED.format(orders=3) in facts.tables[0].warnings


def test_a_status_stands_above_a_list(tmp_path: Path) -> None:
    sales: Rows = [[*HEAD, "Status"], *([*row, "Returned" if row[0] == "US-1" else "Completed"] for row in SOLD)]

    assert figures(facts_of(tmp_path, {"Orders": sales, "Returns": BACK}))["returned_units"] == 2
