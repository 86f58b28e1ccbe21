"""One document, two tables: what both tell is counted once, what only looks alike is not lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
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
            " ".join(own.warnings)
        )


def test_the_best_three_of_a_summary_are_not_added_either() -> None:
    assert revenue(facts([*SALES, sale(5, "D", 5)], SUMMARY)) == 105


def told(money: float, day: datetime | None = None, **more: Any) -> dict[str, Any]:
    """Return a row of a summary, which has neither order nor product."""
    return {"revenue": money, "at": day, **more}


JANUARY, FEBRUARY = datetime(2026, 1, 1), datetime(2026, 2, 1)  # noqa: DTZ001 - as exports write it
LATER = [sale(n, "A", 25, month=2) for n in range(11, 13)]


@pytest.mark.parametrize(
    "summary",
    [
        [told(100)],
        [told(60), told(40)],
        [told(100, JANUARY)],
        [told(row["revenue"], row["at"]) for row in SALES],
        [told(30, SALES[0]["at"], title="Casa"), told(70, SALES[2]["at"], title="Cozinha"), told(0, SALES[1]["at"])],
        [told(100.4)],
    ],
    ids=["total", "parts", "month", "days", "categories", "rounded"],
)
def test_a_summary_without_products_is_not_added(summary: list[dict[str, Any]]) -> None:
    for tables in ((SALES, summary), (summary, SALES)):
        own = facts(*tables)
        assert own.figures[0].rows is not None
        assert (revenue(own), own.figures[0].rows.left_out["repeated"]) == (100, len(summary))


def test_a_summary_of_one_of_two_months_is_not_added() -> None:
    assert revenue(facts([*SALES, *LATER], [told(50, FEBRUARY)])) == 150


def test_a_summary_of_what_was_not_cancelled_is_not_added() -> None:
    cancelled = [*SALES[:3], SALES[3] | {"status": "cancelled"}]
    own = facts(cancelled, [told(60)])
    assert own.figures[0].rows is not None
    assert (revenue(own), own.figures[0].rows.left_out["repeated"]) == (60, 1)


def test_months_and_products_of_the_same_sales_are_counted_once() -> None:
    assert revenue(facts([told(40, JANUARY), told(60, FEBRUARY)], SUMMARY)) == 100


def test_the_last_year_beside_orders_is_told_and_not_added() -> None:
    own = facts(SALES, [told(700, datetime(2025, month, 1)) for month in (1, 2)])  # noqa: DTZ001

    assert revenue(own) == 100
    assert own.figures[0].rows is not None
    assert own.figures[0].rows.left_out == {"apart": 2}
    assert any(one.startswith("2 linha(s) de uma tabela sem pedidos e sem produtos não") for one in own.warnings)


def test_orders_of_which_a_line_tells_no_order_and_no_day_are_orders_all_the_same() -> None:
    sales = [*SALES, {"sku": "Q", "revenue": 5.0}]
    for summary in (told(105, JANUARY), told(700, datetime(2025, 1, 1))):  # noqa: DTZ001
        own = facts(sales, [summary])
        assert own.figures[0].rows is not None
        assert (revenue(own), own.figures[0].rows.left_out["apart"]) == (105, 1)


def test_products_without_orders_and_with_other_sums_are_added_to_orders() -> None:
    assert revenue(facts(SALES, [{"sku": "Z", "revenue": 100.0}])) == 200  # one product has their sum by chance
    assert revenue(facts(SALES, [{"sku": "Z", "revenue": 31.0}, {"sku": "Y", "revenue": 5.0}])) == 136


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


def test_two_versions_of_the_same_orders_are_not_added_up() -> None:
    orders = [sale(n, "AB"[n % 2], 10.0 * n) for n in range(1, 9)]
    again = [{**one, "revenue": one["revenue"] * 1.5} for one in orders]
    own = facts(orders, again)

    assert revenue(own) == 360
    assert any(one.startswith("8 linha(s) de uma tabela trazem pedidos e produtos") for one in own.warnings)
    came_back = [{**one, "revenue": -one["revenue"]} for one in orders[:6]]
    assert revenue(facts(orders, came_back)) == 150
    assert revenue(facts(orders, [{**one, "sku": "C"} for one in again])) == 900


def test_products_by_month_beside_orders_of_these_months_are_not_added() -> None:
    months = [{"title": name, "revenue": 41.0, "at": datetime(2026, 1, 1)} for name in "XY"]  # noqa: DTZ001
    own = facts(SALES, months)

    assert revenue(own) == 100
    assert any(one.startswith("2 linha(s) de uma tabela por mês") for one in own.warnings)
    later = [{**one, "at": datetime(2026, 2, 1)} for one in months]  # noqa: DTZ001
    assert revenue(facts(SALES, later)) == 182


def test_a_second_version_may_have_rows_below_zero_and_lack_a_few_numbers() -> None:
    orders = [sale(n, "ABC"[n % 3], 10.0) for n in range(1, 41)]
    again = [{**one, "revenue": 9.0} for one in orders[:-1]]
    taken_off = {**orders[-1], "revenue": -4.0}

    assert revenue(facts(orders, [*again, taken_off, {**again[0], "order_id": None}])) == 396
    assert revenue(facts([*orders, taken_off], [*again, taken_off])) == 396
    unnumbered = [{**one, "order_id": None} for one in again[:9]]
    assert revenue(facts(orders, [*again[9:], *unnumbered])) > 400


def ordered(orders: int, products: int, *, days: int = 0, money: float = 10.0) -> list[dict[str, Any]]:
    """Return orders of ten a day; each has a product of its own, so far as there are others."""
    start = datetime(2026, 1, 1) + timedelta(days=days)  # noqa: DTZ001
    return [
        {"order_id": str(n), "sku": f"P{n % products}", "revenue": money, "at": start + timedelta(days=n // 10)}
        for n in range(orders)
    ]


def test_what_was_ordered_and_is_billed_some_days_later_is_sold_once() -> None:
    assert revenue(facts(ordered(120, 30), ordered(120, 30, days=4, money=11.0))) == 1200
    assert revenue(facts(ordered(120, 30), ordered(120, 30, days=90, money=11.0))) == 2520
    assert revenue(facts(ordered(120, 8), ordered(120, 8, days=4, money=11.0))) == 2520
    assert revenue(facts(ordered(60, 30), ordered(60, 30, days=4, money=11.0))) == 1260


def test_a_month_beside_its_year_is_the_same_though_some_of_its_rows_have_no_number() -> None:
    year = [told(10.0 + n, datetime(2026, 1, n), order_id=str(n)) for n in range(1, 21)]  # noqa: DTZ001
    year[3]["order_id"] = None
    month = [dict(one) for one in year[:10]]

    assert revenue(facts(year, month)) == 410
    assert revenue(facts(year, [*month[:2], month[3]])) == 447
    assert revenue(facts(year, [*month[:4], *({**one, "revenue": 1.0} for one in month[4:])])) > 410
