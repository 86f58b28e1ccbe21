"""Search against a real database: words without accents, ids, products, from indexes alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest

from projections.reads import search
from tests.integration.gateway import gateway_seed as seed
from tests.support.taken_back import taken_back

MANY = 3000


@pytest.fixture
async def db(pool: asyncpg.Pool) -> AsyncIterator[Any]:
    async with taken_back(pool) as connection:
        yield connection


async def fill(db: asyncpg.Connection) -> None:
    """Thousands of plans, tasks and products, each called much the same."""
    await db.execute(
        "insert into rm.plan (plan_id, version, status, title, filename, uploaded_at, changed_at)"
        " select md5(n::text)::uuid, 1, 'completed', 'Vendas de mês ' || n, 'vendas_' || n || '.xlsx',"
        "        $2::timestamptz - n * interval '1 minute', now() from generate_series(1, $1) n",
        MANY,
        seed.NOW,
    )
    await db.execute(
        "insert into rm.task (task_id, plan_id, version, title, status, created_at, changed_at)"
        " select md5('t' || n)::uuid, md5(n::text)::uuid, 1, 'Rever anúncio ' || n, 'open',"
        "        $2::timestamptz - n * interval '1 minute', now() from generate_series(1, $1) n",
        MANY,
        seed.NOW,
    )
    await db.execute(
        "insert into rm.unit_cost (sku_key, valid_from, version, sku, title, unit_cost, currency, document,"
        " recorded_by, recorded_at)"
        " select 'sku-' || n, '2026-01-01', 1, 'SKU-' || n, 'Tênis ' || n, 1, 'BRL', 'c', 'a', now()"
        "   from generate_series(1, $1) n",
        MANY,
    )
    for table in ("plan", "task", "unit_cost", "stock_level"):
        await db.execute(f"analyze rm.{table}")


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ("março", {"Relatório de março"}),
        ("MARCO relat", {"Relatório de março"}),
        ("relatorio", {"Relatório de março", "Relatório de abril"}),
        ("abril_2026", {"Relatório de abril"}),
        ("2026-04", {"Relatório de abril"}),
        ("xlsx", {"Relatório de abril"}),
        ("latorio", set()),
        ("março abril", set()),
        ("", set()),
        ("&|!':*()", set()),
    ],
)
async def test_words_are_found_by_how_they_begin(db: asyncpg.Connection, asked: str, titles: set[str]) -> None:
    await seed.add_plan(db, title="Relatório de março")
    abril = await seed.add_plan(db, title="Relatório de abril")
    await db.execute("update rm.plan set filename = 'ABRIL_2026-04.xlsx' where plan_id = $1", abril)
    await db.execute("update rm.plan set filename = 'a.csv' where plan_id <> $1", abril)
    assert {one.title for one in await search.plans(db, asked)} == titles


async def test_the_newest_are_shown_where_many_fit(db: asyncpg.Connection) -> None:
    await fill(db)
    today = await seed.add_plan(db, title="Vendas de hoje", uploaded_at=seed.NOW + timedelta(days=1))
    found = await search.plans(db, "vendas")
    assert len(found) == search.FOUND
    assert found[0].plan_id == today
    assert [one.title for one in found[1:]] == [f"Vendas de mês {n}" for n in range(1, search.FOUND)]
    (old,) = await search.plans(db, f"vendas de MES {MANY}")
    assert old.title == f"Vendas de mês {MANY}", "an old one is found by how its title begins"
    assert (await search.plans(db, "mes 17"))[0].title == "Vendas de mês 17", "a new one by any word"
    assert len(await search.tasks(db, "anuncio")) == search.FOUND


async def test_tasks_are_found_by_any_word_among_many_of_each_status(db: asyncpg.Connection) -> None:
    await fill(db)
    await db.execute("update rm.task set title = upper(title)")
    (task,) = await search.tasks(db, f"anuncio {search.LOOKED_BACK}")
    assert task.title == f"REVER ANÚNCIO {search.LOOKED_BACK}"


async def test_tasks_are_found_by_how_they_begin_among_many_of_each_status(db: asyncpg.Connection) -> None:
    await fill(db)
    (task,) = await search.tasks(db, f"rever anuncio {search.LOOKED_BACK}")
    assert task.title == f"Rever anúncio {search.LOOKED_BACK}"
    assert await search.tasks(db, f"rever anuncio {MANY}") == [], "older than all that are looked through"
    await db.execute("update rm.task set status = 'cancelled' where title < 'Rever anúncio 3' collate \"C\"")
    (old,) = await search.tasks(db, f"rever anuncio {MANY}")
    assert (old.title, old.status) == (f"Rever anúncio {MANY}", "open")
    (ended,) = await search.tasks(db, f"rever anuncio {search.LOOKED_BACK}")
    assert ended == replace(task, status="cancelled")


async def test_the_beginning_of_an_id_finds_it(db: asyncpg.Connection) -> None:
    plan = await seed.add_plan(db, plan_id=UUID("deadbeef-0000-4000-8000-000000000001"))
    task = await seed.add_task(db, plan)
    for asked in ("dead", "DEADBEEF", "deadbeef-0000", "deadbeef-0000-4000-8000-000000000001"):
        assert [one.plan_id for one in await search.plans(db, asked)] == [plan]
    assert [one.task_id for one in await search.tasks(db, str(task)[:13])] == [task]
    assert search.ids("dea") is None
    assert search.ids("deadbeef-0000-4000-8000-0000000000011") is None
    assert search.ids("nothex00") is None


async def test_a_year_finds_what_is_called_so_before_ids_that_happen_to_begin_so(db: asyncpg.Connection) -> None:
    by_chance = await seed.add_plan(db, plan_id=UUID("20260000-0000-4000-8000-000000000001"), title="Outro")
    meant = await seed.add_plan(db, title="Vendas de 2026")
    assert [one.plan_id for one in await search.plans(db, "2026")] == [meant, by_chance]
    assert [one.plan_id for one in await search.plans(db, "20260000")] == [by_chance]


async def test_products_are_found_by_sku_and_title_once(db: asyncpg.Connection) -> None:
    await fill(db)
    await db.execute(
        "insert into rm.stock_level (sku_key, channel, counted_on, version, sku, title, quantity, document,"
        " recorded_by, recorded_at) values ('sku-7', '', '2026-01-01', 2, 'SKU-7', '', 3, 'e', 'a', now())"
    )
    assert (await search.products(db, "sku-7"))[0] == search.FoundProduct("SKU-7", "Tênis 7")
    assert len(await search.products(db, "tenis")) == search.FOUND
    await db.execute("update rm.unit_cost set deleted = true where sku_key = 'sku-9'")
    assert "SKU-9" not in {one.sku for one in await search.products(db, "sku-9")}


async def sold(db: asyncpg.Connection, plan: UUID, *products: tuple[str, str], days: int = 0) -> None:
    """The document of a plan with these products in its figures, stored so many days ago."""
    facts = {"channels": [{"channel": "shopee", "products": [{"sku": s, "title": t} for s, t in products]}]}
    await db.execute(
        "insert into decide.document (document_id, plan_id, sha256, channels, facts, stored_at)"
        " values ($1, $1, 'x', '{shopee}', $2, now() - make_interval(days => $3))",
        plan,
        orjson.dumps(facts).decode(),
        days,
    )


async def test_plans_are_found_by_the_products_of_their_figures(db: asyncpg.Connection) -> None:
    old, new, other = [await seed.add_plan(db, title=title) for title in ("Março", "Abril", "Outro")]
    await sold(db, old, ("CAN-0071", "Caneca de cerâmica azul"), days=30)
    await sold(db, new, ("TEN-1", "Tênis"), ("can-0071", "Caneca azul"))
    await sold(db, other, ("TEN-2", 'Tênis "azul" de corrida'), ("CAN-9", "Caneca"))
    found = await search.sales(db, "can-0071")
    assert [(one.plan_id, one.sku, one.title) for one in found] == [
        (new, "can-0071", "Abril"),
        (old, "CAN-0071", "Março"),
    ], "the newest first"
    assert [one.plan_id for one in await search.sales(db, "CERAMICA")] == [old]
    assert {one.plan_id for one in await search.sales(db, "caneca azul")} == {old, new}, "both words of one product"
    assert [one.product for one in await search.sales(db, "corrida")] == ['Tênis "azul" de corrida']
    assert await search.sales(db, "neca") == []
    assert await search.sales(db, "!&|") == []


async def test_of_very_many_products_a_plan_is_found_by_the_first(db: asyncpg.Connection) -> None:
    plan = await seed.add_plan(db)
    await sold(db, plan, *((f"SKU-{n:05d}", "x" * 2000) for n in range(1000)))
    assert [one.sku for one in await search.sales(db, "sku-00001")] == ["SKU-00001"]


@pytest.mark.parametrize(
    ("sql", "indexes"),
    [
        (search._PLANS, {"plan_begins", "plan_uploaded"}),
        (search._TASKS, {"task_status"}),
        (search._PRODUCTS, {"unit_cost_words", "stock_level_words"}),
        (search._SALES, {"document_products"}),
    ],
    ids=["plans", "tasks", "products", "sales"],
)
async def test_nothing_is_looked_through(db: asyncpg.Connection, sql: str, indexes: set[str]) -> None:
    """As the gateway asks it: each table by its index, whatever the number of rows."""
    await fill(db)
    await db.execute("set local enable_seqscan = off")
    words = sql == search._PRODUCTS
    said = sql.replace("$1", "'vendas:*'" if words else "array['vendas']")
    said = said.replace("$2", "'v:*'" if sql == search._SALES else "'v'").replace("$3", "'w'")
    plan = "\n".join(row[0] for row in await db.fetch(f"explain {said}"))
    assert "Seq Scan" not in plan, plan
    assert all(name in plan for name in indexes), plan


@pytest.mark.parametrize("sql", [search._PLANS_BY_ID, search._TASKS_BY_ID], ids=["plan", "task"])
async def test_ids_are_found_by_the_primary_key(db: asyncpg.Connection, sql: str) -> None:
    await fill(db)
    await db.execute("set local enable_seqscan = off")
    low, high = search.ids("dead") or (None, None)
    said = sql.replace("$1", f"'{low}'::uuid").replace("$2", f"'{high}'::uuid")
    plan = "\n".join(row[0] for row in await db.fetch(f"explain {said}"))
    assert "_pkey" in plan
    assert "Seq Scan" not in plan
