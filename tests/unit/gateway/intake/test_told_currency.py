"""A currency that a person says is that of sales that do not tell theirs, and of no others."""

from __future__ import annotations

import polars as pl
import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.kept import Kept
from gateway.intake.layouts import Reading
from gateway.intake.settling import NOT_AS_TOLD, settled
from gateway.intake.tables import RawTable
from schemas.facts import ChannelFacts

ENGLISH = ["Product", "Qty", "Revenue"]
PORTUGUESE = ["Produto", "Qtde", "Valor total"]


def reading(*rows: list[str], told: str = "", kept: bool = False) -> Reading:
    columns = {str(i): [row[i] for row in rows] for i in range(len(rows[0]))}
    table = RawTable("t", pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))
    if not kept:
        return settled(table, ["shopee"], None, told)
    return settled(table, ["shopee"], kept={settled(table, ["shopee"]).report.header_id: told})


def sums(*readings: Reading) -> ChannelFacts:
    lines = pl.concat([one.lines for one in readings if one.lines is not None])
    (own,) = channel_facts(lines, None)
    return own


@pytest.mark.parametrize("header", [ENGLISH, PORTUGUESE])
@pytest.mark.parametrize("kept", [False, True])
def test_sales_that_tell_none_are_in_it(header: list[str], kept: bool) -> None:
    found = reading(header, ["a", "1", "10.00"], told="USD", kept=kept)
    own = sums(found)

    assert (own.currency, own.currency_source, own.figures[0].unit) == ("USD", "told", "USD")
    assert found.report.told_currency == "USD"
    assert own.warnings == ["O documento não diz a moeda; quem o enviou disse que os valores são em USD."]


def test_what_comes_with_the_document_stands_above_what_is_kept() -> None:
    columns = {"0": ["Product", "a"], "1": ["Qty", "1"], "2": ["Revenue", "10.00"]}
    table = RawTable("t", pl.DataFrame(columns))
    header = settled(table, ["shopee"]).report.header_id
    assert settled(table, ["shopee"], None, "EUR", {header: "USD"}).report.told_currency == "EUR"
    assert settled(table, ["shopee"], None, "", {"other": "USD"}).report.told_currency == ""


@pytest.mark.parametrize(
    ("rows", "own"),
    [
        (([*ENGLISH, "Currency"], ["a", "1", "10.00", "EUR"]), "EUR"),
        (([*ENGLISH, "Currency"], ["a", "1", "10.00", "EUR"], ["b", "1", "10.00", ""]), "EUR"),
        ((["Product", "Qty", "Revenue (EUR)"], ["a", "1", "10.00"]), "EUR"),
        ((ENGLISH, ["a", "1", "US$ 10.00"]), "USD"),
    ],
    ids=["a column", "some rows", "a header", "a sign"],
)
def test_what_the_table_tells_stands_and_that_is_said(rows: tuple[list[str], ...], own: str) -> None:
    found = reading(*rows, told="MXN")

    assert (sums(found).currency, sums(found).currency_source) == (own, "read")
    assert found.report.told_currency == ""
    assert NOT_AS_TOLD.format(told="MXN", own=own) in found.report.warnings


def test_nothing_is_said_where_both_say_the_same() -> None:
    found = reading([*ENGLISH, "Currency"], ["a", "1", "10.00", "EUR"], told="EUR")
    assert (found.report.told_currency, found.report.warnings) == (
        "",
        reading(ENGLISH, ["a", "1", "1"]).report.warnings,
    )


def test_amounts_of_two_currencies_have_no_sum_though_one_was_said() -> None:
    said = reading(ENGLISH, ["a", "1", "10.00"], ["b", "1", "20.00"], told="USD")
    read = reading([*ENGLISH, "Currency"], ["c", "1", "500.00", "EUR"])
    own = sums(said, read)

    assert (own.currency, own.currency_source, own.figures[0].value) == ("USD", "told", 30)
    assert own.warnings[1] == "1 linha(s) em EUR ficaram de fora: os números são só das vendas em USD."


def test_it_reaches_the_reading_process() -> None:
    kept = Kept(currency="USD", currencies={"h": "EUR"})
    assert Kept.from_dict(kept.to_dict()) == kept
