"""The read doors against a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import orjson
import pytest

from projections.plans import reads as plans
from projections.reads import documents, overview, paging
from projections.tasks import reads as tasks
from projections.timeline import reads as timeline
from schemas.facts import DocumentFacts
from tests.integration.gateway import gateway_seed as seed
from tests.support.taken_back import taken_back


@pytest.fixture
async def db(pool: asyncpg.Pool) -> AsyncIterator[Any]:
    """A connection in a transaction that is taken back: each test sees only its own rows."""
    async with taken_back(pool) as connection:
        yield connection


async def test_a_plan_is_read_whole(db: asyncpg.Connection) -> None:
    plan_id = await seed.add_plan(db, channels=("shopee", "amazon"))
    await seed.add_channel(db, plan_id, "shopee")
    await seed.add_task(db, plan_id)
    await seed.add_task(db, plan_id, position=2, status="completed")
    plan = await plans.get(db, plan_id)
    assert plan is not None
    assert plan.opportunities == [seed.OPPORTUNITY]
    assert plan.phases == [seed.PHASE]
    assert plan.phase1 is None
    assert plan.phase1_origin is None
    assert [(r.channel, r.status, r.limits) for r in plan.channel_results] == [
        ("shopee", "analyzed", ["sem custos"]),
        ("amazon", "waiting", []),
    ]
    assert plan.tasks == plans.TaskCount(2, {"open": 1, "completed": 1})
    assert plan.opportunity_count == 1
    assert await plans.version_of(db, plan_id) == 2


@pytest.mark.parametrize(
    ("origin", "sources", "shown"),
    [
        ("agent", {"shopee": "rules", "amazon": "rules"}, "rules"),
        ("agent", {"shopee": "rules", "amazon": "agent"}, "agent"),
        ("agent", {"shopee": "rules", "magalu": "agent"}, "rules"),  # no task of Phase 1 is for this channel
        ("agent", {}, "agent"),
        ("fallback", {"shopee": "rules"}, "fallback"),
        ("operator", {"shopee": "rules"}, "operator"),
    ],
)
async def test_phase1_is_whose_analysis_its_tasks_come_from(
    db: asyncpg.Connection, origin: str, sources: dict[str, str], shown: str
) -> None:
    plan_id = await seed.add_plan(db, channels=("shopee", "amazon", "magalu"))
    for channel, source in sources.items():
        await seed.add_channel(db, plan_id, channel)
        await db.execute(
            "update rm.plan_channel set source = $3 where plan_id = $1 and channel = $2", plan_id, channel, source
        )
    phase1 = {"origin": origin, "rule": "phase-number-1", "tasks": [{"channel": "shopee"}, {"channel": "amazon"}]}
    await db.execute("update rm.plan set phase1 = $2 where plan_id = $1", plan_id, orjson.dumps(phase1).decode())

    plan = await plans.get(db, plan_id)
    assert plan is not None
    assert plan.phase1 == {**phase1, "origin": shown}
    assert [row.phase1_origin for row in (await plans.find(db, plans.PlanFilter())).items] == [shown]


async def test_a_plan_that_is_not_there(db: asyncpg.Connection) -> None:
    assert await plans.get(db, uuid4()) is None
    assert await plans.version_of(db, uuid4()) is None
    assert await tasks.get(db, uuid4()) is None
    assert await documents.of_plan(db, uuid4()) is None
    assert (await timeline.of_plan(db, uuid4())).items == []


@pytest.mark.parametrize("sort", sorted(plans.ORDERS))
async def test_pages_of_plans_give_each_plan_once_in_order(db: asyncpg.Connection, sort: str) -> None:
    for n in range(11):
        await seed.add_plan(
            db,
            title=f"t{n % 3}",
            priority=("high", "normal", "low")[n % 3],
            uploaded_at=seed.NOW + timedelta(seconds=n // 2),
        )
    whole = await plans.find(db, plans.PlanFilter(), sort=sort, limit=50, count=True)
    assert whole.total == 11
    assert whole.next_cursor is None
    paged: list[plans.PlanSummary] = []
    cursor: str | None = None
    while True:
        page = await plans.find(db, plans.PlanFilter(), sort=sort, cursor=cursor, limit=2)
        paged += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert paged == whole.items
    assert len({p.plan_id for p in paged}) == 11


async def test_partial_plans_alone_by_their_own_index(db: asyncpg.Connection) -> None:
    whole, partial = await seed.add_plan(db), await seed.add_plan(db)
    await db.execute("update rm.plan set partial = true where plan_id = $1", partial)
    page = await plans.find(db, plans.PlanFilter(partial=True), count=True)
    assert ([p.plan_id for p in page.items], page.total) == ([partial], 1)
    assert {p.plan_id for p in (await plans.find(db, plans.PlanFilter())).items} == {whole, partial}
    await db.execute("set local enable_seqscan = off")
    said = await db.fetch(
        "explain select plan_id from rm.plan as plan where uploaded_at is not null and partial"
        " order by uploaded_at desc, plan_id limit 26"
    )
    assert "plan_partial" in "\n".join(row[0] for row in said)


async def test_priority_order_is_high_first_then_oldest(db: asyncpg.Connection) -> None:
    low = await seed.add_plan(db, priority="low")
    newer = await seed.add_plan(db, priority="high", uploaded_at=seed.NOW + timedelta(hours=1))
    older = await seed.add_plan(db, priority="high")
    page = await plans.find(db, plans.PlanFilter(), sort="priority")
    assert [p.plan_id for p in page.items] == [older, newer, low]


async def test_filters_of_plans(db: asyncpg.Connection) -> None:
    a = await seed.add_plan(db, status="analyzing", title="100% Shopee_2026", channels=("shopee",))
    b = await seed.add_plan(db, status="completed", title="Amazon", channels=("amazon", "magalu"), priority="high")

    async def found(**fields: object) -> set[object]:
        return {p.plan_id for p in (await plans.find(db, plans.PlanFilter(**fields))).items}  # type: ignore[arg-type] # a table of fields

    assert await found() == {a, b}
    assert await found(statuses=("analyzing",)) == {a}
    assert await found(statuses=("analyzing", "completed")) == {a, b}
    assert await found(channels=("magalu",)) == {b}
    assert await found(priorities=("high",)) == {b}
    assert await found(q="amaz") == {b}
    assert await found(q="abril.CSV") == {a, b}
    assert await found(q="100%") == {a}
    assert await found(q="0_") == set()
    assert await found(q="e_2") == {a}
    assert await found(q=str(a)[:13].upper()) == {a}
    assert await found(q="\\") == set()
    assert await found(q="amaz", statuses=("analyzing",)) == set()
    await db.execute("update rm.plan set title = title || ' PREÇO À VISTA' where plan_id = $1", a)
    for words in ("preço", "PREÇO", "preço à", "Ç", "À VISTA", "vista"):
        assert await found(q=words) == {a}, words
    assert await found(q="preco") == await found(q="preço à prazo") == await found(q="preÇo%") == set()


@pytest.mark.parametrize("few", [0, 1, 500])
async def test_words_find_the_same_plans_whether_few_have_them_or_many(
    db: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(plans, "FEW", few)
    mine = {await seed.add_plan(db, title=f"Loja {n} de São Paulo") for n in range(3)}
    await seed.add_plan(db, title="Outra")
    for words in ("loja", "SÃO", "ja 1 de", "de São Paulo"):
        page = await plans.find(db, plans.PlanFilter(q=words), limit=2, count=True, most=2)
        assert {p.plan_id for p in page.items} <= mine
        assert len(page.items) == (1 if words == "ja 1 de" else 2)
        assert (page.total, page.at_least) == ((1, False) if words == "ja 1 de" else (2, True))
    assert (await plans.find(db, plans.PlanFilter(q="loja outra"), count=True)).total == 0


async def test_plans_that_wait_too_long_for_a_decision_are_counted_and_found(db: asyncpg.Connection) -> None:
    late, other, new = [await seed.add_plan(db) for _ in range(3)]
    done = await seed.add_plan(db, status="approved")
    for plan_id, hours in ((late, 50), (other, 30), (new, 23), (done, 99)):
        await db.execute(
            "update rm.plan set analyzed_at = now() - make_interval(hours => $2) where plan_id = $1", plan_id, hours
        )
    seen = (await overview.read(db)).decisions_late
    assert (seen.count, round(seen.oldest_seconds / 3600)) == (2, 50)
    assert (await overview.read(db, 40 * 3600.0)).decisions_late.count == 1
    wanted = plans.PlanFilter(undecided_s=overview.DECISION_DUE_S)
    assert {p.plan_id for p in (await plans.find(db, wanted)).items} == {late, other}


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "W10", "WyJ0aXRsZSJd", "WyItdXBsb2FkZWRBdCIsIngiLCJ5Il0", "é", "A" * 5000, "WyItdXBsb2FkZWRBdCIsMSwyXQ"],
)
async def test_a_cursor_from_elsewhere_is_refused(db: asyncpg.Connection, cursor: str) -> None:
    with pytest.raises(paging.BadCursor):
        await plans.find(db, plans.PlanFilter(), cursor=cursor)


async def test_a_cursor_of_another_order_is_refused(db: asyncpg.Connection) -> None:
    for _ in range(3):
        await seed.add_plan(db)
    page = await plans.find(db, plans.PlanFilter(), sort="title", limit=1)
    with pytest.raises(paging.BadCursor):
        await plans.find(db, plans.PlanFilter(), sort="uploadedAt", cursor=page.next_cursor)


async def test_tasks_with_filters_pages_and_comments(db: asyncpg.Connection) -> None:
    plan_id = await seed.add_plan(db, title="Abril")
    other = await seed.add_plan(db, title="Maio")
    first = await seed.add_task(db, plan_id, position=1, assignee="bia", status="assigned")
    second = await seed.add_task(db, plan_id, position=2, priority="low", channel="amazon")
    third = await seed.add_task(db, other, created_at=seed.NOW)
    await seed.add_comment(db, first, plan_id, "olá")

    async def found(**fields: object) -> list[object]:
        return [t.task_id for t in (await tasks.find(db, tasks.TaskFilter(**fields))).items]  # type: ignore[arg-type] # a table of fields

    assert await found() == [first, second, third]
    assert await found(plan_id=other) == [third]
    assert await found(assignees=("bia",)) == [first]
    assert await found(assignees=("",)) == [second, third]
    assert await found(statuses=("open",), channels=("amazon",)) == [second]
    assert await found(priorities=("low",)) == [second]
    assert await found(q="maio") == [third]
    one = await tasks.get(db, first)
    assert one is not None
    assert (one.plan_title, one.comment_count, [c.comment for c in one.comments]) == ("Abril", 1, ["olá"])
    assert [t.task_id for t in await tasks.of_plan(db, plan_id)] == [first, second]
    assert await tasks.assignees(db) == ["bia"]
    for sort in tasks.ORDERS:
        whole = await tasks.find(db, tasks.TaskFilter(), sort=sort, count=True)
        head = await tasks.find(db, tasks.TaskFilter(), sort=sort, limit=2)
        tail = await tasks.find(db, tasks.TaskFilter(), sort=sort, limit=2, cursor=head.next_cursor)
        assert head.items + tail.items == whole.items
        assert whole.total == 3


async def test_a_task_is_overdue_once_its_day_is_over_everywhere_and_it_has_not_ended(db: asyncpg.Connection) -> None:
    plan_id = await seed.add_plan(db, status="executing")
    today = (datetime.now(UTC) - timedelta(hours=12)).date()  # of who is furthest behind
    days = {"late": -2, "just": -1, "today": 0, "later": 9, "unknown": None, "done": -5, "failed": -1}
    made = {}
    for name, away in days.items():
        made[name] = await seed.add_task(
            db, plan_id, status={"done": "completed", "failed": "failed"}.get(name, "open")
        )
        day = None if away is None else today + timedelta(days=away)
        await db.execute("update rm.task set due_on = $2 where task_id = $1", made[name], day)

    found = await tasks.find(db, tasks.TaskFilter(due=("overdue",)), sort="dueOn")
    assert found.items[0].task_id == made["late"]
    assert {t.task_id for t in found.items} == {made["late"], made["just"], made["failed"]}
    assert all(t.overdue for t in found.items)
    in_order = [t.due_on for t in (await tasks.find(db, tasks.TaskFilter(), sort="dueOn")).items]
    assert in_order == [*sorted(day for day in in_order if day), None]
    seen = (await overview.read(db)).tasks_overdue
    assert seen.count == 3
    assert 24 * 3600 <= seen.oldest_seconds < 48 * 3600
    plan = await plans.get(db, plan_id)
    assert plan is not None
    assert (plan.tasks.total, plan.tasks.overdue) == (7, 3)


async def test_the_timeline_is_oldest_first_and_paged(db: asyncpg.Connection) -> None:
    plan_id = await seed.add_plan(db)
    events = [await seed.add_event(db, plan_id, n, "plan.analyzed") for n in (3, 1, 2, 12, 9)]
    in_order = [events[1], events[2], events[0], events[4], events[3]]
    whole = await timeline.of_plan(db, plan_id)
    assert [e.event_id for e in whole.items] == in_order
    assert whole.items[0].data == {"plan_id": str(plan_id)}
    head = await timeline.of_plan(db, plan_id, limit=2)
    tail = await timeline.of_plan(db, plan_id, limit=9, cursor=head.next_cursor)
    assert head.items + tail.items == whole.items


async def test_the_document_of_a_plan(db: asyncpg.Connection) -> None:
    plan_id = uuid4()
    facts = DocumentFacts("text/csv", "t", warnings=["w"])
    await db.execute(
        "insert into decide.document (document_id, plan_id, sha256, channels, facts)"
        " values ($1, $1, 'a', '{shopee}', $2)",
        plan_id,
        orjson.dumps(facts.to_dict()).decode(),
    )
    document = await documents.of_plan(db, plan_id)
    assert document is not None
    assert document.facts == facts


async def test_the_overview_of_nothing(db: asyncpg.Connection) -> None:
    seen = await overview.read(db)
    assert seen.plans == {}
    assert seen.outbox == overview.Outbox(0, 0.0)
    assert seen.projection.behind == 0


async def test_the_overview_counts_what_waits(db: asyncpg.Connection) -> None:
    plan_id = await seed.add_plan(db, uploaded_at=datetime.now(UTC) - timedelta(hours=1))
    await seed.add_plan(db, status="approved")
    await db.execute("insert into flow.deadline (plan_id, kind) values ($1, 'analysis')", plan_id)
    await db.execute(
        "insert into flow.deadline (plan_id, kind, since) values (gen_random_uuid(), 'phase1', now() - interval '4 s')"
    )
    # it has its tasks, and the watchdog has not looked since
    done = await seed.add_plan(db, status="executing")
    await db.execute("""update rm.plan set phase1 = '{"tasks": [{}]}' where plan_id = $1""", done)
    await seed.add_task(db, done)
    await db.execute(
        "insert into flow.deadline (plan_id, kind, since) values ($1, 'phase1', now() - interval '9 s')", done
    )
    await seed.add_task(db, plan_id)
    await db.execute(
        """insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,
               correlation_id, actor, data, stored_at, published_at)
           select gen_random_uuid(), 'plan.events', 'k', 't', 's' || n, 1, 0, '', '', '', '{}', now() - interval '7 s',
                  case when n = 2 then now() - interval '3 s' end from generate_series(1, 2) n"""
    )
    seen = await overview.read(db)
    assert {s: w.count for s, w in seen.plans.items()} == {"awaiting_approval": 1, "approved": 1, "executing": 1}
    assert seen.plans["awaiting_approval"].oldest_seconds > 0
    # wherever an approval waits: this one has not even reached the read models
    assert (seen.plans_without_phase1.count, round(seen.plans_without_phase1.oldest_seconds)) == (1, 4)
    assert seen.tasks["open"].count == 2
    assert (seen.outbox.waiting, round(seen.outbox.oldest_seconds)) == (1, 7)
    assert (seen.projection.behind, round(seen.projection.oldest_seconds)) == (1, 3)


_PUBLISHED = """
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                               actor, data, stored_at, published_at, raw, raw_headers)
    values (gen_random_uuid(), 'plan.events', $1, 'plan.uploaded', $2, $3, 0, '', '', '', '{}',
            now() - interval '90 s', now() - interval '80 s', $4, $5::jsonb)"""


async def test_what_never_comes_to_the_timeline_is_no_lag(db: asyncpg.Connection) -> None:
    """A replayed letter's bytes and an event that the projections gave up are nothing that the pages wait for."""
    plan_id = await seed.add_plan(db)
    stream = f"plan-{plan_id}"
    await db.execute(_PUBLISHED, str(plan_id), "raw-1", 1, b"nonsense", '[["type", "plan.uploaded"]]')
    await db.execute(_PUBLISHED, str(plan_id), stream, 7, None, None)
    assert (await overview.read(db)).projection.behind == 1, "an event on its way is still counted"
    await db.execute(
        "insert into rm.dead_letter (record_id, grp, plan_id, data, dead_at)"
        " values ('projections|plan.events|0|7', 'projections', $1, $2::jsonb, now())",
        plan_id,
        orjson.dumps({"stream": stream, "version": 7}).decode(),
    )
    assert (await overview.read(db)).projection.behind == 0
    await db.execute("update rm.dead_letter set grp = 'agents'")
    assert (await overview.read(db)).projection.behind == 1, "the agents' letters are not the read models'"


async def test_what_was_shown_before_is_not_looked_up_again(db: asyncpg.Connection) -> None:
    plan_id = await seed.add_plan(db)
    await db.execute(_PUBLISHED, str(plan_id), f"plan-{plan_id}", 7, None, None)
    seen = await overview.read(db)
    assert seen.projection.behind == 1
    at = seen.published_at
    assert at is not None
    assert (await overview.read(db, shown_until=at)).projection.behind == 0
    assert (await overview.read(db, shown_until=at - timedelta(seconds=1))).projection.behind == 1


@pytest.mark.parametrize("jumped", [timedelta(hours=-3), timedelta(hours=3)], ids=["back", "forward"])
async def test_what_waits_for_the_system_is_as_old_as_the_database_says(
    db: asyncpg.Connection, jumped: timedelta
) -> None:
    # the gateway's clock, which events carry the time of, was set
    for status in ("analyzing", "approved"):
        plan_id = await seed.add_plan(db, status=status, uploaded_at=datetime.now(UTC) + jumped)
        await db.execute("update rm.plan set decided_at = uploaded_at where plan_id = $1", plan_id)
        await db.execute("update decide.head set changed_at = now() - interval '7 seconds' where plan_id = $1", plan_id)
    seen = await overview.read(db)
    assert {status: round(w.oldest_seconds) for status, w in seen.plans.items()} == {"analyzing": 7, "approved": 7}


async def test_a_plan_that_was_not_decided_here_is_as_old_as_its_event(db: asyncpg.Connection) -> None:
    await seed.add_plan(db, status="analyzing", uploaded_at=datetime.now(UTC) - timedelta(hours=1), head=False)
    assert round((await overview.read(db)).plans["analyzing"].oldest_seconds / 60) == 60
