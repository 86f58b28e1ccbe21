"""The history of jobs over HTTP: attempts of a plan, and what failed and was made again everywhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import orjson

from projections.reads import attempts, plan_attempts, tried
from projections.reads.tried_filter import TriedFilter
from projections.timeline import reads as timeline
from schemas.topics import AGENTS, ANALYSIS, PROJECTIONS
from streams.retries.index import PostgresParking
from streams.retries.order import Parked
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running
from tests.support.letters import add_letter

PLANS = "/api/marketplace/analysis"
NOW = datetime.now(UTC)


def waiting(plan: object, offset: int, attempt: int, **fields: Any) -> Parked:
    """A record of a plan that waits because its attempt failed."""
    given = {"code": "agent-timeout", "message": "no answer within 30 s", "type": "analysis.requested", **fields}
    given = {"group": ANALYSIS, "stream": f"work-{plan}.shopee", **given}
    due = int(NOW.timestamp() * 1000)
    return Parked(
        f"{given['group']}|agents.work|0|{offset}",
        given["group"],
        str(plan),
        "agents.work",
        0,
        offset,
        "retry.5s",
        0,
        attempt,
        given["type"],
        given["code"],
        "TimeoutError",
        given["message"],
        "",
        due,
        due,
        value=b"x",
        headers=[("ce_subject", given["stream"].encode())],
    )


def stream_of(type_: str, plan: object, data: dict[str, Any]) -> str:
    """Return the stream that the system gives an event: tasks and results of channels have their own."""
    if "task_id" in data:
        return f"task-{data['task_id']}"
    of_channel = type_ in ("plan.channel.analyzed", "plan.channel.failed")
    return f"plan-{plan}.{data['channel']}" if of_channel else f"plan-{plan}"


async def event(gateway: Running, plan: object, version: int, type_: str, after_s: float, **data: Any) -> None:
    at = NOW + timedelta(seconds=after_s)
    await gateway.pool.execute(
        "insert into rm.timeline (event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor,"
        ' causation_id, topic, partition, "offset", data)'
        " values ($1, $2, $3, $4, $5::int, $6, $6, 'ana', 'c', 'plan.events', 0, $5::int, $7)",
        uuid4(),
        plan,
        type_,
        stream_of(type_, plan, data),
        version,
        at,
        orjson.dumps(data).decode(),
    )


async def test_each_attempt_of_a_plan_is_listed(database_url: str, gateway: Running, api: httpx.AsyncClient) -> None:
    plan = await seed.add_plan(gateway.pool)
    later_s = 3600.0  # than the attempts, which have the time of the database
    await event(gateway, plan, 1, "plan.uploaded", later_s, channels=["shopee"])
    await event(gateway, plan, 2, "plan.channel.analyzed", later_s + 12.5, channel="shopee", model="rules-2")
    parking = PostgresParking(database_url)
    offset = uuid4().int % 10**9
    try:
        for _ in range(2):  # saved twice, as after a crash
            await parking.save([waiting(plan, offset, 1)])
        await parking.save([waiting(plan, offset, 2, code="agent-away")])
        await parking.save([waiting(plan, offset + 1, 0, code="")])  # kept back, not tried
    finally:
        await parking.close()
    found = (await api.get(f"{PLANS}/{plan}/attempts")).json()["items"]
    told = [(one["job"], one["number"], one["outcome"], one["seconds"], one["code"]) for one in found]
    assert told == [
        ("analysis", 3, "done", 12.5, ""),
        ("analysis", 2, "failed", None, "agent-away"),
        ("analysis", 1, "failed", None, "agent-timeout"),
    ]
    assert {one["subject"] for one in found} == {"shopee"}
    assert [one["recordId"].partition("|")[0] for one in found] == ["", "analysis", "analysis"]
    (ended,) = (await api.get("/api/attempts", params={"plan": str(plan), "outcome": "done"})).json()["items"]
    assert (ended["subject"], ended["attempt"]) == ("shopee", 3)
    listed = (await api.get("/api/attempts", params={"plan": str(plan)})).json()["items"]
    assert [(one["attempt"], one["code"]) for one in listed] == [(2, "agent-away"), (1, "agent-timeout")]
    assert {(one["outcome"], one["job"], one["subject"], one["beganAt"], one["seconds"]) for one in listed} == {
        ("failed", "analysis", "shopee", None, None)
    }
    narrowed = (await api.get("/api/attempts", params={"plan": str(plan), "code": "agent-away"})).json()["items"]
    assert len(narrowed) == 1
    first = (await api.get("/api/attempts", params={"plan": str(plan), "limit": 1})).json()
    rest = (await api.get("/api/attempts", params={"plan": str(plan), "cursor": first["nextCursor"]})).json()
    assert [one["attempt"] for one in (*first["items"], *rest["items"])] == [2, 1]


async def failed_in_each_way(database_url: str, gateway: Running) -> object:
    """Return a plan of which each job failed, for good and not, and two ended well at last."""
    plan, parking = await seed.add_plan(gateway.pool), PostgresParking(database_url)
    at = datetime.now(UTC)
    offset = uuid4().int % 10**9
    unknown = waiting(plan, offset + 1, 1, stream="")  # as of before the channel was noted
    approval = waiting(plan, offset + 2, 1, type="plan.approved", group=AGENTS, stream=f"plan-{plan}")
    try:
        await parking.save([waiting(plan, offset, 1), unknown, approval])
    finally:
        await parking.close()
    await gateway.pool.execute("update flow.job_attempt set at = $2 where key = $1", str(plan), at)
    for group, type_, stream, second in (
        (ANALYSIS, "analysis.requested", f"work-{plan}.shopee", 1),
        (AGENTS, "plan.approved", f"plan-{plan}", 2),
        (PROJECTIONS, "plan.approved", f"plan-{plan}", 3),
    ):
        letter = await add_letter(gateway.pool, plan=str(plan), group=group, at=at + timedelta(seconds=second))
        await gateway.pool.execute(
            "update rm.dead_letter set attempts = 2, type = $2, plan_id = $3,"
            " headers = jsonb_build_array(jsonb_build_array('ce_subject', $4::text)) where record_id = $1",
            letter,
            type_,
            plan,
            stream,
        )
    began_s = (at - NOW).total_seconds()
    await event(gateway, plan, 1, "plan.channel.failed", began_s + 4, channel="shopee", code="c", reason="r")
    await event(gateway, plan, 2, "plan.channel.requested_again", began_s + 5, channel="shopee", analyst="rules")
    await event(gateway, plan, 3, "plan.channel.analyzed", began_s + 5, channel="shopee", model="rules-8")
    await event(gateway, plan, 4, "plan.phase1.created", began_s + 6, tasks=[])
    await event(gateway, plan, 5, "task.retried", began_s + 7, task_id="t-1", attempt=2)
    await event(gateway, plan, 6, "task.failed", began_s + 8, task_id="t-1", reason="no photos")
    return plan


async def test_what_failed_for_good_is_listed_across_plans(
    database_url: str, gateway: Running, api: httpx.AsyncClient
) -> None:
    plan = await failed_in_each_way(database_url, gateway)
    asked: dict[str, str | int] = {"outcome": "dead", "limit": 2, "plan": str(plan)}
    found: list[Any] = []
    while True:
        page = (await api.get("/api/attempts", params=asked)).json()
        found += page["items"]
        if page["nextCursor"] is None:
            break
        asked["cursor"] = page["nextCursor"]
    assert [(one["outcome"], one["job"], one["subject"], one["attempt"], one["group"]) for one in found] == [
        ("failed", "task", "t-1", 2, None),
        ("failed", "analysis", "shopee", 3, None),
        ("dead", "other", found[2]["recordId"], 2, "projections"),
        ("dead", "phase1", "", 2, "agents"),
        ("dead", "analysis", "shopee", 2, "analysis"),
    ]
    assert (found[0]["message"], found[1]["code"]) == ("no photos", "c")
    coded = (await api.get("/api/attempts", params={"outcome": "dead", "plan": str(plan), "code": "c"})).json()
    assert [one["job"] for one in coded["items"]] == ["analysis"]


async def test_all_attempts_at_one_job_have_one_count_in_every_list(
    database_url: str, gateway: Running, api: httpx.AsyncClient
) -> None:
    plan = await failed_in_each_way(database_url, gateway)
    ended = (await api.get("/api/attempts", params={"outcome": "done", "plan": str(plan)})).json()["items"]
    assert [(one["job"], one["attempt"]) for one in ended] == [("phase1", 3), ("analysis", 4)]
    again = (await api.get("/api/attempts", params={"plan": str(plan)})).json()["items"]
    assert {(one["job"], one["attempt"]) for one in again} == {("analysis", 1), ("phase1", 1)}
    of_plan = (await api.get(f"{PLANS}/{plan}/attempts")).json()["items"]
    told = sorted((one["job"], one["number"]) for one in of_plan if one["job"] in ("analysis", "phase1"))
    assert told == [
        *(("analysis", number) for number in (1, 1, 2, 3, 4)),
        *(("phase1", number) for number in (1, 2, 3)),
    ]


async def test_what_ended_well_is_listed_across_plans_with_begin_and_duration(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    plan, unknown = await seed.add_plan(gateway.pool), await seed.add_plan(gateway.pool)
    await event(gateway, plan, 1, "plan.uploaded", 0, channels=["shopee", "amazon"])
    await event(gateway, plan, 2, "plan.channel.analyzed", 12.5, channel="shopee", model="rules-2")
    await event(gateway, plan, 3, "plan.channel.failed", 13, channel="amazon", failures=[], code="c", reason="r")
    await event(gateway, plan, 4, "plan.channel.requested_again", 20, channel="shopee", analyst="rules")
    await event(gateway, plan, 5, "plan.channel.analyzed", 21, channel="shopee", analyst="agent")
    await event(gateway, plan, 6, "plan.approved", 30)
    await event(gateway, plan, 7, "plan.phase1.created", 32, tasks=[])
    for version, (kind, after_s) in enumerate(
        (("started", 40), ("failed", 41), ("retried", 42), ("started", 43), ("completed", 46)), start=8
    ):
        await event(gateway, plan, version, f"task.{kind}", after_s, task_id="t-1", attempt=2, reason="r")
    await event(gateway, unknown, 1, "plan.channel.analyzed", 50, channel="shopee", model="m")

    asked: dict[str, str | int] = {"outcome": "done", "limit": 2}
    found: list[Any] = []
    while True:
        page = (await api.get("/api/attempts", params=asked)).json()
        found += [one for one in page["items"] if one["key"] in (str(plan), str(unknown))]
        if page["nextCursor"] is None:
            break
        asked["cursor"] = page["nextCursor"]
    shown = [(one["job"], one["subject"], one["attempt"], one["seconds"], one["by"]) for one in found]
    assert shown == [
        ("analysis", "shopee", 1, None, "m"),  # nobody knows when it began: that is no zero
        ("task", "t-1", 2, 3.0, "ana"),
        ("phase1", "", 1, 2.0, "ana"),
        ("analysis", "shopee", 2, 1.0, "agent"),
        ("analysis", "shopee", 1, 12.5, "rules-2"),
    ]
    assert {one["outcome"] for one in found} == {"done"}
    assert [one["beganAt"] is None for one in found] == [True, False, False, False, False]
    assert {(one["recordId"], one["replay"], one["group"]) for one in found} == {(None, None, None)}

    of_one = (await api.get("/api/attempts", params={"outcome": "done", "plan": str(plan)})).json()["items"]
    assert len(of_one) == 4
    assert (await api.get("/api/attempts", params={"outcome": "done", "plan": "none"})).json()["items"] == []
    refused = await api.get("/api/attempts", params={"outcome": "done", "code": "agent-away"})
    assert (refused.status_code, "outcome=failed" in refused.text) == (422, True)
    assert (await api.get("/api/attempts", params={"outcome": "kept"})).status_code == 422


async def test_a_page_of_what_ended_well_is_read_by_its_index(gateway: Running) -> None:
    class Explaining(Counting):
        async def fetch(self, query: str, *args: Any) -> list[Any]:
            async with gateway.pool.acquire() as connection, connection.transaction():
                await connection.execute("set local enable_seqscan = off; set local enable_sort = off")
                self.plan = "\n".join(row[0] for row in await connection.fetch(f"explain {query}", *args))
            return []

    db = Explaining(gateway.pool)
    await tried.find(db, "done", TriedFilter())
    assert "timeline_done" in db.plan
    assert "Seq Scan" not in db.plan


class Counting:
    """A reader that counts the letters of what it hands out."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool, self.letters = pool, 0

    def _count(self, rows: list[Any]) -> None:
        self.letters += sum(len(str(value)) for row in rows for value in row.values())

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        rows = list(await self._pool.fetch(query, *args))
        self._count(rows)
        return rows

    async def fetchrow(self, query: str, *args: Any) -> Any:
        row = await self._pool.fetchrow(query, *args)
        self._count([row] if row is not None else [])
        return row

    async def fetchval(self, query: str, *args: Any) -> Any:
        return await self._pool.fetchval(query, *args)


async def test_of_large_events_only_what_tells_an_attempt_is_read(gateway: Running) -> None:
    plan = await seed.add_plan(gateway.pool)
    large = [{"id": str(n), "title": "Rever fotos " * 20} for n in range(2000)]
    gave_nothing = [{"agent": "gpt", "code": "agent-timeout", "reason": "no answer"}]
    await event(gateway, plan, 1, "plan.uploaded", 0, channels=["shopee", "amazon"])
    await event(
        gateway, plan, 2, "plan.channel.failed", 3, channel="amazon", failures=gave_nothing, code="c", reason="r"
    )
    await event(
        gateway, plan, 3, "plan.channel.analyzed", 9, channel="shopee", opportunities=large, fallback=gave_nothing
    )
    await event(gateway, plan, 4, "plan.approved", 20, phase1={"tasks": large})
    await event(gateway, plan, 5, "plan.phase1.created", 21, tasks=large)
    await event(gateway, plan, 6, "task.started", 30, task_id="t")
    await event(gateway, plan, 7, "task.failed", 31, task_id="t", reason="no photos")
    await event(gateway, plan, 8, "task.retried", 32, task_id="t", attempt=2)
    await event(gateway, plan, 9, "task.started", 33, task_id="t")
    await event(gateway, plan, 10, "task.completed", 34, task_id="t", note="prices are set")
    whole = await gateway.pool.fetch(
        "select type, occurred_at, recorded_at, actor, data from rm.timeline where plan_id = $1 order by recorded_at",
        plan,
    )
    assert sum(len(row["data"]) for row in whole) > 1_000_000
    db = Counting(gateway.pool)
    found = (await plan_attempts.find(db, plan)).items
    assert db.letters < 10_000
    assert [(one.job, one.number, one.outcome) for one in found] == [
        ("task", 2, "done"),
        ("task", 1, "failed"),
        ("phase1", 1, "done"),
        ("analysis", 1, "failed"),
        ("analysis", 1, "done"),
        ("analysis", 1, "failed"),
        ("analysis", 1, "failed"),
    ]
    others = [one for one in found if one.job != "task"]
    assert sorted(others, key=repr) == sorted(attempts.from_events([dict(row) for row in whole]), key=repr), (
        "the same as by the whole events"
    )


async def test_what_agents_took_for_an_analysis_that_gave_way_stays_on_the_plan(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    plan = await seed.add_plan(gateway.pool)
    took = {"agent": "agent:a/m", "calls": 2, "input_tokens": 1200, "output_tokens": 34, "seconds": 5.0, "cost": 0.125}
    await event(gateway, plan, 3, "plan.channel.analyzed", 9, channel="shopee", model="m", use=[took])
    await event(gateway, plan, 4, "plan.channel.requested_again", 20, channel="shopee", analyst="rules")
    await event(gateway, plan, 5, "plan.channel.analyzed", 21, channel="shopee", model="rules-6")

    listed = (await api.get(f"{PLANS}/{plan}/attempts")).json()["items"]
    assert [one["use"] and one["use"][0]["cost"] for one in listed] == [[], 0.125]
    async with gateway.client(None, **{"accept-language": "pt-BR"}) as page:
        await page.post("/login", data={"key": gateway.keys["viewer"]})
        shown = (await page.get(f"/plans/{plan}")).text.partition('id="attempts"')[2]
    assert "1.200 tokens" in shown
    assert "0.1250" in shown


async def test_the_reason_for_a_phase_1_of_ones_own_is_read_alone(gateway: Running) -> None:
    plan = await seed.add_plan(gateway.pool)
    assert await timeline.reason_for_phase1(gateway.pool, plan) == ""
    for version, data in ((3, {"phase1": None}), (4, {"phase1": {"reason": "fewer photos", "tasks": []}})):
        await gateway.pool.execute(
            "update rm.timeline set data = $2 where event_id = $1",
            await seed.add_event(gateway.pool, plan, version, "plan.approved"),
            orjson.dumps(data).decode(),
        )
    assert await timeline.reason_for_phase1(gateway.pool, plan) == "fewer photos"


async def test_what_there_is_not_has_no_attempts(api: httpx.AsyncClient) -> None:
    assert (await api.get(f"{PLANS}/{uuid4()}/attempts")).status_code == 404
    assert (await api.get("/api/attempts", params={"cursor": "x"})).status_code == 422


async def test_prometheus_is_told_of_the_oldest_and_of_failures(gateway: Running, api: httpx.AsyncClient) -> None:
    await seed.add_plan(gateway.pool)
    await gateway.pool.execute(
        "insert into flow.job_attempt (record_id, replay, attempt, grp, key, type, code, error_class, message)"
        " values ($1, 0, 1, 'agents', '', 'plan.planted', 'c', 'e', 'm')",
        str(uuid4()),
    )
    text = (await api.get("/metrics")).text
    assert 'marketplace_failed_attempts{type="plan.planted"} 1.0' in text
    assert 'marketplace_oldest_seconds{kind="plan",status="awaiting_approval"}' in text
    assert 'marketplace_oldest_seconds{kind="task",status="open"}' in text
    assert 'status="completed"' not in text


async def test_prometheus_is_told_how_many_plans_are_stalled_now(gateway: Running, api: httpx.AsyncClient) -> None:
    async def stalled() -> dict[str, float]:
        lines = [line for line in (await api.get("/metrics")).text.splitlines() if "_plans_stalled{" in line]
        return {line.partition('"')[2].partition('"')[0]: float(line.rpartition(" ")[2]) for line in lines}

    before = await stalled()
    assert set(before) == {"recovering", "escalated"}, "also where none is"
    for escalated in (False, False, True):
        await gateway.pool.execute(
            "insert into flow.deadline (plan_id, kind, due_at, stalled_at, cause, escalated_at)"
            " values ($1, 'phase1', now(), now(), 'worker-gone', case when $2 then now() end)",
            await seed.add_plan(gateway.pool, status="approved"),
            escalated,
        )
    assert await stalled() == {"recovering": before["recovering"] + 2, "escalated": before["escalated"] + 1}
