"""What the guard and the lane host log of a record says which request, plan and trace it belongs to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import pytest
import structlog
from aiokafka import TopicPartition

from schemas import headers as h
from schemas.belief import Belief, Mode
from schemas.events import Event
from schemas.process import telemetry
from schemas.process.kafka import Brokers
from schemas.signing import parse
from schemas.topics import WORK
from schemas.wire import Codec
from streams.broker.publisher import Publisher
from streams.broker.records import Incoming, Outgoing
from streams.guard.guard import Guard
from streams.hosts import lane_host
from streams.hosts.lane_host import LaneHost, SeeThrough
from tests.support.events import PLAN, approved, uploaded
from tests.support.log_lines import ids_of, log_lines, the_line
from tests.support.patience import PATIENCE_S
from tests.unit.streams.guard.test_guard import IDS, WRITERS, Log, broken, encoded
from tests.unit.streams.hosts.test_lane_host import Log as Lanes
from tests.unit.streams.hosts.test_lane_host import Record as Item

TRACES = [f"00-{digit * 32}-{'1' * 16}-01" for digit in "abcd"]


def record(log: Log, event: Event, n: int) -> Incoming:
    return log.record(encoded(event), n, h.for_event(event, TRACES[n]))


async def test_records_whose_handler_fails() -> None:
    """Two of two plans, in one go: each line has those of its own."""
    log, other = Log(), "0190a3c1-0000-7000-8000-00000000000b"
    first = record(log, uploaded(), 0)
    headers = [(name, other.encode() if name == h.CORRELATION else value) for name, value in first.headers]
    second = replace(first, offset=1, key=other.encode(), headers=[*headers, (h.TRACEPARENT, TRACES[1].encode())])
    with log_lines() as lines:
        await Guard(Codec(IDS, WRITERS), cast("Publisher", log), broken).see_through([first, second])
        structlog.get_logger("test").info("later")
    failed = [line for line in lines if line["event"] == "record failed"]
    assert [ids_of(line) for line in failed] == [("req-1", PLAN, "a" * 32), ("req-1", other, "b" * 32)]
    assert ids_of(the_line(lines, "later")) == (None, None, None)


async def test_what_is_sent_together_names_all_of_it() -> None:
    class Slow(Log):
        async def publish(self, records: Sequence[Outgoing]) -> None:
            structlog.get_logger("publisher").warning("publish failed")
            await super().publish(records)

    log = Slow()
    guard = Guard(Codec(IDS, WRITERS), cast("Publisher", log), lambda _: [])
    with log_lines() as lines:
        await guard.see_through([record(log, uploaded(), 0), record(log, approved(), 1)])
    assert ids_of(the_line(lines, "publish failed")) == ("req-1", PLAN, ["a" * 32, "b" * 32])


async def test_a_records_own_trace_is_that_of_its_span(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same where spans are recorded: the span of a record is in the record's trace."""
    monkeypatch.setitem(telemetry._state, "enabled", True)
    log = Log()
    with log_lines() as lines:
        await Guard(Codec(IDS, WRITERS), cast("Publisher", log), broken).see_through([record(log, uploaded(), 2)])
    assert ids_of(the_line(lines, "record failed")) == ("req-1", PLAN, "c" * 32)


async def test_copies_that_others_made_are_told_one_by_one() -> None:
    """Whether a copy is genuine is asked before anything else, of many records at once."""
    log = Log()
    claims = [(h.ORIG_TOPIC, b"plan.events"), (h.ORIG_OFFSET, b"0")]
    copies = [record(log, uploaded(), n) for n in range(2)]
    copies = [replace(copy, headers=[*copy.headers, *claims]) for copy in copies]
    belief = Belief(parse(f"one {'01' * 32}"), Mode.REQUIRE, {})
    with log_lines() as lines:
        guard = Guard(Codec(IDS, WRITERS), cast("Publisher", log), lambda _: [], belief=belief)
        await guard.see_through(copies)
    told = [ids_of(line) for line in lines if line["event"] == "a copy is not of our making"]
    assert told == [("req-1", PLAN, "a" * 32), ("req-1", PLAN, "b" * 32)]


async def test_items_that_are_handed_back_undone_are_named() -> None:
    plans = [f"0190a3c1-0000-7000-8000-00000000000{n}" for n in range(3)]
    under_way = asyncio.Event()

    async def see_through(_: Incoming) -> None:
        if host.in_flight == len(plans):
            under_way.set()
        await asyncio.Event().wait()

    host = LaneHost(Brokers(""), "analysis", WORK, see_through, concurrency=3, session_timeout_s=6, drain_s=1)
    for n, plan in enumerate(plans):
        said = ((h.CORRELATION, plan.encode()), (h.TRACEPARENT, TRACES[n].encode()))
        host._take(TopicPartition(WORK["normal"], 0), Item(WORK["normal"], n, headers=said))
    with log_lines() as lines:
        host._start_items()
        await under_way.wait()
        await host._call_off()
    line = the_line(lines, "items are handed back undone")
    assert (line["job"], line["plan_id"], line["trace_id"]) == ("lanes", plans, ["a" * 32, "b" * 32, "c" * 32])


async def test_a_host_whose_broker_is_away_tells_it_in_a_round_of_its_job(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        async def start(self) -> None:
            host.stop()
            raise OSError("refused")

        async def stop(self) -> None:
            """Leave."""

    host = LaneHost(
        Brokers(""), "analysis", WORK, cast("SeeThrough", None), concurrency=1, session_timeout_s=6, drain_s=1
    )
    monkeypatch.setattr(host, "_consumer", Away)
    with log_lines() as lines:
        await host.run()
    line = the_line(lines, "the broker is away, trying again")
    assert (line["job"], line["request_id"][:6], len(line["trace_id"])) == ("lanes", "lanes-", 32)


async def test_an_item_of_a_lane_and_the_one_that_begins_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each item begins in a task that the end of the one before it has made: nothing of that may be left."""
    monkeypatch.setattr(lane_host, "AGAIN_S", 0.001)
    plans = [f"0190a3c1-0000-7000-8000-00000000000{n}" for n in range(3)]

    class Items(Lanes):
        async def getmany(self, *places, timeout_ms, max_records):  # type: ignore[no-untyped-def] # as in Log
            found = await super().getmany(*places, timeout_ms=timeout_ms, max_records=max_records)
            for records in found.values():
                for n, one in enumerate(records):
                    one.headers = ((h.CORRELATION, plans[n].encode()), (h.TRACEPARENT, TRACES[n].encode()))
                    one.headers += ((h.CAUSATION, f"request-{n}".encode()),) if n != 1 else ()
            return found

    tried: set[int] = set()
    done: list[int] = []

    async def see_through(item: Incoming) -> None:
        if item.offset not in tried:
            tried.add(item.offset)
            raise ValueError("a bug")
        done.append(item.offset)
        if len(done) == len(plans):
            host.stop()

    host = LaneHost(Brokers(""), "analysis", WORK, see_through, concurrency=1, session_timeout_s=6, drain_s=1)
    with log_lines() as lines:
        await asyncio.wait_for(host._loop(Items({"normal": 3})), PATIENCE_S)
        await host._drain(10)
    failed = sorted((line["offset"], *ids_of(line)) for line in lines if line["event"] == "item ended with an error")
    assert failed == [
        (0, "request-0", plans[0], "a" * 32),
        (1, None, plans[1], "b" * 32),
        (2, "request-2", plans[2], "c" * 32),
    ]
