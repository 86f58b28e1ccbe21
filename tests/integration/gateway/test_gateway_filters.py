"""Lists by where Phase 1 is from, by when tasks are due, by what failed: the same over HTTP, on pages and in files."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import orjson
import pytest

from projections.plans import by_origin
from projections.plans import reads as plans
from projections.plans.reads import PlanFilter
from projections.reads import retries
from projections.reads.retries import RetryFilter
from projections.tasks import reads as tasks
from projections.tasks.reads import TaskFilter
from schemas.phase1 import Origin
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_growth import Reading
from tests.integration.gateway.test_narrowed_lists import LOOKED_AT, MANY, ROWS
from tests.support.letters import add_waiting

PLANS, TASKS = "/api/marketplace/analysis", "/api/tasks"
#: What was written as origin, who analysed the channels, and where Phase 1 is from, as everybody is told.
ORIGINS = {
    "agent": ("agent", ("agent",)),
    "rules": ("agent", ("rules",)),
    "both": ("agent", ("agent", "rules")),
    "fallback": ("fallback", ("agent",)),
    "operator": ("operator", ("rules",)),
    "none": ("", ("agent",)),
}
#: The last day that is over nowhere yet is today for `overdue` and for `week`.
TODAY = (datetime.now(UTC) - timedelta(hours=12)).date()


async def of_origin(db: asyncpg.Connection | asyncpg.Pool, title: str, origin: str, sources: tuple[str, ...]) -> UUID:
    """A plan whose Phase 1 has a task of each channel."""
    channels = ("shopee", "magalu")[: len(sources)]
    plan = await seed.add_plan(db, title=title, channels=channels, status="executing" if origin else "analyzing")
    for channel, source in zip(channels, sources, strict=True):
        await db.execute(
            "insert into rm.plan_channel (plan_id, channel, version, status, source, changed_at)"
            " values ($1, $2, 1, 'analyzed', $3, now())"
            " on conflict (plan_id, channel) do update set source = excluded.source, status = 'analyzed'",
            *(plan, channel, source),
        )
    phase1 = {"origin": origin, "tasks": [{"channel": channel} for channel in channels]}
    await db.execute("update rm.plan set phase1 = $2 where plan_id = $1", plan, orjson.dumps(phase1).decode())
    if not origin:
        await db.execute("update rm.plan set phase1 = null where plan_id = $1", plan)
    return plan


async def rows_of(api: httpx.AsyncClient, path: str, **query: Any) -> list[dict[str, Any]]:
    answer = await api.get(path, params=query)
    return list(csv.DictReader(io.StringIO(answer.raise_for_status().text.removeprefix("\ufeff")), delimiter=";"))


async def test_plans_are_found_by_where_phase_1_is_from(gateway: Running, api: httpx.AsyncClient) -> None:
    mark = uuid4().hex
    made = {name: str(await of_origin(gateway.pool, f"{mark} {name}", *how)) for name, how in ORIGINS.items()}
    for origin, names in {
        "agent": {"agent", "both"},
        "rules": {"rules"},
        "fallback": {"fallback"},
        "operator": {"operator"},
    }.items():
        wanted = {"origin": origin, "q": mark}
        found = (await api.get(PLANS, params={**wanted, "total": "true"})).raise_for_status().json()
        assert {one["planId"] for one in found["items"]} == {made[name] for name in names}, origin
        assert {one["phase1Origin"] for one in found["items"]} == {origin}
        assert found["total"] == len(names)
        page = (await api.get("/plans", params=wanted)).text
        assert {name for name, plan in made.items() if f"/plans/{plan}" in page} == names
        assert f"/plans.csv?q={mark}&amp;origin={origin}" in page or f"origin={origin}&amp;q={mark}" in page
        assert len(await rows_of(api, "/plans.csv", **wanted)) == len(names)
        assert len(await rows_of(api, "/api/exports/plans", **wanted, form="csv")) == len(names)
    both = (await api.get(PLANS, params={"origin": "rules,operator", "q": mark})).json()["items"]
    assert {one["planId"] for one in both} == {made["rules"], made["operator"]}
    assert (await api.get(PLANS, params={"origin": "nobody"})).status_code == 422


async def test_the_page_of_plans_is_narrowed_to_a_team(gateway: Running, api: httpx.AsyncClient) -> None:
    team, mark = uuid4(), uuid4().hex
    await gateway.pool.execute("insert into access.team (team_id, name) values ($1, $2)", team, mark)
    own, other = [await seed.add_plan(gateway.pool, title=f"{mark} {n}") for n in (1, 2)]
    await gateway.pool.execute("insert into decide.plan_team values ($1, $2)", own, team)
    page = (await api.get("/plans", params={"q": mark, "team": str(team)})).text
    assert f"/plans/{own}" in page
    assert f"/plans/{other}" not in page


async def test_tasks_are_found_by_when_they_are_due(gateway: Running, api: httpx.AsyncClient) -> None:
    plan = await seed.add_plan(gateway.pool, status="executing")
    days: dict[str, tuple[date | None, str]] = {
        "overdue": (TODAY - timedelta(days=1), "open"),
        "today": (TODAY, "started"),
        "sixth": (TODAY + timedelta(days=6), "failed"),
        "seventh": (TODAY + timedelta(days=7), "open"),
        "undated": (None, "assigned"),
        "ended": (TODAY, "completed"),
        "ended undated": (None, "completed"),
    }
    made = {
        name: str(await seed.add_task(gateway.pool, plan, title=name, due_on=day, status=status))
        for name, (day, status) in days.items()
    }
    for due, names in {"overdue": ["overdue"], "week": ["sixth", "today"], "none": ["undated"]}.items():
        wanted = {"plan": str(plan), "due": due}
        found = (await api.get(TASKS, params={**wanted, "total": "true"})).raise_for_status().json()
        assert sorted(one["title"] for one in found["items"]) == names
        assert found["total"] == len(names)
        page = (await api.get("/tasks", params=wanted)).text
        assert sorted(name for name, task in made.items() if f'data-key="{task}"' in page) == names
        assert len(await rows_of(api, "/tasks.csv", **wanted)) == len(names)
        assert len(await rows_of(api, "/api/exports/tasks", **wanted, form="csv")) == len(names)
        board = (await api.get("/tasks", params={**wanted, "view": "board"})).text
        assert sorted(name for name, task in made.items() if f'data-key="{task}"' in board) == names
    old = (await api.get("/tasks", params={"plan": str(plan), "overdue": "1"})).text
    assert [name for name, task in made.items() if f'data-key="{task}"' in old] == ["overdue"], "an old link works"
    assert (await api.get(TASKS, params={"due": "week", "overdue": "true"})).status_code == 422
    assert (await api.get(TASKS, params={"due": "soon"})).status_code == 422


async def test_retries_are_found_by_cause_event_and_group_and_the_way_back_keeps_that(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    plan = str(uuid4())
    one, other = [await add_waiting(gateway.pool, plan=plan, offset=9_100_000 + n) for n in (1, 2)]
    await gateway.pool.execute("update flow.parked set code = 'agent-timeout' where record_id = $1", one)
    await gateway.pool.execute("update flow.parked set type = 'plan.approved' where record_id = $1", other)
    group = await gateway.pool.fetchval("select grp from flow.parked where record_id = $1", one)
    for wanted, there in (
        ({"code": "agent-timeout"}, [one]),
        ({"type": "plan.approved"}, [other]),
        ({"group": group}, [one, other]),
        ({"group": "nobodys"}, []),
        ({"code": "agent-timeout", "type": "plan.approved"}, []),
    ):
        page = (await api.get("/retries", params={"plan": plan, **wanted})).text
        found = (await api.get("/api/retries", params={"plan": plan, **wanted})).raise_for_status().json()["items"]
        assert [row for row in (one, other) if f'data-key="{row}"' in page] == there, wanted
        assert sorted(row["recordId"] for row in found) == sorted(there)
    page = (await api.get("/retries", params={"plan": plan, "code": "agent-timeout"})).text
    assert f'name="back" value="/retries?plan={plan}&amp;code=agent-timeout"' in page
    assert '<option value="agent-timeout" selected>' in page
    assert '<option value="plan.approved">' in page


PARKED = """
    insert into flow.parked (record_id, grp, key, orig_topic, orig_partition, orig_offset, tier, replay, attempt, type,
                             code, error_class, message, behind, due_at, since, state, headers)
    select 'r' || n, 'agents', 'k' || n, 'plan.events', 0, n, '1s', 0, 1,
           case when n = 7 then 'rare' else 'plan.approved' end, case when n = 9 then 'rare' else 'agent-timeout' end,
           '', '', '', now(), now() - n * interval '1 second', case n % 2 when 0 then 'done' else 'waiting' end, '{}'
      from generate_series(1, $1::int) n"""


@pytest.mark.parametrize(("many", "few"), [("agent", "rules"), ("rules", "agent")])
async def test_what_few_plans_have_is_found_without_the_others(
    db: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch, many: Origin, few: Origin
) -> None:
    """Nearly all plans are of one origin, and two of each other one."""
    monkeypatch.setattr(by_origin, "FEW_BY", 100)
    await db.execute("delete from rm.plan; delete from rm.plan_channel")
    await db.execute(ROWS[0], MANY, seed.NOW, "high")
    await db.execute(
        "update rm.plan set phase1 = jsonb_build_object('origin', case when title in ('Plan 3', 'Plan 4') then"
        " 'operator' else 'agent' end, 'tasks', '[{\"channel\": \"shopee\"}]'::jsonb)"
    )
    await db.execute(
        "insert into rm.plan_channel (plan_id, channel, version, status, source, changed_at)"
        " select plan_id, 'shopee', 1, 'analyzed', case when title in ('Plan 5', 'Plan 6') then $1 else $2 end, now()"
        " from rm.plan on conflict do nothing",
        *(("rules", "agent") if many == "agent" else ("agent", "rules")),
    )
    await db.execute("analyze rm.plan, rm.plan_channel")
    wanted: tuple[tuple[Origin, int], ...] = ((few, 2), ("operator", 2), ("fallback", 0))
    for sort in plans.ORDERS:
        for origin, total in wanted:
            reading = Reading(db)
            page = await plans.find(reading, PlanFilter(origins=(origin,)), sort=sort, count=True, most=MANY)
            assert (page.total, len(page.items)) == (total, total), (sort, origin)
            assert {one.phase1_origin for one in page.items} <= {origin}
            assert reading.rows <= LOOKED_AT, (sort, origin, reading.of)
    monkeypatch.setattr(by_origin, "COUNTED_BY", 10)
    counted = await plans.find(db, PlanFilter(origins=(many,)), limit=5, count=True, most=MANY)
    assert (counted.total, counted.at_least) == (10, True), "each costs a look at its channels"
    reading = Reading(db)
    first = await plans.find(reading, PlanFilter(origins=(many,)), limit=10)
    assert len(first.items) == 10
    listed = [read for text, read in reading.of.items() if "rm.plan_channel where" not in text]
    assert sum(read.rows for read in listed) <= LOOKED_AT, reading.of


async def test_what_few_tasks_and_retries_have_is_found_without_the_others(db: asyncpg.Connection) -> None:
    await db.execute("delete from rm.plan; delete from rm.task; delete from flow.parked")
    for rows in ROWS:
        await db.execute(rows, MANY, seed.NOW, "high")
    await db.execute("update rm.task set due_on = current_date + 90 where task_id <> md5('t6')::uuid")
    await db.execute("update rm.task set due_on = current_date + 3 where task_id = md5('t12')::uuid")
    await db.execute(PARKED, MANY)
    await db.execute("analyze rm.task, flow.parked")
    for due in ("none", "week", "overdue"):
        for sort in ("-createdAt", "createdAt", "priority", "dueOn"):
            reading = Reading(db)
            found = await tasks.find(reading, TaskFilter(due=(due,)), sort=sort, count=True, most=MANY)
            assert found.total == len(found.items) == (0 if due == "overdue" else 1), (due, sort)
            assert reading.rows <= LOOKED_AT, (due, sort, reading.of)
    for wanted in (RetryFilter(codes=("rare",)), RetryFilter(types=("rare",))):
        reading = Reading(db)
        assert (await retries.find(reading, wanted, count=True)).total == 1
        assert reading.rows <= LOOKED_AT, (wanted, reading.of)
    reading = Reading(db)
    assert await retries.choices(reading, "waiting") == {
        "code": ["agent-timeout", "rare"],
        "type": ["plan.approved", "rare"],
    }
    assert reading.rows <= LOOKED_AT, reading.of
