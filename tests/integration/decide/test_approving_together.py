"""Approvals that are decided together: each as if it came alone, whatever stands in the way of its neighbours."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import orjson
import pytest

from gateway.commands.calling import NoRelay
from gateway.commands.commands import Command, Commands

TOGETHER: Final = "select unnest(decide.run_all($1::decide.command[], $2::text[]))"
#: What a decision writes, without what differs by the moment: the order of different plans is nobody's.
LEFT: Final = (
    """select status, version, reserved, tries, phase, analyzed, traceparent, plan_id from decide.head
        where plan_id = any($1) order by plan_id""",
    """select event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id, actor, data,
              traceparent, link from decide.outbox where key::uuid = any($1) order by key, version""",
    """select plan_id, kind, channel from flow.deadline where plan_id = any($1) order by plan_id""",
)
KEPT: Final = "select key, request_hash, response from decide.idempotency where scope = $1 order by key"
ALONE: Final = "select decide.run($1::decide.command)"
PLAN_TRACES: Final = (None, f"00-{'a' * 32}-{'1' * 16}-00", f"00-{'a' * 32}-{'1' * 16}-01")
OWN_TRACES: Final = (
    None,
    f"00-{'b' * 32}-{'2' * 16}-00",
    f"00-{'b' * 32}-{'2' * 16}-01",
    f"00-{'a' * 32}-{'2' * 16}-01",
)
PHASE1: Final = {"name": "F", "tasks": []}


@dataclass(frozen=True)
class Case:
    """A plan, and an approval of it. `read` is the read model's row: status and version; None: there is none."""

    head: tuple[str, int, int] | None = ("analyzing", 2, 1)  # status, version, reserved
    read: tuple[str, int] | None = ("awaiting_approval", 2)
    expect: int | None = None
    key: str | None = None
    hash: str = "h"
    plan_trace: str | None = None
    own_trace: str | None = None
    phase1: bool = False
    command: str = "plan.approve"


def cases() -> Iterator[Case]:
    """Yield what may stand in an approval's way, and what does not."""
    heads = [("analyzing", 2, 1), ("awaiting_approval", 2, 0), ("awaiting_approval", 3, 0), ("approved", 4, 1)]
    reads = [("awaiting_approval", 2), ("awaiting_approval", 1), ("awaiting_approval", 3), ("analyzing", 1)]
    for head, read, expect in product(heads, reads, (None, 2, 3)):
        yield Case(head, read, expect, key=f"{head} {read} {expect}")
    for plan_trace, own_trace in product(PLAN_TRACES, OWN_TRACES):
        yield Case(plan_trace=plan_trace, own_trace=own_trace)
    yield Case(head=None)
    yield Case(head=("rejected", 3, 0), read=("rejected", 3))
    yield Case(head=("executing", 4, 0), read=("executing", 4), key="done")
    yield Case(phase1=True, key="with phase 1")
    yield Case(command="plan.reject")
    yield Case(key="twice")
    yield Case(key="twice")  # of another plan: the second is refused
    yield Case(key="twice", hash="another")
    yield Case(key="refused", expect=7)  # a refusal frees its key
    yield Case(key="refused")


@pytest.fixture
async def db(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.pool.PoolConnectionProxy]:
    async with pool.acquire() as connection:
        yield connection


async def planted(db: asyncpg.Connection, case: Case, number: int, scope: str) -> tuple[Any, ...]:
    """Plant a plan; return the command to it. Commands are decided in the order of their plans."""
    plan = f"{number:08x}{str(uuid4())[8:]}"
    if case.head is not None:
        await db.execute(
            "insert into decide.head (stream, kind, plan_id, status, version, reserved, traceparent)"
            " values ('plan-' || $1::text, 'plan', $1::text::uuid, $2, $3, $4, $5)",
            plan,
            *case.head,
            case.plan_trace,
        )
    if case.read is not None:
        await db.execute(
            "insert into rm.plan (plan_id, version, status, channels, priority, changed_at, phases, opportunities)"
            " values ($1::text::uuid, $3, $2, '{shopee,amazon}', 'high', now(), '[{\"number\": 1}]',"
            ' \'[{"id": "o"}]\')',
            plan,
            *case.read,
        )
    data = {"reason": "r", **({"phase1": PHASE1} if case.phase1 else {})}
    row = (case.command, plan, scope, case.key, case.hash, case.expect, str(uuid4()), 7, "req", "ana", case.own_trace)
    return (*row, json.dumps(data))


async def left(db: asyncpg.Connection, commands: Sequence[tuple[Any, ...]], answers: Sequence[str]) -> list[str]:
    """Return what a batch has left, answers and rows, one a line, with names of their places in place of ids."""
    plans = [UUID(c[1]) for c in commands]
    found: list[Any] = [orjson.loads(one) for one in answers]
    for sql in LEFT:
        found += [dict(row) for row in await db.fetch(sql, plans)]
    found += [dict(row) for row in await db.fetch(KEPT, commands[0][2])]
    text = "\n".join(map(repr, found))
    for place, c in enumerate(commands):
        text = text.replace(c[1], f"<plan {place}>").replace(c[6], f"<event {place}>")
    return text.splitlines()


async def test_each_is_decided_as_if_it_came_alone(db: asyncpg.Connection) -> None:
    every = list(cases())
    together = [await planted(db, case, n, f"together-{uuid4()}") for n, case in enumerate(every)]
    together = [(*c[:2], together[0][2], *c[3:]) for c in together]
    alone = [await planted(db, case, n, "") for n, case in enumerate(every)]
    scope = f"alone-{uuid4()}"
    alone = [(*c[:2], scope, *c[3:]) for c in alone]

    said = [row[0] for row in await db.fetch(TOGETHER, together, ["127.0.0.1"] * len(together))]
    one_by_one = [await db.fetchval(ALONE, c) for c in alone]

    assert await left(db, together, said) == await left(db, alone, one_by_one)
    outcomes = [orjson.loads(one)["outcome"] for one in said]
    assert {"accepted", "unchanged", "not_found", "wrong_status", "version_mismatch", "key_reused"} == set(outcomes)
    assert outcomes.count("accepted") > 15


async def test_what_nothing_stands_in_the_way_of_needs_no_decision_of_its_own(db: asyncpg.Connection) -> None:
    scope, every = f"at-once-{uuid4()}", list(cases())
    planned = [await planted(db, case, n, scope) for n, case in enumerate(every)]
    transaction = db.transaction()
    await transaction.start()
    answers = await db.fetchval("select decide.approve_all($1::decide.command[])", planned)
    await transaction.rollback()
    at_once = {case for case, answer in zip(every, answers, strict=True) if answer is not None}
    assert len(at_once) > 15
    assert Case() in at_once
    assert not at_once & {Case(head=None), Case(phase1=True, key="with phase 1"), Case(command="plan.reject")}


async def test_of_no_commands_there_are_no_answers(db: asyncpg.Connection) -> None:
    assert await db.fetchval("select decide.run_all('[]'::jsonb, '{}')") == "[]"


async def test_what_is_decided_together_is_sent_in_the_order_of_the_commands(
    pool: asyncpg.Pool, db: asyncpg.Connection
) -> None:
    planned = [await planted(db, Case(), n, "s") for n in range(20)]
    answers = await Commands(pool, NoRelay()).run_many(
        [Command("plan.approve", c[1], "ana", "s", {"reason": ""}) for c in reversed(planned)]
    )
    assert {a.outcome for a in answers} == {"accepted"}
    sent = await db.fetch("select key from decide.outbox where key = any($1) order by seq", [c[1] for c in planned])
    assert [row["key"] for row in sent] == [c[1] for c in planned]


async def test_the_same_plan_twice_in_a_batch_is_approved_once(db: asyncpg.Connection) -> None:
    command = await planted(db, Case(), 1, "s")
    again = (*command[:6], str(uuid4()), *command[7:])
    said = [orjson.loads(row[0]) for row in await db.fetch(TOGETHER, [command, again], ["", ""])]
    assert [one["outcome"] for one in said] == ["accepted", "unchanged"]
    assert await db.fetchval("select count(*) from decide.outbox where key = $1", command[1]) == 1
