"""Every reason why a figure is unknown has its words, a way to make it known, and a document that leads to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

import pytest

from gateway.figures.silent import silent
from gateway.figures.unknown import (
    NO_REPORT,
    NOTHING_SOLD,
    REASONS,
    WAYS,
    WITHOUT_NEEDS,
    Reason,
    asked_and_unknown,
    texts,
    why,
)
from gateway.figures.words import unknown
from gateway.intake.figures import channel_facts
from gateway.ui.i18n import load
from schemas.facts import ChannelFacts, TableRead
from tests.support import reasons_table
from tests.unit.gateway.intake.tables import reading, sold

SALES = "Pedido;Data;Produto;SKU;Quantidade;Valor total\n1;01/03/2026;Vaso;V-1;1;10,00\n2;02/03/2026;Jarro;J-1;2;30,00"


def read(text: str) -> tuple[ChannelFacts, list[TableRead]]:
    found = reading(text)
    (facts,) = channel_facts(sold(found), None)
    return facts, [found.report]


def test_each_reason_has_a_way_and_stands_in_the_docs() -> None:
    assert set(REASONS) == set(get_args(Reason))
    assert set(WAYS) == set(texts())
    assert len(set(texts().values())) == len(texts())
    assert f"{reasons_table.BEGIN}\n{reasons_table.table()}\n{reasons_table.END}" in reasons_table.DOC.read_text(
        "utf-8"
    )


def test_each_reason_and_each_way_is_said_in_portuguese() -> None:
    portuguese = load("pt_BR").gettext

    assert all(portuguese(text) != text for text in (*texts().values(), *(way.text for way in WAYS.values())))


def test_a_column_that_is_not_there_is_missing() -> None:
    found = {one.metric: one for one in asked_and_unknown(*read(SALES))}

    assert found["fees"].reason == "no_column"
    assert unknown(found["fees"]).text == "Missing column: fees of the channel."


def test_a_column_without_values_is_told_as_one() -> None:
    text = SALES.replace("Valor total", "Valor total;Comissão").replace("0,00", "0,00;")
    mapped = {reading(text).report.header_id: {"Comissão": "fees"}}
    found = reading(text, mappings=mapped)
    (facts,) = channel_facts(sold(found), None)
    reasons = {one.metric: one.reason for one in asked_and_unknown(facts, [found.report])}

    assert reasons["fees"] == "no_values"


def test_a_reading_that_tells_no_columns_tells_what_is_needed() -> None:
    facts, _ = read(SALES)
    found = {one.metric: one for one in asked_and_unknown(facts, [])}

    assert found["fees"].reason == "not_told"
    assert "it needs" in unknown(found["fees"]).text


def test_a_figure_of_a_later_version_is_not_in_the_document() -> None:
    facts, tables = read(SALES)

    assert unknown(why("of_a_later_version", tables)).text == WITHOUT_NEEDS
    assert facts


@pytest.mark.parametrize("by", ["month", "product"])
def test_advertising_without_a_report_is_told_by_month_and_product(by: Literal["month", "product"]) -> None:
    facts, tables = read(SALES)
    rows = facts.months if by == "month" else facts.products

    assert rows
    assert silent(by, rows, tables)["advertising"].text == NO_REPORT[by]


def test_advertising_that_sold_nothing_has_no_acos() -> None:
    facts, tables = read(SALES)
    products = [replace(one, advertising=10.0, advertising_sales=0.0) for one in facts.products]

    assert silent("product", products, tables)["acos"].text == NOTHING_SOLD
