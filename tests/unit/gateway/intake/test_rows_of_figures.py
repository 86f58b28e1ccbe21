"""The rows behind figures, products without a SKU, months: each holds for whatever the lines are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.intake.figures import channel_facts
from gateway.intake.figures.rows import _largest, order_name
from gateway.intake.layouts.lines import LINES
from schemas.facts import MAX_ROWS_OF_FIGURE, ChannelFacts, DocumentFacts, Figure

START = datetime.fromisoformat("2026-01-01T10:00")
AMOUNTS = st.none() | st.integers(0, 100_000).map(lambda cents: cents / 100)
LINE = st.fixed_dictionaries(
    {
        "order_id": st.none() | st.integers(1, 9).map(str),
        "sku": st.none() | st.sampled_from("AB"),
        "title": st.none() | st.sampled_from(["a", "b"]),
        "listing": st.none() | st.sampled_from(["L1", "L2"]),
        "status": st.none() | st.sampled_from(["sold", "returned", "cancelled", "unpaid"]),
        "at": st.none() | st.integers(0, 120).map(lambda day: START + timedelta(days=day)),
        "units": st.none() | st.integers(1, 5).map(float),
        "revenue": AMOUNTS,
        "fees": AMOUNTS,
        "shipping": AMOUNTS,
        "refund": AMOUNTS,
        "returned_units": st.none() | st.just(1.0),
        "net": AMOUNTS,
        "discount": AMOUNTS,
        "advertised": st.none() | st.booleans(),
        "ship_days": st.none() | st.integers(-1, 9).map(float),
        "currency": st.none() | st.sampled_from(["BRL", "USD"]),
    }
)


def facts(rows: list[dict[str, Any]]) -> ChannelFacts:
    placed = [{"channel": "shopee", "table": 0, "row": n + 2} | row for n, row in enumerate(rows)]
    (found,) = channel_facts(pl.DataFrame(placed, schema=LINES), None)
    return found


def figure(own: ChannelFacts, metric: str) -> Figure:
    return next(figure for figure in own.figures if figure.metric == metric)


@given(st.lists(LINE, min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_every_row_is_used_or_left_out_for_a_reason(rows: list[dict[str, Any]]) -> None:
    own = facts(rows)

    assert DocumentFacts.from_dict(DocumentFacts("text/csv", "v", channels=[own]).to_dict()).channels == [own]
    for one in own.figures:
        assert one.rows is not None, one.metric
        assert one.rows.used + sum(one.rows.left_out.values()) == len(rows), one.metric
        assert len(one.rows.sample) == one.rows.used  # as long as they are few
        assert len({row.row for row in one.rows.sample}) == one.rows.used
    for metric in ("revenue", "fees", "refunds", "net_receipts"):
        for one in own.figures:
            if one.metric == metric and one.rows is not None:
                assert sum(row.amount or 0 for row in one.rows.sample) == pytest.approx(one.value, abs=0.01)


@given(st.lists(LINE, min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_months_and_products_add_up_to_the_whole(rows: list[dict[str, Any]]) -> None:
    """Of dated rows, that is: what has no date is in no month."""
    dated = [row | {"at": row["at"] or START} for row in rows]
    own = facts(dated)
    revenue = next((one.value for one in own.figures if one.metric == "revenue"), None)

    assert [month.month for month in own.months] == sorted({month.month for month in own.months})
    known = [month.revenue for month in own.months if month.revenue is not None]
    assert (sum(known) if known else None) == (None if revenue is None else pytest.approx(revenue, abs=0.05))
    known = [product.revenue for product in own.products if product.revenue is not None]
    assert (sum(known) if known else None) == (None if revenue is None else pytest.approx(revenue, abs=0.05))


def test_the_sample_is_of_the_largest_rows_and_is_capped() -> None:
    own = facts([{"order_id": f"A{n}", "sku": "A", "revenue": float(n)} for n in range(MAX_ROWS_OF_FIGURE + 20)])
    rows = figure(own, "revenue").rows

    assert rows is not None
    assert (rows.used, len(rows.sample)) == (MAX_ROWS_OF_FIGURE + 20, MAX_ROWS_OF_FIGURE)
    assert (rows.sample[0].order, rows.sample[0].row, rows.sample[0].amount) == ("A119", 121, 119)


def test_left_out_rows_have_their_reason() -> None:
    own = facts(
        [
            {"revenue": 10.0, "status": "sold"},
            {"revenue": None, "status": "sold"},
            {"revenue": 5.0, "status": "cancelled"},
            {"revenue": 5.0, "status": "unpaid"},
        ]
    )
    rows = figure(own, "revenue").rows

    assert rows is not None
    assert (rows.used, rows.left_out) == (1, {"status": 2, "no_money": 1})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2000011323600041", "2000011323600041"),
        ("#1001", "#1001"),
        ("701-0000001-0000002", "701-0000001-0000002"),
        ("Zuleica Brantes", ""),
        ("Zuleica", ""),
        ("123.456.789-09", ""),
        ("zuleica1@example.com", ""),
        ("1" * 41, ""),
        (None, ""),
    ],
)
def test_an_order_is_told_by_a_number_never_by_a_name(text: str | None, expected: str) -> None:
    assert order_name(text) == expected


def test_a_row_without_a_sku_is_of_the_one_product_with_its_listing_or_title() -> None:
    own = facts(
        [
            {"sku": "A", "title": "Camisa Azul", "listing": "L1", "revenue": 10.0},
            {"sku": None, "title": "camisa azul", "revenue": 20.0},
            {"sku": None, "title": "Outra", "listing": "L1", "revenue": 40.0},
        ]
    )

    assert [(product.sku, product.revenue) for product in own.products] == [("A", 70)]
    assert figure(own, "missing_sku_share").value == pytest.approx(2 / 3, abs=0.0001)


def test_a_title_of_two_skus_tells_neither() -> None:
    rows = [{"sku": sku, "title": "Camisa", "revenue": 10.0} for sku in ("A", "B")]
    own = facts([*rows, {"sku": None, "title": "Camisa", "revenue": 5.0}])

    assert {(product.sku, product.revenue) for product in own.products} == {("A", 10), ("B", 10), ("Camisa", 5)}


def test_what_a_document_has_no_column_for_is_not_said() -> None:
    own = facts([{"title": "a", "revenue": 10.0}, {"title": "b", "revenue": 5.0}])
    metrics = {one.metric for one in own.figures}

    assert "missing_sku_share" not in metrics
    assert not metrics & {"orders", "units", "average_ticket", "net_receipts"}
    assert [(product.orders, product.units) for product in own.products] == [(None, None)] * 2


def test_skus_are_missed_only_in_tables_that_have_them() -> None:
    rows = [
        {"table": 0, "title": "a"},
        {"table": 0, "title": "b"},
        {"table": 1, "sku": "C"},
        {"table": 1, "title": "d"},
    ]

    assert figure(facts(rows), "missing_sku_share").value == 0.5


def test_net_is_unknown_where_a_sale_has_no_fee() -> None:
    rows = [{"revenue": 10.0, "fees": 1.0, "sku": "A"}, {"revenue": 10.0, "sku": "B"}]
    own = facts(rows)

    assert not any(one.metric == "net_receipts" for one in own.figures)
    assert {product.sku: product.net for product in own.products} == {"A": 9, "B": None}


def test_growth_needs_sales_before() -> None:
    recent = [{"at": START + timedelta(days=59 - n), "revenue": 10.0, "sku": "A"} for n in range(30)]
    few = [{"at": START + timedelta(days=n), "revenue": 1.0, "sku": "A"} for n in range(9)]

    assert not any(one.metric == "revenue_growth" for one in facts([*recent, *few]).figures)
    more = [*few, {"at": START + timedelta(days=20), "revenue": 1.0, "sku": "A"}]
    grown = figure(facts([*recent, *more]), "revenue_growth")
    assert (grown.value, grown.detail["until"]) == (29, "2026-03-01")


@given(st.lists(st.none() | st.integers(-3, 3).map(float), max_size=20), st.integers(1, 8))
@settings(max_examples=100, deadline=None)
def test_the_largest_rows_are_those_that_sorting_would_give(amounts: list[float | None], most: int) -> None:
    rows = pl.DataFrame({"amount": amounts, "row": range(len(amounts))}, schema={"amount": pl.Float64, "row": pl.Int64})
    expected = rows.sort("amount", "row", descending=[True, False], nulls_last=True).head(most)

    assert _largest(rows, most).rows() == expected.rows()
    assert _largest(rows, most, few=0).rows() == expected.rows()


@pytest.mark.parametrize("days", [(1, 1, 1, 1), (31, 28, 31, 30)])
def test_dates_that_stand_for_months_are_compared_by_month(days: tuple[int, ...]) -> None:
    """Thirty days back from March 1 would be two such months."""
    rows = [
        {"sku": "A", "at": datetime(2026, month, day), "revenue": revenue}  # noqa: DTZ001 - as exports write it
        for month, day, revenue in zip((1, 2, 3, 4), days, (50.0, 100.0, 80.0, 7.0), strict=True)
    ]
    own = facts(rows)
    growth = figure(own, "revenue_growth")

    assert growth.value == -0.2
    assert (growth.detail["by"], growth.detail["since"], growth.detail["until"]) == (
        "month", "2026-02-01", "2026-03-31",
    )  # fmt: skip
    assert (growth.detail["last_month"], growth.detail["last_month_revenue"]) == ("2026-04", 7)
    assert (growth.detail["rows_now"], growth.detail["rows_then"]) == (1, 1)
    assert figure(own, "period_days").value == 120
    assert growth.rows is not None
    assert (growth.rows.used, growth.rows.left_out) == (2, {"other_days": 2})
    assert not any(one.metric == "revenue_growth" for one in facts(rows[:2]).figures)
    assert not any(one.metric == "days_without_sales" for one in own.figures)


def test_each_figure_has_rows_of_its_own() -> None:
    """Of products, of a month, of the last days: none is shown those of another."""
    rows: list[dict[str, Any]] = [
        {
            "sku": sku,
            "order_id": f"{sku}{day}",
            "at": START + timedelta(days=day),
            "units": 1.0,
            "revenue": 10.0 if day < 31 or sku == "A" else 9.0,
            "fees": 12.0 if sku == "L" else 1.0,
            "discount": 3.0 if sku == "D" else 0.0,
            "returned_units": 1.0 if sku == "R" else 0.0,
        }
        for sku in "ADLR"
        for day in range(0, 90, 2)
    ]
    by_metric = {one.metric: one for one in facts(rows).figures}
    orders = {
        metric: {row.order[0] for row in one.rows.sample}
        for metric, one in by_metric.items()
        if one.rows is not None and metric.startswith("product_")
    }

    assert orders == {"product_return_rate": {"R"}, "product_losses": {"L"}, "product_discount_depth": {"D"}}
    used = {metric: one.rows.used for metric, one in by_metric.items() if one.rows is not None}
    assert (used["product_losses"], used["best_month_revenue"], used["revenue_growth"]) == (45, 64, 120)
