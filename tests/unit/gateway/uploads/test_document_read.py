"""A document is read by what came with it, else by what is kept, and says by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

import asyncpg
import pytest

from gateway.intake import ANY_TABLE, Mappings
from gateway.intake.goods import Goods
from gateway.problems.problem import Problem
from gateway.uploads import mapping_store
from gateway.uploads.document_read import DocumentRead, SaidBefore, read_mapped
from gateway.uploads.mapping_store import KeptMapping
from schemas.facts import ColumnRead, DocumentFacts, TableKind, TableRead

AT = datetime(2026, 5, 1, 10, tzinfo=UTC)


def table(header: str, kind: TableKind = "unknown", *, asks: bool = False) -> TableRead:
    return TableRead("t", "unknown", 2, kind=kind, columns=[ColumnRead("vlr")], header_id=header, asks=asks)


def facts(*tables: TableRead) -> DocumentFacts:
    return DocumentFacts("text/csv", "t", list(tables))


class Reader:
    """A reader that answers with one document, and notes the mappings and currencies that it was given.

    A currency that is kept is told of the tables under its header; `said`: one that came with the document.
    """

    def __init__(self, found: DocumentFacts, said: str = "") -> None:
        self.found, self.said = found, said
        self.asked: list[Mappings] = []
        self.currencies: list[Mapping[str, str]] = []

    async def __call__(self, mappings: Mappings, before: SaidBefore) -> tuple[DocumentFacts, Goods]:
        self.asked.append(mappings)
        self.currencies.append(before.currencies)
        tables = [
            replace(
                t,
                told_currency=self.said or before.currencies.get(t.header_id, ""),
                told_channel=before.channels.get(t.header_id, "") if t.unnamed else "",
            )
            for t in self.found.tables
        ]
        return replace(self.found, tables=tables), Goods()


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, KeptMapping]:
    there: dict[str, KeptMapping] = {}

    async def find(_pool: object, headers: set[str], _team: str | None) -> dict[str, KeptMapping]:
        return {header: there[header] for header in headers if header in there}

    monkeypatch.setattr(mapping_store, "find", find)
    return there


def by_ana(header: str) -> KeptMapping:
    return mapping_store.KeptMapping(header, {"vlr": "price"}, "", "", "loja.csv", "Ana", AT, AT)


async def read(reader: Reader, given: Mappings | None = None) -> DocumentRead:
    nobody = cast("asyncpg.Pool", None)  # `kept` stands for it
    return await read_mapped(nobody, reader, given or {}, "Rui")


async def test_what_is_kept_is_used_and_signed(kept: dict[str, KeptMapping]) -> None:
    kept["h"] = by_ana("h")
    reader = Reader(facts(table("h", "sales"), table("other")))
    found = await read(reader)

    assert reader.asked == [{}, {"h": {"vlr": "price"}}]
    assert [t.mapped_by for t in found.facts.tables] == ["Ana", ""]
    assert found.facts.tables[0].mapped_at == "2026-05-01T10:00:00+00:00"
    assert (found.kept, found.given) == (("h",), {})


async def test_what_comes_with_it_stands_above_what_is_kept(kept: dict[str, KeptMapping]) -> None:
    kept["h"] = by_ana("h")
    for given in ({"h": {"vlr": "revenue"}}, {ANY_TABLE: {"vlr": "revenue"}}):
        reader = Reader(facts(table("h", "sales")))
        found = await read(reader, given)

        assert reader.asked == [given]
        assert (found.facts.tables[0].mapped_by, found.given) == ("Rui", {"h": {"vlr": "revenue"}})


async def test_readings_are_told_apart_by_their_mappings(kept: dict[str, KeptMapping]) -> None:
    document = facts(table("h", "sales"))
    none = (await read(Reader(document))).facts.mapping
    price = (await read(Reader(document), {"h": {"vlr": "price"}})).facts.mapping
    total = (await read(Reader(document), {"h": {"vlr": "revenue"}})).facts.mapping
    kept["h"] = by_ana("h")
    again = (await read(Reader(document))).facts.mapping

    assert none == ""
    assert len({none, price, total}) == 3
    assert again == price


async def test_a_currency_that_is_kept_is_used_beside_any_mapping(kept: dict[str, KeptMapping]) -> None:
    kept["h"] = replace(by_ana("h"), columns={}, currency="USD")
    for given in ({}, {"h": {"vlr": "revenue"}}):
        reader = Reader(facts(table("h", "sales")))
        found = await read(reader, given)

        assert (reader.asked, reader.currencies) == ([given, given], [{}, {"h": "USD"}])
        assert found.told_currencies == {"h": "USD"}
        assert found.facts.tables[0].mapped_by == ("Rui" if given else "")


async def test_readings_are_told_apart_by_their_currencies(kept: dict[str, KeptMapping]) -> None:
    document = facts(table("h", "sales"))
    none, dollars, euros = [(await read(Reader(document, said))).facts.mapping for said in ("", "USD", "EUR")]
    kept["h"] = replace(by_ana("h"), columns={}, currency="USD")
    again = (await read(Reader(document))).facts.mapping

    assert none == ""
    assert len({none, dollars, euros}) == 3
    assert again == dollars


@pytest.mark.parametrize("given", [{"x": {"vlr": "price"}}, {ANY_TABLE: {"valor": "price"}}])
@pytest.mark.usefixtures("kept")
async def test_a_mapping_of_another_document_is_refused(given: Mappings) -> None:
    with pytest.raises(Problem) as refused:
        await read(Reader(facts(table("h"))), given)
    assert refused.value.status == 422


@pytest.mark.parametrize(
    ("tables", "sure"),
    [
        ([], True),
        ([table("h")], True),
        ([table("h", asks=True)], False),
        ([table("h", asks=True), table("i", "sales")], True),
        ([table("h", asks=True), table("i", "stock")], False),
    ],
)
def test_a_person_is_asked_where_no_table_is_of_sales_and_one_may_be(tables: list[TableRead], sure: bool) -> None:
    assert DocumentRead(facts(*tables), {}).sure is sure


async def test_a_channel_that_is_kept_is_used_where_sales_name_none(kept: dict[str, KeptMapping]) -> None:
    """A table that names its channels is not read a second time for it."""
    kept["h"] = replace(by_ana("h"), columns={}, channel="shopee")
    named, reader = Reader(facts(table("h", "sales"))), Reader(facts(replace(table("h", "sales"), unnamed=9)))
    alone, found = await read(named), await read(reader)

    assert (len(named.asked), alone.told_channels, alone.kept) == (1, {}, ())
    assert (len(reader.asked), found.told_channels, found.kept) == (2, {"h": "shopee"}, ("h",))


async def test_the_channel_that_was_said_tells_readings_apart_for_several_channels(
    kept: dict[str, KeptMapping],
) -> None:
    """Of one channel alone the reading is the one that it would be unsaid."""
    document = facts(replace(table("h", "sales"), unnamed=9))
    kept["h"] = replace(by_ana("h"), columns={}, channel="shopee")
    shopee = await read(Reader(document))
    kept["h"] = replace(by_ana("h"), columns={}, channel="amazon")
    amazon = await read(Reader(document))
    two = ("shopee", "amazon")

    assert len({shopee.facts_for(two).mapping, amazon.facts_for(two).mapping, ""}) == 3
    assert shopee.facts_for(("shopee",)).mapping == ""
