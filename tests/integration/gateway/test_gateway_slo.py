"""Objectives are counted once from the events, whatever comes twice, and read over HTTP and on the pages."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from openpyxl import load_workbook

from gateway.alerts.history import History
from gateway.operations.objectives import judged, last_days
from gateway.verdict.judge import judge
from gateway.verdict.kinds import Kind
from gateway.verdict.snapshot import Snapshot
from projections.rows import Recorded
from projections.slo import reads as slo
from schemas.slo import BEYOND_MS, BOUNDS_MS, NO_TIME, Measure
from schemas.wire import from_record
from tests.contract.golden import golden
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.gateway_seed import add_plan
from tests.support.reading import project
from tests.unit.gateway.verdict.examples import EXAMPLES, WELL

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
PLAN_EVENTS = "plan.events"


@pytest.fixture(autouse=True)
async def empty(pool: asyncpg.Pool) -> AsyncIterator[None]:
    yield
    await pool.execute("truncate rm.slo_hour, rm.slo_missed, flow.marketplace_metrics")


def phase1(plan: UUID, *, offset: int, took_s: float, decided: datetime = NOW, taken_s: float | None = None) -> Any:
    """The record of Phase 1 of a plan, so long after the decision; a worker took it up before."""
    micros = int(decided.timestamp() * 1_000_000)
    own = {"plan_id": str(plan), "correlation_id": str(plan), "stream": f"plan-{plan}", "event_id": str(plan)}
    record = {**golden("plan.phase1.created", 1).record, **own, "occurred_at": micros}
    event = from_record("plan.phase1.created", record)
    taken = None if taken_s is None else micros + int(taken_s * 1_000_000)
    return Recorded(event, PLAN_EVENTS, 0, offset, decided + timedelta(seconds=took_s), None, taken)


async def counted(pool: asyncpg.Pool) -> dict[tuple[str, int], int]:
    rows = await pool.fetch("select measure, le_ms, sum(n)::int as n from rm.slo_hour group by measure, le_ms")
    return {(row["measure"], row["le_ms"]): row["n"] for row in rows}


async def test_an_event_counts_once_where_it_is_first_in_the_log(database_url: str, pool: asyncpg.Pool) -> None:
    plan, other = uuid4(), uuid4()
    first = phase1(plan, offset=10, took_s=0.4, taken_s=0.09)
    await project(database_url, [first._replace(offset=-1, taken_us=None)])  # shown from the outbox
    assert await counted(pool) == {}

    # a record that was sent twice, in one batch
    await project(database_url, [first, first._replace(offset=11, recorded_at=NOW + timedelta(seconds=9))])
    await project(database_url, [first._replace(offset=12, recorded_at=NOW + timedelta(seconds=9))])
    assert await counted(pool) == {("phase1", 500): 1, ("queue", 100): 1}

    await project(
        database_url, [phase1(other, offset=13, took_s=0.3), phase1(uuid4(), offset=14, took_s=6)._replace(partition=1)]
    )
    assert await counted(pool) == {("phase1", 500): 2, ("phase1", 10_000): 1, ("queue", 100): 1}
    assert await pool.fetchval("select max(last_at) from rm.slo_hour") == NOW + timedelta(seconds=6)


async def test_the_objectives_are_read_with_the_plans_that_missed_one(
    api: httpx.AsyncClient, database_url: str, pool: asyncpg.Pool
) -> None:
    late = await add_plan(pool, status="executing", title="Vendas =1+1")
    records = [phase1(uuid4(), offset=n, took_s=0.2) for n in range(20, 39)]
    await project(database_url, [*records, phase1(late, offset=40, took_s=7.5)._replace(partition=5)])

    by_name = {one["name"]: one for one in (await api.get("/api/slo")).raise_for_status().json()["objectives"]}
    few = by_name["phase1"]
    assert (few["state"], few["good"], few["least"], few["budgetLeft"]) == ("too-few", 0.95, 100, None)
    assert few["why"] == "too few to judge: 20 of 100"
    for path in ("/", "/slo"):
        assert "oo few to judge: 20 of 100" in (await api.get(path)).text
    table = (await api.get("/slo.csv")).text
    assert "Phase 1 within 5 s;99% within 5 s;Too few to judge: 20 of 100;95.00%;20;1" in table

    await project(database_url, [phase1(uuid4(), offset=n, took_s=0.2) for n in range(140, 220)])

    found = (await api.get("/api/slo")).raise_for_status().json()
    by_name = {one["name"]: one for one in found["objectives"]}
    one = by_name["phase1"]
    assert (one["state"], one["good"], one["spent"]) == ("met", 0.99, {"total": 100, "bad": 1})
    assert (one["atMostMs"], one["beyond"], round(one["budgetLeft"], 6)) == (250, False, 0.0)
    assert [window["name"] for window in one["windows"]] == ["1h", "6h", "1d", "3d", "30d"]
    assert [hour["spent"] for hour in one["worst"]] == [{"total": 100, "bad": 1}]
    assert (by_name["recovery"]["state"], by_name["recovery"]["good"]) == ("unknown", None)
    assert by_name["availability"]["why"] == "no alert engine has written down a minute of this time yet"

    month = (await api.get("/api/slo", params={"month": f"{NOW:%Y-%m}"})).raise_for_status().json()
    assert month["month"] == f"{NOW:%Y-%m}"
    assert {o["name"]: o["spent"] for o in month["objectives"]}["phase1"] == one["spent"]
    wrong = await api.get("/api/slo", params={"month": "2026-13"})
    assert (wrong.status_code, wrong.json()["detail"]) == (422, "month: a month is YYYY-MM, such as 2026-11")

    page = (await api.get("/slo", params={"objective": "phase1", "hour": f"{NOW:%Y-%m-%dT%H}"})).text
    assert f'href="/plans/{late}"' in page
    assert "7.5 s" in page
    assert "objective=phase1&amp;hour=" in page
    for odd in ({"month": "x"}, {"objective": "phase1", "hour": "then"}, {"objective": "nothing"}):
        assert (await api.get("/slo", params=odd)).status_code == 200


async def test_a_month_is_a_table_without_formulas(
    api: httpx.AsyncClient, database_url: str, pool: asyncpg.Pool
) -> None:
    await project(database_url, [phase1(uuid4(), offset=50, took_s=0.2)])
    answer = (await api.get("/slo.csv", params={"month": f"{NOW:%Y-%m}"})).raise_for_status()
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))

    assert answer.headers["content-disposition"] == f'attachment; filename="slo-{NOW:%Y-%m}.csv"'
    assert [row[:7] for row in rows if row[1] == "Phase 1 within 5 s"] == [
        [f"{NOW:%Y-%m}", "Phase 1 within 5 s", "99% within 5 s", "Too few to judge: 1 of 100", "100.00%", "1", "0"],
        [f"{NOW:%Y-%m-%d}", "Phase 1 within 5 s", "99% within 5 s", "", "100.00%", "1", "0"],
    ]
    assert [row[4] for row in rows if row[3] == "Unknown"] == ["unknown"] * 5

    workbook = (await api.get("/slo.xlsx", params={"month": f"{NOW:%Y-%m}"})).raise_for_status()
    sheet = load_workbook(io.BytesIO(workbook.content)).active
    assert sheet is not None
    lines = list(sheet.iter_rows(values_only=True))
    assert [["" if cell is None else str(cell) for cell in line[:7]] for line in lines] == [row[:7] for row in rows]
    assert {type(line[5]) for line in lines[1:]} == {int}, "what can be summed is a number"
    page = (await api.get("/slo", params={"month": f"{NOW:%Y-%m}"})).text
    assert f'href="/slo.xlsx?month={NOW:%Y-%m}"' in page


async def test_minutes_are_written_with_what_came_and_hours_with_what_was_counted(
    api: httpx.AsyncClient, database_url: str, pool: asyncpg.Pool
) -> None:
    clock, history = [0.0], History(lambda: clock[0])

    async def look(second: int, kind: Kind | None = None) -> None:
        clock[0] = second
        snapshot = WELL if kind is None else EXAMPLES[kind]
        at = NOW + timedelta(seconds=second)
        history.look(judge(replace(snapshot, as_of=at)))
        if history.due and kind is None:
            async with pool.acquire() as connection:
                await history.write(connection)

    await project(database_url, [phase1(uuid4(), offset=60, took_s=0.2, taken_s=0.03)])
    for second in (0, 5, 59):  # of the 54 s between the last two looks 10 are known
        await look(second)
    await look(60)
    await project(database_url, [phase1(uuid4(), offset=61, took_s=0.2, taken_s=0.2)])
    for second in (65, 70):
        await look(second, Kind.DATABASE_AWAY)
    await look(120, Kind.DATABASE_AWAY)
    await look(122)
    await look(180)
    await look(400)

    rows = await pool.fetch("select * from flow.marketplace_metrics order by step desc, at")
    minutes = [row for row in rows if row["step"] == "minute"]
    assert [(row["at"] - NOW).total_seconds() for row in minutes] == [0, 60, 120, 180]
    assert [(row["seen_s"], row["down_s"]) for row in minutes] == [(15, 0), (11, 10), (12, 10), (10, 0)]
    # nobody had counted before the first, and the last was counted too late to be told apart
    assert [row["phase1_made"] for row in minutes] == [None, 1, 0, None]
    assert [row["retries"] for row in minutes] == [0, 0, 0, 0]
    assert [(row["behind"], row["breakers"]) for row in minutes] == [(0, 0)] * 4
    [hour] = [row for row in rows if row["step"] == "hour"]
    assert (hour["behind"], hour["breakers"]) == (0, 0)
    assert (hour["seen_s"], hour["down_s"], hour["phase1_made"], hour["plans_in"]) == (48, 20, 2, 0)
    assert [row["phase1_time"] for row in minutes] == [None, '{"250": 1}', "{}", None]
    assert [row["tasks_completed"] for row in minutes] == [None, 0, 0, None]
    assert (hour["phase1_time"], hour["plans_completed"], hour["channels_failed"]) == ('{"250": 2}', 0, 0)
    assert hour["queue_delay"] in ({"50": 1, "250": 1}, '{"50": 1, "250": 1}')

    found = (await api.get("/api/slo")).raise_for_status().json()["objectives"][-1]
    assert (found["name"], found["spent"]) == ("availability", {"total": 48, "bad": 20})
    assert (found["state"], found["why"]) == ("too-few", "too little to judge: 48 s of 17 min")
    assert (found["good"], found["budgetLeft"]) == (pytest.approx(28 / 48), None)
    assert (await api.get("/")).status_code == 200


@pytest.mark.parametrize(
    ("before_s", "behind", "counted"), [(None, 0, 1), (-90.0, 0, 1), (5.0, 0, None), (None, 3, None)]
)
async def test_the_first_minute_of_an_engine_has_its_counts_where_nothing_of_it_came_before(
    database_url: str, pool: asyncpg.Pool, before_s: float | None, behind: int, counted: int | None
) -> None:
    """Else they are unknown: what came earlier in the minute is in no count, and what came before it is none of it."""
    clock = [0.0]
    history, first = History(lambda: clock[0], opened=False), datetime.now(UTC).replace(second=0, microsecond=0)

    async def look(second: int) -> None:
        clock[0] = second
        read = replace(WELL, as_of=first + timedelta(seconds=second))
        assert read.overview is not None
        overview = replace(read.overview, projection=replace(read.overview.projection, behind=behind))
        history.look(judge(replace(read, overview=overview)))
        async with pool.acquire() as connection:
            if history.due:
                await history.write(connection)

    if before_s is not None:
        came = first + timedelta(seconds=before_s)
        await project(database_url, [phase1(uuid4(), offset=70, took_s=0.0, decided=came)])
    await look(20)
    assert not history.due
    await project(database_url, [phase1(uuid4(), offset=71, took_s=0.2, decided=first + timedelta(seconds=30))])
    await look(60)
    await look(120)
    rows = await pool.fetch("select phase1_made from flow.marketplace_metrics where step = 'minute' order by at")
    assert [row["phase1_made"] for row in rows] == [counted, 0]


@pytest.mark.parametrize(("came_s", "counted"), [(None, 1), (-90.0, 1), (0.5, None)])
async def test_what_is_uploaded_before_the_first_look_with_a_gateway_counts_for_the_first_minute(
    database_url: str, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch, came_s: float | None, counted: int | None
) -> None:
    history, first = History(lambda: 0.0, opened=False), datetime.now(UTC).replace(second=0, microsecond=0)
    monkeypatch.setattr("gateway.alerts.history._this_minute", lambda: first)
    shut = replace(WELL, operations=replace(WELL.operations, processes=[]))

    async def look(read: Snapshot, minute: int) -> None:
        history.look(judge(replace(read, as_of=first + timedelta(minutes=minute))))
        async with pool.acquire() as connection:
            if history.due:
                await history.write(connection)

    if came_s is not None:
        came = first + timedelta(seconds=came_s)
        await project(database_url, [phase1(uuid4(), offset=80, took_s=0.0, decided=came)])
    for _ in range(3):
        await look(shut, 0)
    await project(database_url, [phase1(uuid4(), offset=81, took_s=0.1, decided=first + timedelta(seconds=1))])
    await look(WELL, 0)
    await look(WELL, 1)
    assert await pool.fetchval("select count(*) from flow.marketplace_metrics where step = 'minute'") == 1
    assert await pool.fetchval("select phase1_made from flow.marketplace_metrics where step = 'minute'") == counted


async def test_the_budget_of_the_time_burns_like_the_others(
    gateway: Running, api: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    """Hours say how much, minutes say whether it goes on; where nobody looked nothing is told."""

    async def found() -> list[dict[str, Any]]:
        gateway.app.state.services.verdicts.forget()
        verdict = (await api.get("/api/system/health")).raise_for_status().json()["verdict"]
        return [one for one in verdict if one["kind"] == Kind.SLO_BURNING]

    async def keep(step: str, ago: timedelta, seen_s: float, down_s: float) -> None:
        at = "date_trunc($1, now() - $2::interval, 'UTC')"
        await pool.execute(
            f"insert into flow.marketplace_metrics (step, at, seen_s, down_s) values ($1, {at}, $3, $4)",
            *(step, ago, seen_s, down_s),
        )

    assert await found() == []
    await keep("hour", timedelta(), 1000.4, 59.2)
    await keep("hour", timedelta(hours=1), 999.6, 0.0)
    assert await found() == [], "it is not known when the last bad second was"

    await keep("minute", timedelta(hours=7), 60.0, 59.2)
    assert await found() == [], "it is over"
    await keep("minute", timedelta(minutes=3), 60.0, 1.0)
    [one] = await found()
    assert one["subject"] == "availability"
    assert one["evidence"] == "60 of 2,000 seconds within 1 h were not as promised."

    await pool.execute("update flow.marketplace_metrics set down_s = 0 where step = 'minute'")
    assert await found() == []


async def test_counts_by_limit_judge_as_counts_by_bound_do(pool: asyncpg.Pool) -> None:
    last = BOUNDS_MS.index(60_000)
    rows = [
        (measure.value, NOW - timedelta(hours=n % 7), bound, n + 1, n % 3, NOW)
        for n, (measure, bound) in enumerate(
            (measure, bound) for measure in Measure for bound in ([*BOUNDS_MS[: last + 1], BEYOND_MS, NO_TIME])
        )
    ]
    await pool.executemany(
        "insert into rm.slo_hour (measure, hour, le_ms, n, partition, last_at) values ($1, $2, $3, $4, $5, $6)", rows
    )
    period = last_days(NOW)
    hours = await slo.hours(pool, period.since, period.until)
    less = await slo.by_limit(pool, period.since, period.until)
    totals = await slo.totals(pool, period.since, period.until)

    assert len(less) < len(hours)
    assert judged(less, totals, period, NOW) == judged(hours, hours, period, NOW)
