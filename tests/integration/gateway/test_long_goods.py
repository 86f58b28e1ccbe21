"""The list of costs and that of retries, with many of them: pages are read by an index, whole and in order."""

from __future__ import annotations

import asyncpg
import pytest

from projections.goods import reads as goods
from projections.reads import retries
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.test_growth import Reading

#: Every third SKU has stock alone, every fifth costs alone; some costs were taken back, and titles change.
COSTS = """
    insert into rm.unit_cost (sku_key, valid_from, version, sku, title, unit_cost, currency, document, recorded_by,
                              recorded_at, deleted)
    select 'sku-' || lpad(n::text, 5, '0'), '2026-01-01'::date + v, n * 2 + v, 'SKU-' || n,
           case when v = 0 then 'Caneca ' || n else '' end, 10, 'BRL', '', 'ana', now(), n % 7 = 0
      from generate_series($1::int, $2::int) n, generate_series(0, 1) v where n % 3 > 0
"""
STOCK = """
    insert into rm.stock_level (sku_key, channel, counted_on, version, sku, title, quantity, document, recorded_by,
                                recorded_at)
    select 'sku-' || lpad(n::text, 5, '0'), '', '2026-01-01', n, 'SKU-' || n, 'Stock ' || n, 3, '', 'ana', now()
      from generate_series($1::int, $2::int) n where n % 5 > 0
"""


async def test_all_pages_of_costs_are_all_skus_in_their_order_and_as_the_search_names_them(
    db: asyncpg.Connection,
) -> None:
    for table in (COSTS, STOCK):
        await db.execute(table, 1, 200)
    page = await goods.find(db, limit=17)
    found = list(page.items)
    while page.next_cursor is not None:
        page = await goods.find(db, cursor=page.next_cursor, limit=17)
        found += page.items
    searched = (await goods.find(db, "sku-", limit=1000)).items
    assert found == searched
    assert page.total == len(found) == len({one.sku for one in found}) > 100
    assert {one.title.partition(" ")[0] for one in found} == {"Caneca", "Stock"}


@pytest.mark.parametrize("words", ["caneca 11", "SKU-1", "stock 9", "sku-00010", "nobody"])
async def test_words_that_few_skus_have_find_what_words_that_many_have_find(
    db: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    for table in (COSTS, STOCK):
        await db.execute(table, 1, 200)
    few = await goods.find(db, words, limit=20)
    monkeypatch.setattr(goods, "FEW", -1)
    assert await goods.find(db, words, limit=20) == few
    names = await db.fetch(
        "select sku, title from rm.unit_cost where not deleted union select sku, title from rm.stock_level"
    )
    called = {sku for sku, title in names if words.lower() in f"{sku}\n{title}".lower()}
    assert few.total == len(called), "a SKU is found by each name that a document gives it"
    assert {one.sku for one in few.items} <= called
    pages, cursor = set[str](), None
    while (page := await goods.find(db, words, cursor=cursor, limit=7)).items:
        pages |= {one.sku for one in page.items}
        if (cursor := page.next_cursor) is None:
            break
    assert pages == called


async def test_a_page_of_ten_times_as_many_skus_reads_no_more_of_them(db: asyncpg.Connection) -> None:
    for table in (COSTS, STOCK):
        await db.execute(table, 1, 400)
    await db.execute("analyze rm.unit_cost")
    few, many = Reading(db), Reading(db)
    await goods.find(few, limit=20)
    for table in (COSTS, STOCK):
        await db.execute(table, 401, 4000)
    await db.execute("analyze rm.unit_cost")
    await goods.find(many, limit=20)

    def of_the_page(reading: Reading) -> float:
        return sum(read.rows for text, read in reading.of.items() if "count(*)" not in text)

    assert of_the_page(many) <= 1.3 * of_the_page(few), many.of


async def test_what_waits_is_shown_with_its_plan_without_a_look_at_the_others(db: asyncpg.Connection) -> None:
    plan = await seed.add_plan(db, title="Whose record it is")
    await db.execute(
        "insert into rm.plan (plan_id, version, status, title, uploaded_at, changed_at)"
        " select md5(n::text)::uuid, 1, 'completed', 'Plan', now(), now() from generate_series(1, 3000) n"
    )
    for number, key in enumerate((str(plan), "no plan's id", "")):
        await db.execute(
            "insert into flow.parked (record_id, grp, key, orig_topic, orig_partition, orig_offset, tier, replay,"
            " attempt, type, code, error_class, message, behind, due_at, since, state, headers)"
            " values ($1, 'agents', $2, 't', 0, $3, 'x', 0, 1, 't', 'c', 'e', 'm', '', now(), now(), 'waiting', '[]')",
            f"long|{number}",
            key,
            number,
        )
    await db.execute("analyze rm.plan")
    reading = Reading(db)
    found = await retries.find(reading, retries.RetryFilter(q="long|"), sort="-since")
    assert {one.record_id: one.plan_title for one in found.items} == {
        "long|0": "Whose record it is",
        "long|1": "",
        "long|2": "",
    }
    assert reading.rows < 100, reading.of
