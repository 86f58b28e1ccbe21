"""What is shown before its turn: it is there, its turn changes nothing, and whoever needs tables by offset holds it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import product
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import asyncpg
import pytest
from aiokafka import TopicPartition

from projections.rebuild import compare, tables
from projections.rows import Recorded
from projections.run import ahead
from projections.run.runner import Runner
from projections.run.window import Window
from projections.run.writer import Fenced, rows_of, start_positions, write
from projections.settings import Settings
from schemas.headers import PRIORITY
from schemas.process.connection import Db
from schemas.process.kafka import Brokers
from schemas.process.portions import Portions
from schemas.topics import PLAN_EVENTS, TASK_EVENTS
from tests.support import histories
from tests.support.letters import CODEC, upload_of

PLANS = TopicPartition(PLAN_EVENTS, 0)


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    made = await asyncpg.connect(database_url, server_settings={"search_path": "rm"})
    await start_positions(made, [(PLAN_EVENTS, 0), (TASK_EVENTS, 0)])
    await made.execute("update projection_offset set next_offset = 0, ahead_until = 0")
    yield made
    await made.close()


class Turns:
    """A runner that is given its records, and takes up few at once."""

    def __init__(self, database_url: str, plans: dict[str, str]) -> None:
        self.runner = Runner(Settings(Brokers(""), "http://127.0.0.1:1", database_url), CODEC)
        self.runner._portions = Portions(limit=4, least=4, quick_s=1.0, quick_for_s=1.0)
        self.records = [self._record(n, *one) for n, one in enumerate(plans.items())]
        self.window = Window()
        self.positions: dict[tuple[str, int], int] = {}

    @staticmethod
    def _record(offset: int, plan: str, priority: str) -> Any:
        value, headers = CODEC.encode(PLAN_EVENTS, upload_of(plan)), [(PRIORITY, priority.encode())]
        place = {"topic": PLAN_EVENTS, "partition": 0, "offset": offset, "timestamp": offset}
        return SimpleNamespace(**place, key=plan.encode(), value=value, headers=headers)

    async def begin(self, connection: asyncpg.Connection) -> None:
        """Read from where the tables are."""
        self.positions = await start_positions(connection, [(PLAN_EVENTS, 0)])
        self.window.add({PLANS: self.records[self.positions[PLAN_EVENTS, 0] :]})

    async def turn(self, connection: asyncpg.Connection) -> None:
        await self.runner._turn(connection, self.window, self.positions)


async def shown(connection: asyncpg.Connection) -> set[str]:
    return {str(row["plan_id"]) for row in await connection.fetch("select plan_id from plan")}


def flood() -> tuple[dict[str, str], str]:
    """Return the plans of a flood with their priorities, the last of them urgent."""
    low, urgent = [str(uuid4()) for _ in range(12)], str(uuid4())
    return dict.fromkeys(low, "low") | {urgent: "high"}, urgent


async def counted(connection: asyncpg.Connection) -> int:
    found: int = await connection.fetchval("select coalesce(sum(n), 0) from slo_hour where measure = 'uploaded'")
    return found


async def test_an_urgent_plan_is_shown_while_those_before_it_wait_and_counts_once(
    database_url: str, connection: asyncpg.Connection
) -> None:
    plans, urgent = flood()
    turns = Turns(database_url, plans)
    before = await counted(connection)
    await turns.begin(connection)
    await turns.turn(connection)

    assert await shown(connection) >= {urgent, *list(plans)[:4]}
    assert not await shown(connection) & set(list(plans)[4:12])
    assert turns.positions == {(PLAN_EVENTS, 0): 4}
    assert await connection.fetchval("select ahead_until from projection_offset where topic = $1", PLAN_EVENTS) == 13
    assert await counted(connection) == before + 4  # what objectives are measured by counts in its turn

    while len(turns.window):
        await turns.turn(connection)
    assert await counted(connection) == before + 13
    places = await connection.fetch('select "offset" from timeline where plan_id = any($1::uuid[])', list(plans))
    assert sorted(row["offset"] for row in places) == list(range(13))
    assert turns.runner.projected == 13
    assert not turns.runner._shown_ahead


async def test_a_process_that_dies_after_it_leaves_nothing_out_and_nothing_twice(
    database_url: str, connection: asyncpg.Connection
) -> None:
    plans, urgent = flood()
    before = await counted(connection)
    first = Turns(database_url, plans)
    await first.begin(connection)
    await first.turn(connection)  # and here it dies
    again = Turns(database_url, plans)
    again.records = first.records
    await again.begin(connection)
    assert again.positions == {(PLAN_EVENTS, 0): 4}
    while len(again.window):
        await again.turn(connection)

    assert await shown(connection) >= set(plans)
    assert await counted(connection) == before + 13
    assert await connection.fetchval("select count(*) from timeline where plan_id = $1::uuid", urgent) == 1


async def test_who_has_lost_its_partition_shows_nothing_ahead(
    database_url: str, connection: asyncpg.Connection
) -> None:
    plans, urgent = flood()
    turns = Turns(database_url, plans)
    await turns.begin(connection)
    await connection.execute("update projection_offset set next_offset = 1")
    with pytest.raises(Fenced):
        await turns.turn(connection)
    assert urgent not in await shown(connection)


async def test_while_somebody_needs_the_tables_level_nothing_goes_ahead(
    database_url: str, connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans, urgent = flood()
    turns = Turns(database_url, plans)
    await turns.begin(connection)
    await turns.turn(connection)
    other = await asyncpg.connect(database_url)
    try:
        await ahead.stay_level(other)
        monkeypatch.setattr(ahead, "PATIENCE_S", 0.0)
        assert not await ahead.until_level(other, "rm")
        monkeypatch.setattr(ahead, "PATIENCE_S", 60.0)
        waiting = asyncio.create_task(ahead.until_level(other, "rm"))
        while len(turns.window):
            await turns.turn(connection)
        assert await waiting

        more, later = flood()
        turns.records += [turns._record(13 + n, *one) for n, one in enumerate(more.items())]
        await turns.begin(connection)
        await turns.turn(connection)
        assert later not in await shown(connection)
        assert await ahead.until_level(other, "rm")
    finally:
        await other.close()
    while len(turns.window):
        await turns.turn(connection)
    assert await shown(connection) >= {urgent, later}


class Tried:
    """A connection that counts how often the lock is tried, and has something done after so many tries."""

    def __init__(self, connection: asyncpg.Connection, after: int = 0, do: Callable[[], Awaitable[None]] | None = None):
        self._connection, self._after, self._do = connection, after, do
        self.tries = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    async def fetchval(self, sql: str, *args: Any) -> Any:
        found = await self._connection.fetchval(sql, *args)
        if "try_advisory" in sql:
            self.tries += 1
            if self._do is not None and self.tries == self._after:
                await self._do()
        return found

    async def show(self) -> bool:
        return await ahead.write_ahead(cast("Db", self), [], [], [])


async def test_who_shows_at_the_same_moment_is_waited_for_and_who_needs_them_level_is_not(
    database_url: str, connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "TRY_S", 0)
    other, level = await asyncpg.connect(database_url), await asyncpg.connect(database_url)
    try:
        showing = other.transaction()
        await showing.start()
        await other.execute("select pg_advisory_xact_lock($1)", ahead.LEVEL)
        held = Tried(connection)
        assert (await held.show(), held.tries) == (False, ahead.TRIES)
        shortly = Tried(connection, 3, showing.rollback)
        assert (await shortly.show(), shortly.tries) == (True, 4)

        async with other.transaction():
            await other.execute("select pg_advisory_xact_lock($1)", ahead.LEVEL)
            waiting = asyncio.create_task(ahead.stay_level(level))
            while not await connection.fetchval("select exists (select from pg_locks where not granted)"):
                await asyncio.sleep(0.01)
            asked = Tried(connection)
            assert (await asked.show(), asked.tries) == (False, 1)
        await waiting
        asked = Tried(connection)
        assert (await asked.show(), asked.tries) == (False, 1)
    finally:
        await other.close()
        await level.close()


async def test_what_does_not_fit_the_tables_before_its_turn_is_a_letter_in_its_turn(
    database_url: str, connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans, urgent = flood()
    turns = Turns(database_url, plans)
    buried: list[Any] = []

    async def bury(given_up: Any) -> None:
        buried.extend(given_up)

    monkeypatch.setattr(turns.runner, "_bury", bury)
    last = turns.records[-1]
    last.value = CODEC.encode(PLAN_EVENTS, upload_of(urgent, title="\0"))
    await turns.begin(connection)
    await turns.turn(connection)
    assert (urgent in await shown(connection), buried) == (False, [])
    while len(turns.window):
        await turns.turn(connection)
    assert [record.offset for record, _, _ in buried] == [12]
    assert await shown(connection) >= set(list(plans)[:12])


def early(recorded: list[Recorded]) -> list[Recorded]:
    return [one._replace(offset=-1) for one in recorded]


@pytest.mark.parametrize("make", [histories.whole, histories.rejected], ids=["whole", "rejected"])
async def test_whatever_part_of_a_history_goes_ahead_the_rows_are_the_same(
    database_url: str, connection: asyncpg.Connection, make: Any
) -> None:
    """Of each topic what goes ahead is all up to some event: both topics, or one of them."""
    plan = uuid4()
    recorded: list[Recorded] = make(plan)
    await tables.create(connection, "rm", "rm_in_turn")
    await tables.create(connection, "rm", "rm_ahead")
    in_turn = await asyncpg.connect(database_url, server_settings={"search_path": "rm_in_turn"})
    other = await asyncpg.connect(database_url, server_settings={"search_path": "rm_ahead"})
    try:
        for one in recorded:
            await write(in_turn, rows_of(one), [], [])
        names = await tables.tables_of(connection, "rm")
        for begin, topics in product(range(0, len(recorded), 3), ({PLAN_EVENTS}, {PLAN_EVENTS, TASK_EVENTS})):
            await other.execute(f"truncate {', '.join(names)}")
            for one in recorded[:begin]:
                await write(other, rows_of(one), [], [])
            ahead_of = [one for one in recorded[begin:] if one.topic in topics]
            await write(other, [row for one in early(ahead_of) for row in rows_of(one)], [], [])
            for one in recorded[begin:]:
                await write(other, rows_of(one), [], [])
            found = await compare.compare(connection, "rm_in_turn", "rm_ahead")
            assert [problem for table in found for problem in table.problems] == [], (begin, topics)
            places = 'select stream, version, topic, "offset" from timeline order by 1, 2'
            assert await other.fetch(places) == await in_turn.fetch(places)
    finally:
        await in_turn.close()
        await other.close()
        await tables.drop(connection, "rm_in_turn")
        await tables.drop(connection, "rm_ahead")
