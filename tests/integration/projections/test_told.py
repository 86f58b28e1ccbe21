"""A phase tells its tasks: they are there with it, shown once each, in whatever order and number the records come."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from operator import itemgetter
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest
from aiokafka import TopicPartition

from projections.rebuild import compare, tables
from projections.run.mapper import GivenUp
from projections.run.runner import Runner
from projections.run.writer import start_positions
from projections.settings import Settings
from projections.timeline import reads as timeline
from schemas.catalogue import newest, versions
from schemas.events import Event
from schemas.phase_tasks import created_by
from schemas.process.kafka import Brokers
from schemas.topics import PLAN_EVENTS, TASK_EVENTS
from schemas.wire import Codec, as_read, from_record
from streams.phase1.handler import handle
from tests.contract.golden import golden
from tests.support.events import approved, phase, phase_task

TYPES = (
    "plan.approved",
    "plan.phase1.created",
    "plan.phase.started",
    "task.created",
    "task.cancelled",
    "task.rescheduled",
    "task.changed",
)
PLACES = {(PLAN_EVENTS if type_.startswith("plan.") else TASK_EVENTS, type_): n for n, type_ in enumerate(TYPES, 1)}
CODEC = Codec(PLACES, {n: (type_, newest(type_).raw) for (_, type_), n in PLACES.items()})


class Quiet(Runner):
    """A runner that reads what it is given, notes the types that it decodes, and puts dead letters into a list."""

    def __init__(self, database_url: str, schema: str = "rm") -> None:
        super().__init__(Settings(Brokers(""), "http://127.0.0.1:1", database_url), CODEC, schema=schema)
        self.buried: list[GivenUp] = []
        self.read: list[str] = []
        self._ends = {PLAN_EVENTS: 0, TASK_EVENTS: 0}
        decode = self._decoder.decode

        async def noting(value: bytes | None) -> Event:
            event = await decode(value)
            self.read.append(event.type)
            return event

        self._decoder.decode = noting  # type: ignore[method-assign] # to see what is left unread

    async def _bury(self, given_up: Any) -> None:
        self.buried += given_up

    async def take(self, connection: asyncpg.Connection, *events: Event) -> None:
        """Project a batch of records, those of tasks first in it."""
        if not any(self._ends.values()):
            await start_positions(connection, [(PLAN_EVENTS, 0), (TASK_EVENTS, 0)])
            await connection.execute("update projection_offset set next_offset = 0")
        positions = {(topic, 0): end for topic, end in self._ends.items()}
        records: dict[TopicPartition, list[Any]] = {}
        for event in sorted(events, key=lambda one: not one.type.startswith("task.")):
            topic = PLAN_EVENTS if event.type.startswith("plan.") else TASK_EVENTS
            value = CODEC.encode(topic, event)
            key, offset = event.correlation_id.encode(), self._ends[topic]
            records.setdefault(TopicPartition(topic, 0), []).append(
                SimpleNamespace(topic=topic, partition=0, offset=offset, timestamp=1, key=key, value=value, headers=[])
            )
            self._ends[topic] += 1
        await self._batch(connection, records, positions)


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    made = await asyncpg.connect(database_url, server_settings={"search_path": "rm"})
    yield made
    await made.close()


@pytest.fixture
def runner(database_url: str) -> Quiet:
    return Quiet(database_url)


def approval(tasks: int = 3) -> Event:
    """Return the approval of a plan of its own."""
    plan = str(uuid.uuid4())
    made = approved(phases=[phase(1, [phase_task(n, also_serves=["o-1"]) for n in range(1, tasks + 1)])])
    return replace(
        made,
        event_id=str(uuid.uuid4()),
        stream=f"plan-{plan}",
        correlation_id=plan,
        data={**made.data, "plan_id": plan},
    )


def of_approval(made: Event) -> tuple[Event, list[Event]]:
    """Return Phase 1 and its task.created as whoever reads the log gets them."""
    phase1, *tasks = map(as_read, handle(made))  # type: ignore[arg-type] # it is an approval
    return phase1, tasks


async def rows(connection: asyncpg.Connection, plan: str) -> list[Any]:
    """Return the tasks of a plan, without the moments at which the log had them."""
    return await connection.fetch(
        "select task_id::text, version, status, position, phase, title, what, channel, priority, opportunity_id,"
        " also_serves, due_on::text, created_at is not null as there from task where plan_id = $1::uuid"
        " order by position, task_id",
        plan,
    )


async def shown(connection: asyncpg.Connection, plan: str, limit: int = 200) -> list[timeline.Event]:
    """Return the history of a plan, read page by page."""
    found, cursor = [], None
    while True:
        page = await timeline.of_plan(connection, uuid.UUID(plan), cursor=cursor, limit=limit)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found


def as_shown(event: Event) -> tuple[Any, ...]:
    return event.event_id, event.type, event.stream, event.version, event.actor, event.causation_id, dict(event.data)


def places(found: Sequence[timeline.Event]) -> list[tuple[Any, ...]]:
    return [(str(e.event_id), e.type, e.stream, e.version, e.actor, e.causation_id, e.data) for e in found]


async def test_the_tasks_are_there_with_their_phase_and_their_own_events_stay_unread(
    connection: asyncpg.Connection, runner: Quiet
) -> None:
    phase1, tasks = of_approval(approval())
    plan = phase1.correlation_id

    await runner.take(connection, phase1, *tasks[:2])
    assert [row["position"] for row in await rows(connection, plan)] == [1, 2, 3]
    await runner.take(connection, tasks[2], *tasks)

    assert runner.read == ["plan.phase1.created"]
    stored = await start_positions(connection, [(TASK_EVENTS, 0)])
    assert stored == {(TASK_EVENTS, 0): 6}
    assert places(await shown(connection, plan)) == [as_shown(event) for event in (phase1, *tasks)]


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
async def test_a_history_that_unfolds_has_each_event_on_one_page(
    connection: asyncpg.Connection, runner: Quiet, limit: int
) -> None:
    made = approval(5)
    phase1, tasks = of_approval(made)
    await runner.take(connection, made, phase1, *tasks)

    found = await shown(connection, made.correlation_id, limit)

    assert places(found) == [as_shown(event) for event in (as_read(made), phase1, *tasks)]
    assert {event.offset for event in found if event.type == "task.created"} == {-1}


async def test_in_whatever_order_they_come_the_rows_are_the_same(
    database_url: str, connection: asyncpg.Connection
) -> None:
    """The batches of a rebuild are others than those of the live read models: neither may be told from the rows."""
    orders: list[list[list[int]]] = [
        [[0, 1, 2, 3]],
        [[0], [1, 2, 3]],
        [[1, 2], [0], [3]],
        [[1, 2, 3], [0]],
        [[3], [2, 0, 1]],
    ]
    events = [[phase1, *tasks] for phase1, tasks in (of_approval(approval()) for _ in range(2))]
    seen = []
    for n, order in enumerate(orders):
        await tables.create(connection, "rm", f"rm_order_{n}")
        other = await asyncpg.connect(database_url, server_settings={"search_path": f"rm_order_{n}"})
        runner = Quiet(database_url, f"rm_order_{n}")
        for batch in order:
            await runner.take(other, *(of_plan[place] for of_plan in events for place in batch))
        seen.append([await rows(other, phase1.correlation_id) for phase1, *_ in events])
        await other.close()
    assert all(one == seen[0] for one in seen)
    for n in range(1, len(orders)):
        found = await compare.compare(connection, "rm_order_0", f"rm_order_{n}")
        assert [problem for table in found for problem in table.problems] == []
    for n in range(len(orders)):
        await tables.drop(connection, f"rm_order_{n}")


async def test_what_came_before_its_phase_is_shown_once(connection: asyncpg.Connection, runner: Quiet) -> None:
    phase1, tasks = of_approval(approval())
    await runner.take(connection, *tasks[:2])
    await runner.take(connection, phase1, tasks[2])

    assert runner.read == ["task.created", "task.created", "plan.phase1.created"]
    found = await shown(connection, phase1.correlation_id)
    assert sorted(places(found), key=itemgetter(0)) == sorted(map(as_shown, (phase1, *tasks)), key=itemgetter(0))
    assert sorted(event.offset for event in found if event.type == "task.created") == [-1, 0, 1]


@pytest.mark.parametrize("first", [True, False], ids=["first", "then"])
async def test_the_word_of_the_phase_stands_above_another_task_created(
    connection: asyncpg.Connection, runner: Quiet, first: bool
) -> None:
    phase1, tasks = of_approval(approval(1))
    forged = replace(
        tasks[0], event_id=str(uuid.uuid4()), data={**tasks[0].data, "title": "outra", "due_on": "2020-01-01"}
    )
    for event in (forged, phase1) if first else (phase1, forged):
        await runner.take(connection, event)

    (row,) = await rows(connection, phase1.correlation_id)
    assert (row["title"], row["due_on"], row["there"]) == ("Tarefa 1", tasks[0].data["due_on"], True)
    assert "task.created" in runner.read


async def test_a_task_id_that_another_plan_claims_stays_with_its_own(
    connection: asyncpg.Connection, runner: Quiet
) -> None:
    phase1, _ = of_approval(approval(1))
    other, _ = of_approval(approval(1))
    thief = replace(other, data={**other.data, "tasks": [{**phase1.data["tasks"][0], "title": "minha"}]})
    await runner.take(connection, phase1)
    await runner.take(connection, thief)

    (row,) = await rows(connection, phase1.correlation_id)
    assert row["title"] == "Tarefa 1"
    assert await rows(connection, other.correlation_id) == []


def of_task(type_: str, made: Event, version: int, **data: Any) -> Event:
    plan = made.correlation_id
    said = {"plan_id": plan, "task_id": made.data["task_id"], **data}
    return Event(type_, str(uuid.uuid4()), made.stream, version, 1, "c", plan, "ana", said)


async def test_what_a_person_said_of_a_task_before_its_phase_was_read_stands(
    connection: asyncpg.Connection, runner: Quiet
) -> None:
    phase1, tasks = of_approval(approval(5))
    await runner.take(
        connection,
        of_task("task.cancelled", tasks[0], 2, reason="chega"),
        tasks[1],
        of_task("task.rescheduled", tasks[1], 2, due_on=""),
        tasks[2],
        of_task("task.rescheduled", tasks[2], 2, due_on="2031-05-05"),
        of_task("task.rescheduled", tasks[3], 2, due_on=""),
        of_task("task.rescheduled", tasks[4], 2, due_on="2031-05-05"),
    )
    await runner.take(connection, of_task("task.rescheduled", tasks[4], 3, due_on=""))
    await runner.take(connection, phase1, tasks[0])

    found = [
        (row["version"], row["status"], row["due_on"], row["title"])
        for row in await rows(connection, phase1.correlation_id)
    ]
    assert found == [
        (2, "cancelled", tasks[0].data["due_on"], "Tarefa 1"),
        (2, "open", None, "Tarefa 2"),
        (2, "open", "2031-05-05", "Tarefa 3"),
        (2, "open", None, "Tarefa 4"),
        (3, "open", None, "Tarefa 5"),
    ]


async def test_a_text_that_a_person_gave_stands_whenever_the_phase_is_read(
    connection: asyncpg.Connection, runner: Quiet
) -> None:
    phase1, tasks = of_approval(approval(2))
    said = {"what": "Com régua", "reason": ""}
    await runner.take(connection, of_task("task.changed", tasks[0], 2, title="Antes", **said))
    await runner.take(connection, phase1)
    await runner.take(connection, of_task("task.changed", tasks[1], 2, title="Depois", **said))
    await runner.take(connection, phase1, *tasks)  # once more, as after a rewind

    found = [(row["version"], row["title"], row["what"]) for row in await rows(connection, phase1.correlation_id)]
    assert found == [(2, "Antes", "Com régua"), (2, "Depois", "Com régua")]
    by = await connection.fetch("select distinct worded_by from task where plan_id = $1::uuid", phase1.correlation_id)
    assert [row["worded_by"] for row in by] == ["ana"]


async def test_tasks_of_a_phase_of_an_older_version_come_with_their_own_events(
    connection: asyncpg.Connection, database_url: str
) -> None:
    """Its record does not say the days, so nothing is told by it, and each task.created is read."""
    (second,) = [schema for schema in versions()["plan.phase1.created"] if schema.version == 2]
    CODEC.learn(77, "plan.phase1.created", second.raw)
    runner = Quiet(database_url)
    phase1 = from_record("plan.phase1.created", golden("plan.phase1.created", 2).record)
    plan = str(uuid.uuid4())
    tasks = [{**task, "task_id": str(uuid.uuid4())} for task in phase1.data["tasks"]]
    phase1 = replace(
        phase1, stream=f"plan-{plan}", correlation_id=plan, data={**phase1.data, "plan_id": plan, "tasks": tasks}
    )
    own = [replace(made, data={**made.data, "due_on": "2026-04-07"}) for made in created_by(phase1)]  # type: ignore[arg-type] # it is a phase

    await runner.take(connection, phase1)
    assert await rows(connection, plan) == []
    assert [event.type for event in await shown(connection, plan)] == ["plan.phase1.created"]
    await runner.take(connection, *own)

    assert {row["due_on"] for row in await rows(connection, plan)} == {"2026-04-07"}
    assert places(await shown(connection, plan))[1:] == [as_shown(as_read(made)) for made in own]


async def test_where_the_phase_does_not_fit_the_tables_its_tasks_are_read(
    connection: asyncpg.Connection, runner: Quiet
) -> None:
    phase1, tasks = of_approval(approval(2))
    bad = replace(
        phase1, data={**phase1.data, "tasks": [*phase1.data["tasks"], {**phase1.data["tasks"][0], "task_id": "x"}]}
    )
    await runner.take(connection, bad, *tasks)

    assert [record.topic for record, _, _ in runner.buried] == [PLAN_EVENTS]
    assert [row["title"] for row in await rows(connection, phase1.correlation_id)] == ["Tarefa 1", "Tarefa 2"]
    assert runner.read.count("task.created") == 2
    assert [event.offset >= 0 for event in await shown(connection, phase1.correlation_id)] == [True, True]


async def test_what_a_session_did_not_commit_is_read_again(connection: asyncpg.Connection, runner: Quiet) -> None:
    """The write failed, so the phase is not there: nothing may be left unread because of it."""
    phase1, tasks = of_approval(approval(1))
    broken = await asyncpg.connect(runner._settings.database_url, server_settings={"search_path": "rm"})
    await runner.take(connection, of_approval(approval(1))[0])
    broken.terminate()
    with pytest.raises((asyncpg.InterfaceError, OSError, asyncio.CancelledError)):
        await runner.take(broken, phase1)
    runner._ends[PLAN_EVENTS] -= 1

    await runner.take(connection, *tasks)
    assert runner.read[-1] == "task.created"
    assert len(await rows(connection, phase1.correlation_id)) == 1
