"""The index of waiting records: what is overdue is found, and what has its result is ended."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from urllib.parse import urlsplit

import asyncpg
import pytest

from schemas.process.liveness import LOCK
from schemas.topics import REDELIVER, WORK
from streams.retries import index
from streams.retries.index import PATIENCE_S, Away, PostgresParking
from streams.retries.order import Parked


@pytest.fixture
async def parking(database_url: str) -> AsyncIterator[PostgresParking]:
    made = PostgresParking(database_url)
    await made.look("agents", [], [])  # connects
    yield made
    await made.close()


def waiting(
    id_: str, group: str, plan: str, channel: str = "shopee", late_s: float = 60, stream: str = "work"
) -> Parked:
    now = time.time_ns() // 1_000_000
    return Parked(
        id_,
        group,
        plan,
        WORK["high"],
        0,
        1,
        "agents.retry.1s",
        due_ms=now - int(late_s * 1000),
        since_ms=now,
        value=b"x",
        headers=[("ce_subject", f"{stream}-{plan}.{channel}".encode())],
    )


async def test_requests_whose_channel_has_its_result_are_done(parking: PostgresParking, database_url: str) -> None:
    plan = str(uuid.uuid4())
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        "insert into decide.channel_result (plan_id, channel, type, event_id, data)"
        " values ($1::uuid, 'shopee', 'plan.channel.analyzed', gen_random_uuid(), '{}')",
        plan,
    )
    await parking.save(
        [
            waiting("has-it", "analysis", plan),
            waiting("is-not-late", "analysis", plan, late_s=5),
            waiting("another-channel", "analysis", plan, "amazon"),
            waiting("is-wanted-again", "analysis", plan, stream="again"),
            waiting("another-plan", "analysis", str(uuid.uuid4())),
            waiting("no-plan", "analysis", "no plan"),
            waiting("another-group", "agents", plan),
        ]
    )

    assert await parking.close_with_results("analysis", 30, 50) == 1

    rows = await connection.fetch("select record_id, state from flow.parked where state <> 'waiting'")
    assert [tuple(row) for row in rows] == [("has-it", "done")]
    for role in ("worker", "runner"):
        assert await parking.take_overdue("analysis" if role == "runner" else "agents", 30, REDELIVER, 50) == []
        id_ = await connection.fetchval("select flow.worker_start($1, $1, 'h', 1, 0, 'v')", role)
        await connection.execute("select pg_advisory_lock($1, $2)", LOCK, id_)
    await connection.execute("select flow.flag_switch('queue_processing', false, 'a pause', 'r', 'ana')")
    assert await parking.take_overdue("agents", 30, REDELIVER, 50) == [], "copy after copy would pile up"
    await connection.execute("select flow.flag_switch('queue_processing', true, 'over', 'r', 'ana')")
    overdue = {row.record_id: row.tier for row in await parking.take_overdue("analysis", 30, None, 50)}
    assert overdue == dict.fromkeys(["another-channel", "another-plan", "is-wanted-again", "no-plan"], WORK["high"])
    assert [row.tier for row in await parking.take_overdue("agents", 30, REDELIVER, 50)] == [REDELIVER]
    await connection.close()


class Line:
    """A connection through here reaches the server until it falls silent: nothing is closed, and nothing is said."""

    def __init__(self, host: str, port: int) -> None:
        self._to = host, port
        self._talking: set[asyncio.Task[None]] = set()
        self._open: list[asyncio.StreamWriter] = []
        self.silent = False

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.append(writer)
        if not self.silent:
            there, back = await asyncio.open_connection(*self._to)
            self._open.append(back)
            for one, other in ((reader, back), (there, writer)):
                self._talking.add(asyncio.ensure_future(self._carry(one, other)))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if not self.silent:
                writer.write(data)

    async def close(self) -> None:
        for task in self._talking:
            task.cancel()
        for writer in self._open:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


async def test_a_server_that_falls_silent_is_waited_for_as_long_as_is_said(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a first answer it would be waited for longer than a test may take."""
    monkeypatch.setattr(index, "FIRST_PATIENCE_S", 3600.0)
    parts = urlsplit(database_url)
    line = Line(parts.hostname or "", parts.port or 5432)
    server = await asyncio.start_server(line, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    through = parts._replace(netloc=parts.netloc.rpartition("@")[0] + f"@127.0.0.1:{port}").geturl()
    parking = PostgresParking(through)
    try:
        assert await parking.look("agents", [], []) == []
        line.silent = True
        began = time.monotonic()

        with pytest.raises(Away):
            await parking.look("agents", [], [])

        assert time.monotonic() - began >= PATIENCE_S
    finally:
        await parking.close()
        server.close()
        await line.close()


async def sessions(database: asyncpg.Connection) -> list[int]:
    return [
        row["pid"]
        for row in await database.fetch(
            "select pid from pg_stat_activity where application_name like '%parking%' and datname = current_database()"
        )
    ]


async def asked_until_answered(parking: PostgresParking) -> AsyncIterator[None]:
    while True:
        try:
            await parking.look("agents", [], [])
        except Away:
            yield
        else:
            return


async def test_one_session_answers_all_questions_until_the_server_ends_it(
    parking: PostgresParking, database_url: str
) -> None:
    database = await asyncpg.connect(database_url)
    before = await sessions(database)
    assert len(before) == 1
    with pytest.raises(Away, match="invalid byte sequence"):
        await parking.look("agents", ["a\0b"], [])  # a record's own fault
    for _ in range(3):
        await parking.look("agents", [], [])
    assert await sessions(database) == before
    await database.execute("select pg_terminate_backend($1, 5000)", before[0])
    async for _ in asked_until_answered(parking):
        await asyncio.sleep(0.1)
    after = await sessions(database)
    assert len(after) == 1
    assert after != before
    await database.close()
