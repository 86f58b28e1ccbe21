"""A listener that was away hears what it missed, each event once and in its order, or that it has to read anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from gateway.live import history as live
from gateway.live import places
from gateway.routes import events as routes
from tests.integration.gateway.gateway_running import Running
from tests.support.patience import PATIENCE_S
from tests.support.webhooks import History

DETAILS = "/api/events?details=true"


@dataclass
class Frame:
    name: str
    data: dict[str, Any]
    id: str


async def heard(answer: httpx.Response) -> AsyncIterator[Frame]:
    """Yield the events of a stream, each with the id that a browser would send when it reconnects."""
    name, data, last = "", "", ""
    async for line in answer.aiter_lines():
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            data = line[6:]
        elif line.startswith("id: "):
            last = line[4:]
        elif not line and name in {"event", "all", "reset"}:
            yield Frame(name, orjson.loads(data), last)
            name = ""


@pytest.fixture
async def history(gateway: Running) -> History:
    await gateway.pool.execute("truncate rm.timeline, rm.projection_offset, flow.log_cut")
    return History(gateway.pool)


async def notify(gateway: Running, plan: UUID) -> None:
    await gateway.pool.execute("select pg_notify('projected', $1)", f'{{"plans": ["{plan}"], "n": 1}}')


async def events(frames: AsyncIterator[Frame], count: int) -> list[Frame]:
    found: list[Frame] = []
    while len(found) < count:
        if (frame := await anext(frames)).name == "event":
            found.append(frame)
    return found


async def test_events_come_with_id_type_and_version_and_what_was_missed_comes_again(
    gateway: Running, api: httpx.AsyncClient, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "CHUNK", 2)
    monkeypatch.setattr("gateway.live.history.CHUNK", 2)
    plan = uuid4()
    await history.event("plan.uploaded", plan)
    async with asyncio.timeout(PATIENCE_S), api.stream("GET", DETAILS) as answer:
        frames = heard(answer)
        first = await anext(frames)
        assert (first.name, first.id) == ("all", "p.1_t")
        told = await history.event("plan.analyzed", plan)
        await notify(gateway, plan)
        (frame,) = await events(frames, 1)
        assert (frame.data["eventId"], frame.data["type"], frame.data["version"]) == (str(told), "plan.analyzed", 1)
        assert (frame.data["planId"], frame.data["stream"]) == (str(plan), f"plan-{plan}")
    missed = [str(await history.event("task.assigned", plan, topic="task.events", partition=2)) for _ in range(5)]
    async with asyncio.timeout(PATIENCE_S), api.stream("GET", DETAILS, headers={"Last-Event-ID": frame.id}) as answer:
        frames = heard(answer)
        again = [await anext(frames) for _ in range(5)]
        assert [one.data.get("eventId") for one in again] == missed, "all of them, and neither all nor reset before"
        later = str(await history.event("task.started", plan, topic="task.events", partition=2))
        await notify(gateway, plan)
        assert [one.data["eventId"] for one in await events(frames, 1)] == [later]
    assert again[-1].id == "p.2_t.0.0.5"


async def test_tasks_that_a_phase_tells_are_heard_with_it(
    gateway: Running, api: httpx.AsyncClient, history: History
) -> None:
    task = {
        "task_id": str(uuid4()), "position": 1, "title": "t", "what": "w", "channel": "shopee", "priority": "high",
        "opportunity_id": None, "due_on": "2026-12-01", "also_serves": [],
    }  # fmt: skip
    plan = uuid4()
    await history.event("plan.phase1.created", plan, data={"plan_id": str(plan), "tasks": [task]})
    async with asyncio.timeout(PATIENCE_S), api.stream("GET", DETAILS, headers={"Last-Event-ID": "p_t"}) as answer:
        phase, created = await events(heard(answer), 2)
    assert (phase.data["type"], phase.id) == ("plan.phase1.created", ""), "who lost the second has to hear both again"
    assert (created.data["type"], created.id) == ("task.created", "p.1_t")


@pytest.mark.parametrize("last", ["p.9_t", "p.1_t.1", "nonsense", "3f2b8c1e"])
async def test_an_id_of_another_log_is_told_to_read_anew(api: httpx.AsyncClient, history: History, last: str) -> None:
    await history.event("plan.uploaded", uuid4())
    async with asyncio.timeout(PATIENCE_S), api.stream("GET", DETAILS, headers={"Last-Event-ID": last}) as answer:
        first = await anext(heard(answer))
    assert (first.name, first.id) == ("reset", "p.1_t")


async def test_who_missed_too_much_reads_anew(
    api: httpx.AsyncClient, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.live.history.MOST_MISSED", 3)
    for _ in range(4):
        await history.event("plan.uploaded", uuid4())
    async with asyncio.timeout(PATIENCE_S), api.stream("GET", DETAILS, headers={"Last-Event-ID": "p.0_t"}) as answer:
        assert (await anext(heard(answer))).name == "reset"
    async with asyncio.timeout(PATIENCE_S), api.stream("GET", DETAILS, headers={"Last-Event-ID": "p.1_t"}) as answer:
        assert (await anext(heard(answer))).name == "event"


CUT = """
    insert into flow.log_cut (topic, partition, epoch, kept, reached, since)
    values ('plan.events', 0, (select count(*) from flow.log_cut), 0, 1, now())"""
RESTORED = """
    insert into audit.entry (actor, key_id, address, action, kind, target, outcome, reason, request_id)
    values ('', '', '', 'system.restore', 'system', 'b', 'accepted', '', '')"""


@pytest.mark.parametrize("happens", [CUT, RESTORED])
async def test_a_log_that_is_another_one_now_is_told_to_who_comes_back_and_to_who_listens(
    gateway: Running, api: httpx.AsyncClient, history: History, happens: str
) -> None:
    plan = uuid4()
    await history.event("plan.uploaded", plan)
    async with asyncio.timeout(PATIENCE_S), api.stream("GET", DETAILS) as answer:
        frames = heard(answer)
        before = (await anext(frames)).id
        await gateway.pool.execute(happens)
        # what is at the same places is something else now, and there is more of it than was heard
        await history.event("plan.analyzed", plan)
        await notify(gateway, plan)
        while (frame := await anext(frames)).name == "all":
            pass
        assert (frame.name, len(frame.id.rpartition("_")[2])) == ("reset", 8)
        later = str(await history.event("plan.approved", plan))
        await notify(gateway, plan)
        while (await events(frames, 1))[0].data["eventId"] != later:
            pass
    async with asyncio.timeout(PATIENCE_S), api.stream("GET", DETAILS, headers={"Last-Event-ID": before}) as answer:
        assert (await anext(heard(answer))).name == "reset"
    async with asyncio.timeout(PATIENCE_S), api.stream("GET", DETAILS, headers={"Last-Event-ID": frame.id}) as answer:
        assert (await anext(heard(answer))).name == "event", "it goes on from its place in this one"


class Endless:
    """A history that never ends."""

    def __init__(self, after: Callable[[int], None]) -> None:
        self._after = after

    async def begin(self) -> bytes:
        return b"begins"

    async def frames(self) -> AsyncGenerator[bytes, None]:
        for n in range(1000):
            self._after(n)
            yield b"%d" % n


@pytest.mark.parametrize("ends", ["its key", "its time"])
async def test_who_catches_up_ends_with_its_key_and_with_its_time(monkeypatch: pytest.MonkeyPatch, ends: str) -> None:
    ended, now = asyncio.Event(), [0.0]
    monkeypatch.setattr(routes, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def over(n: int) -> None:
        if n == 3 and ends == "its key":
            ended.set()
        elif n == 3:
            now[0] = routes.LIFETIME_S

    async def quiet() -> AsyncIterator[dict[str, Any]]:
        await asyncio.Event().wait()
        yield {}

    frames = routes._frames(quiet(), ended, cast("live.History", Endless(over)))
    assert [frame async for frame in frames][1:] == [b"0", b"1", b"2", b"3"]
