"""One document, two tables: what both tell is counted once, what only looks alike is not lost."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.lines import LINES
from schemas.facts import ChannelFacts


def facts(*tables: list[dict[str, Any]]) -> ChannelFacts:
    rows = [
        {"channel": "shopee", "table": number, "row": n + 2} | row
        for number, table in enumerate(tables)
        for n, row in enumerate(table)
    ]
    (own,) = channel_facts(pl.DataFrame(rows, schema=LINES), None)
    return own


def revenue(own: ChannelFacts) -> float:
    return next(figure.value for figure in own.figures if figure.metric == "revenue")


def sale(order: int, sku: str, money: float, month: int = 1) -> dict[str, Any]:
    return {"order_id": str(order), "sku": sku, "revenue": money, "at": datetime(2026, month, order % 28 + 1)}  # noqa: DTZ001


SALES = [sale(1, "A", 10), sale(2, "A", 20), sale(3, "B", 30), sale(4, "C", 40)]
SUMMARY = [{"sku": "A", "revenue": 30.0}, {"sku": "B", "revenue": 30.0}, {"sku": "C", "revenue": 40.0}]


def test_a_summary_beside_its_rows_is_not_added() -> None:
    for tables in ((SALES, SUMMARY), (SUMMARY, SALES)):
        own = facts(*tables)

        assert revenue(own) == 100
        rows = own.figures[0].rows
        assert rows is not None
        assert rows.left_out == {"repeated": 3}
        assert "3 linha(s) repetem vendas que outra tabela do documento já traz: cada venda foi contada uma vez." in (
            own.warnings
        )


def test_the_best_three_of_a_summary_are_not_added_either() -> None:
    assert revenue(facts([*SALES, sale(5, "D", 5)], SUMMARY)) == 105


def test_exports_that_overlap_count_each_sale_once() -> None:
    assert revenue(facts(SALES, [*SALES[2:], sale(5, "A", 7)])) == 107


def test_two_months_with_the_same_order_numbers_are_both_counted() -> None:
    assert revenue(facts(SALES, [sale(n, "A", 10, month=2) for n in range(1, 5)])) == 140


def test_two_tables_without_orders_and_with_other_sums_are_both_counted() -> None:
    other = [{"sku": sku, "revenue": 31.0} for sku in "ABC"]

    assert revenue(facts(SUMMARY, other)) == 193


def test_two_months_with_the_same_sums_are_both_counted() -> None:
    months = [
        [row | {"at": datetime(2026, month, 1)} for row in SUMMARY]  # noqa: DTZ001 - as exports write it
        for month in (1, 2)
    ]

    assert revenue(facts(*months)) == 200


def test_one_product_with_the_same_sum_proves_nothing() -> None:
    assert revenue(facts([{"sku": "A", "revenue": 30.0}], [{"sku": "A", "revenue": 30.0}])) == 60


def test_rows_alike_within_one_table_are_all_counted() -> None:
    """Two of the same in one order may be two lines; only another table repeats."""
    assert revenue(facts([sale(1, "A", 10), sale(1, "A", 10)], [sale(2, "B", 5)])) == 25


@given(st.lists(st.tuples(st.integers(1, 20), st.sampled_from("ABC"), st.integers(1, 99)), min_size=1, max_size=15))
@settings(max_examples=40, deadline=None)
def test_a_table_twice_is_the_table_once(rows: list[tuple[int, str, int]]) -> None:
    table = [sale(order, sku, float(money)) for order, sku, money in rows]

    assert revenue(facts(table, table)) == revenue(facts(table))
