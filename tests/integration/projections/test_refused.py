"""Contents that the tables refuse, or that are no contents at all, are one record's failure and nobody else's."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import pytest
import structlog
from aiokafka import TopicPartition

from projections.dead_letters.burial import Burial
from projections.run.mapper import GivenUp
from projections.run.runner import Runner
from projections.run.writer import start_positions
from projections.settings import Settings
from schemas import headers as h
from schemas.catalogue import newest
from schemas.events import Event
from schemas.process.kafka import Brokers
from schemas.topics import AGENTS_DLQ, PLAN_EVENTS
from schemas.wire import Codec, Undecodable
from tests.support.log_lines import ids_of, log_lines, the_line

IDS = {(PLAN_EVENTS, "plan.rejected"): 1}
CODEC = Codec(IDS, {1: ("plan.rejected", newest("plan.rejected").raw)})
#: Longer than an index takes, and not to be compressed.
LONG = secrets.token_hex(3000)
#: No id, as a table takes them.
TYPED = "typed by hand"


class Quiet(Runner):
    """A runner that puts dead letters into a list."""

    def __init__(self, database_url: str) -> None:
        super().__init__(Settings(Brokers(""), "http://127.0.0.1:1", database_url), CODEC)
        self.buried: list[GivenUp] = []

    async def _bury(self, given_up: Any) -> None:
        self.buried += given_up


class Burying(Quiet):
    """A runner whose dead letters go nowhere, and are logged."""

    _bury = Runner._bury

    def __init__(self, database_url: str) -> None:
        super().__init__(database_url)
        self._burial = cast("Burial", self)

    async def bury(self, record: Any, error: Exception, span: str | None) -> None:
        structlog.get_logger("test").error("buried", offset=record.offset)


@pytest.fixture(scope="module")
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    made = await asyncpg.connect(database_url, server_settings={"search_path": "rm"})
    yield made
    await made.close()


def record(topic: str, offset: int, value: bytes | None, *, timestamp: int = 1, **headers: bytes) -> SimpleNamespace:
    named = [(name.replace("_", "-"), content) for name, content in headers.items()]
    return SimpleNamespace(
        topic=topic, partition=0, offset=offset, timestamp=timestamp, key=_key(value), value=value, headers=named
    )


def _key(value: bytes | None) -> bytes:
    try:
        return CODEC.decode(value).correlation_id.encode()
    except Undecodable:
        return b"k"


def rejected(plan: str, event_id: str = "") -> bytes:
    data = {"plan_id": plan, "reason": "não"}
    made = event_id or str(uuid.uuid4())
    return CODEC.encode(PLAN_EVENTS, Event("plan.rejected", made, f"plan-{plan}", 1, 1, "c", plan, "ana", data))


async def project(runner: Runner, connection: asyncpg.Connection, records: list[Any]) -> None:
    topic = records[0].topic
    positions = await start_positions(connection, [(topic, 0)])
    await connection.execute("update projection_offset set next_offset = 0")
    positions[topic, 0] = 0
    await runner._batch(connection, {TopicPartition(topic, 0): records}, positions)
    stored = await start_positions(connection, [(topic, 0)])
    assert stored[topic, 0] == len(records)


async def test_an_id_that_no_table_takes_is_a_dead_letter(connection: asyncpg.Connection, database_url: str) -> None:
    plan = str(uuid.uuid4())
    runner = Quiet(database_url)

    await project(
        runner,
        connection,
        [
            record(PLAN_EVENTS, 0, rejected(plan, TYPED)),
            record(PLAN_EVENTS, 1, rejected(plan)),
        ],
    )

    assert [(buried.offset, str(error)[:12]) for buried, error, _ in runner.buried] == [(0, "does-not-fit")]
    assert await connection.fetchval("select stream from timeline where plan_id = $1::uuid", plan) == f"plan-{plan}"


async def test_a_batch_that_is_refused_and_the_letter_that_comes_of_it_say_whose_they_are(
    connection: asyncpg.Connection, database_url: str
) -> None:
    plan, other = str(uuid.uuid4()), str(uuid.uuid4())
    traces = ["a" * 32, "b" * 32]

    def of(offset: int, whose: str, event_id: str = "") -> SimpleNamespace:
        made = record(PLAN_EVENTS, offset, rejected(whose, event_id))
        made.headers = h.for_event(CODEC.decode(made.value), f"00-{traces[offset]}-{'1' * 16}-01")
        return made

    with log_lines() as lines:
        runner = Burying(database_url)
        await project(runner, connection, [of(0, plan, TYPED), of(1, other)])

    batch = the_line(lines, "a batch does not fit the tables, going record by record")
    assert ids_of(batch) == ("c", [plan, other], traces)
    assert ids_of(the_line(lines, "buried")) == ("c", plan, traces[0])


async def test_two_events_that_claim_one_place_in_a_batch_hold_nobody_up(
    connection: asyncpg.Connection, database_url: str
) -> None:
    """It must not happen, and verify finds it: a stream has one writer. As in two batches, the first has the place."""
    plan, other = str(uuid.uuid4()), str(uuid.uuid4())
    runner = Quiet(database_url)
    one, two = rejected(plan), rejected(plan)

    await project(
        runner,
        connection,
        [
            record(PLAN_EVENTS, 0, one),
            record(PLAN_EVENTS, 1, two),
            record(PLAN_EVENTS, 2, rejected(other)),
        ],
    )

    assert runner.buried == []
    shown = await connection.fetch(
        'select event_id::text, "offset" from timeline where plan_id = any($1::uuid[]) order by "offset"', [plan, other]
    )
    assert [row["offset"] for row in shown] == [0, 2]
    assert shown[0]["event_id"] == CODEC.decode(one).event_id


async def test_a_dead_letter_of_no_time_holds_no_other_up(connection: asyncpg.Connection, database_url: str) -> None:
    runner = Quiet(database_url)

    await project(
        runner,
        connection,
        [
            record(AGENTS_DLQ, 0, b"x", timestamp=2**62, x_orig_topic=b"no-time"),
            record(AGENTS_DLQ, 1, b"x", timestamp=-(2**62), x_orig_topic=b"no-time"),
            record(AGENTS_DLQ, 2, b"x", x_orig_topic=b"a-time"),
        ],
    )

    assert [buried.offset for buried, _, _ in runner.buried] == [0, 1]
    assert [r[0] for r in await connection.fetch("select orig_topic from dead_letter where orig_topic ~ 'time'")] == [
        "a-time"
    ]


async def test_names_of_a_dead_letter_are_cut_to_what_an_index_takes(
    connection: asyncpg.Connection, database_url: str
) -> None:
    runner = Quiet(database_url)
    name = LONG.encode()

    await project(
        runner, connection, [record(AGENTS_DLQ, 0, b"x", x_orig_topic=name, x_consumer_group=name, ce_type=name)]
    )

    assert runner.buried == []
    row = await connection.fetchrow("select * from dead_letter where grp = $1", LONG[: h.NAME_LIMIT])
    assert row is not None
    assert row["orig_topic"] == LONG[: h.NAME_LIMIT]
    assert row["record_id"] == f"{row['grp']}|{row['orig_topic']}|0|0"


async def test_a_batch_under_way_is_said(database_url: str) -> None:
    """Who judges by what moves must know: in the middle of a large one nothing does."""
    seen: list[int] = []

    class Watched(Quiet):
        async def _leases(self, connection: Any) -> Any:
            async def balance() -> bool:
                return True

            return SimpleNamespace(leased={(PLAN_EVENTS, 0)}, balance=balance, know=lambda _: None)

        async def _assign(self, *_: Any) -> dict[tuple[str, int], int]:
            return {(PLAN_EVENTS, 0): 0}

        async def _batch(self, *_: Any) -> None:
            seen.append(self.in_flight)
            self.stop()
            raise OSError("the database is away")

    async def getmany(**_: Any) -> Any:
        return {TopicPartition(PLAN_EVENTS, 0): [SimpleNamespace(offset=n, value=b"") for n in range(3)]}

    runner = Watched(database_url)
    with pytest.raises(OSError, match="away"):
        await runner._project(cast("Any", None), cast("Any", SimpleNamespace(getmany=getmany)))

    assert (seen, runner.in_flight) == ([3], 0)
