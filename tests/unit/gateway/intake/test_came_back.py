"""What an earlier document of returns tells of a channel's sales: by order and SKU, their causes, and never a rate."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.figures.came_back import kept_of
from gateway.intake.returned_before import MAX_RETURNED, UNCLEAR, USED, WITHOUT_CAUSE, ReturnedBefore
from schemas.facts import ChannelFacts
from tests.unit.gateway.intake.tables import reading, sold

SALES = """Pedido;Data;SKU;Quantidade;Valor total
P1;01/03/2026;A;1;50,00
P2;02/03/2026;A;1;50,00
P2;02/03/2026;B;2;40,00
P3;03/03/2026;B;1;20,00
P4;04/03/2026;C;1;30,00"""


def told(*rows: tuple[str, str, str], plan: str = "p-1", day: str = "2026-04-02") -> ReturnedBefore:
    return ReturnedBefore("own_store", plan, day, [[order, sku, "returned", cause] for order, sku, cause in rows])


def with_before(*before: ReturnedBefore, sales: str = SALES) -> ChannelFacts:
    (facts,) = channel_facts(sold(reading(sales)), None, returned_before=before)
    return facts


def causes(facts: ChannelFacts) -> dict[str, Any]:
    found = [one for one in facts.figures if one.metric == "returns_by_cause"]
    return found[0].detail["causes"] if found else {}


def test_sales_get_the_causes_of_their_orders_and_skus() -> None:
    facts = with_before(told(("P1", "a", "size"), ("P2", "B", "defect"), ("P9", "A", "late")))
    (figure,) = [one for one in facts.figures if one.metric == "returns_by_cause"]

    assert {cause: (one["rows"], one["skus"]) for cause, one in causes(facts).items()} == {
        "defect": (1, ["B"]),
        "size": (1, ["A"]),
    }
    assert figure.detail["returned_by"] == {"own_store": {"plan_id": "p-1", "day": "2026-04-02"}}
    assert figure.rows is not None
    assert (figure.rows.used, figure.rows.left_out) == (2, {"status": 3})
    assert USED.format(found=2, orders=4, day="02/04/2026") in facts.warnings


def test_no_rate_comes_of_it() -> None:
    metrics = {one.metric for one in with_before(told(("P1", "A", "size"))).figures}

    assert metrics - {one.metric for one in with_before().figures} == {"returns_by_cause"}


def test_an_order_of_several_rows_needs_the_sku() -> None:
    facts = with_before(told(("P2", "", "size"), ("P3", "", "defect")))

    assert set(causes(facts)) == {"defect"}
    assert UNCLEAR.format(orders=1, day="02/04/2026") in facts.warnings


def test_a_document_without_causes_is_said_and_gives_none() -> None:
    facts = with_before(told(("P1", "A", "")))

    assert causes(facts) == {}
    assert WITHOUT_CAUSE.format(found=1, orders=4, day="02/04/2026") in facts.warnings


def test_of_several_documents_the_one_that_tells_of_most_orders_is_used() -> None:
    facts = with_before(
        told(("P1", "A", "size"), plan="p-2", day="2026-05-02"), told(("P1", "A", "late"), ("P3", "B", "late"))
    )

    assert set(causes(facts)) == {"late"}


def test_a_document_with_causes_is_used_before_one_that_knows_more_orders_without_them() -> None:
    facts = with_before(told(("P1", "A", "size")), told(("P2", "B", ""), ("P3", "B", ""), plan="p-2", day="2026-05-02"))

    assert set(causes(facts)) == {"size"}


@pytest.mark.parametrize("channel", ["own_store", "shopee"])
def test_sales_that_tell_their_own_causes_and_other_channels_stay_as_they_are(channel: str) -> None:
    lines = sold(reading(SALES))
    if channel == "own_store":
        lines = lines.with_columns(pl.lit("size").alias("cause"))
    before = ReturnedBefore(channel, "p", "2026-04-02", [["P1", "A", "returned", "late"]])

    assert channel_facts(lines, None, returned_before=[before]) == channel_facts(lines, None)


def test_rows_are_kept_of_channels_without_sales_in_the_document_up_to_the_limit() -> None:
    lines = sold(reading(SALES)).with_columns(pl.lit("returned").alias("status"))
    many = pl.concat([lines] * (MAX_RETURNED // lines.height + 1))

    assert kept_of(lines, None)[0]["own_store"][0] == ["P1", "A", "returned", ""]
    assert kept_of(lines, lines) == ({}, {})
    assert kept_of(many, None) == ({}, {"own_store": many.height})
    assert kept_of(lines.with_columns(pl.lit(None).alias("order_id")), None) == ({}, {})
