"""Commands: what people ask for, decided in Postgres in one round trip.

Concurrent commands share a round trip: while one call is under way, those that arrive wait and go together in the
next, and where many come they wait a moment for each other (gathering.py). An idle gateway adds no delay, a busy one
pays for one transaction instead of hundreds. Those of a bulk request have turns of their own (turns.py).
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import orjson

from gateway.audit.writing import Entry, Who, write
from gateway.commands.answer import Answer, answer_of
from gateway.commands.calling import Outbox, decided
from gateway.commands.deadlock_retry import tried_again
from gateway.commands.turns import Call, Turns
from gateway.commands.uploader import demand_working
from gateway.problems.in_the_way import have_it_judged
from schemas.encryption import KEY_BYTES, encrypted
from schemas.process import telemetry
from schemas.process.bounded_pool import PoolFullError
from schemas.process.connection import Db
from schemas.process.crashpoints import crashpoint
from schemas.process.database_away import DATABASE_FAILS
from schemas.process.log_context import Ids, LogContext

_KEEP_KEY: Final = "insert into decide.data_key (plan_id, key) values ($1, $2)"

#: What is stored with a decision, in its transaction.
WithIt = Callable[[Db], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Command:
    """One command to a plan or task. `scope` is the caller, within which `key` (Idempotency-Key) is unique.

    `address` is the network address of the caller.
    """

    command: str
    id: str
    actor: str
    scope: str
    data: Mapping[str, Any]
    key: str | None = None
    request_hash: str = ""
    expect: int | None = None
    causation_id: str = ""
    traceparent: str | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A new plan. `facts` is DocumentFacts.to_dict(), `data` the own fields of plan.uploaded.

    For the audit alone: `unnamed`, the channel that a person said of sales that name none, and `of_plan`, the plan
    whose document it is made of again for that.
    """

    plan_id: str
    document_id: str
    sha256: str
    channels: list[str]
    facts: Mapping[str, Any]
    data: Mapping[str, Any]
    actor: str
    scope: str
    again: bool = False
    key: str | None = None
    request_hash: str = ""
    causation_id: str = ""
    traceparent: str | None = None
    address: str = ""
    unnamed: str = ""
    of_plan: str = ""


@dataclass(slots=True)
class _Waiting:
    id: str  # of the plan or task
    row: bytes
    ids: Ids
    address: str
    future: asyncio.Future[Answer] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Commands:
    """The write door of the gateway. `outbox` learns of each transaction.

    `refused` is what the database said to the last command that it could not store, and when (monotonic).
    """

    def __init__(self, pool: asyncpg.Pool, outbox: Outbox) -> None:
        self._pool = pool
        self._outbox = outbox
        self._turns: Turns[_Waiting] = Turns()
        self._calls: set[asyncio.Task[None]] = set()
        self._later: asyncio.TimerHandle | None = None
        self.refused: tuple[float, str] | None = None

    async def run(self, command: Command) -> Answer:
        """Decide one command. The request's span is linked to the trace of the plan.

        Raises asyncpg's and OS errors if the database is gone. Then nothing has happened, or it has and the same
        request again returns its answer.
        """
        waiting = _waiting(command)
        self._take([waiting])
        answer = await waiting.future
        telemetry.link(answer.traceparent)
        return answer

    async def run_many(self, commands: Sequence[Command]) -> list[Answer]:
        """Decide many commands; each has its own answer, at its place. Spans are linked as by `run`."""
        waiting = [_waiting(c) for c in commands]
        self._take(waiting)
        answers = list(await asyncio.gather(*(w.future for w in waiting)))
        for traceparent in dict.fromkeys(a.traceparent for a in answers):
            telemetry.link(traceparent)
        return answers

    async def upload(self, upload: Upload, with_it: WithIt | None = None) -> Answer:
        """Store the document's facts and put plan.uploaded into the outbox; if accepted, do `with_it` as well.

        It is one transaction. The event has title and file name encrypted, by a key for this plan alone that the same
        transaction stores.
        """
        data_key = secrets.token_bytes(KEY_BYTES)
        row = _row(
            Command(
                "plan.upload",
                upload.plan_id,
                upload.actor,
                upload.scope,
                encrypted(upload.data, data_key),
                upload.key,
                upload.request_hash,
                None,
                upload.causation_id,
                upload.traceparent,
            )
        )
        try:
            answer = await tried_again(lambda: self._store(upload, row, data_key, with_it))
        except Exception as error:
            self._note(error)
            raise
        self._outbox.wake()
        return answer

    async def _store(self, upload: Upload, row: bytes, data_key: bytes, with_it: WithIt | None) -> Answer:
        crashpoint("uploads.before_commit")
        async with self._pool.acquire() as connection, connection.transaction():
            await demand_working(connection, upload.actor)
            raw = await connection.fetchval(
                "select decide.upload(jsonb_populate_record(null::decide.command, $1::jsonb),"
                " $2::uuid, $3, $4, $5::jsonb, $6)",
                row.decode(),
                upload.document_id,
                upload.sha256,
                upload.channels,
                orjson.dumps(upload.facts).decode(),
                upload.again,
            )
            answer = answer_of(orjson.loads(raw))
            if answer.outcome == "accepted" and not answer.repeated:
                await connection.execute(_KEEP_KEY, upload.plan_id, data_key)
                if with_it is not None:
                    await with_it(connection)
            if not answer.repeated:
                await write(connection, *_told(upload, answer))
        crashpoint("uploads.committed")
        return answer

    def _take(self, waiting: Sequence[_Waiting]) -> None:
        self._turns.came(waiting, time.monotonic())
        self._start_calls()

    def _start_calls(self) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None
        loop = asyncio.get_running_loop()
        while isinstance(found := self._turns.next(time.monotonic()), Call):
            call = loop.create_task(self._call(list(found.batch)))
            self._calls.add(call)
            call.add_done_callback(partial(self._call_ended, found))
        if found is not None:
            self._later = loop.call_later(found, self._start_calls)

    def _call_ended(self, ended: Call[_Waiting], call: asyncio.Task[None]) -> None:
        self._calls.discard(call)
        self._turns.ended(ended.lane)
        self._start_calls()

    async def _call(self, batch: list[_Waiting]) -> None:
        # in a context of its own: the task began in that of the request that came first
        with LogContext(lambda: (waiting.ids for waiting in batch)):
            await self._call_together(batch)

    async def _call_together(self, batch: list[_Waiting]) -> None:
        try:
            answers = await tried_again(lambda: self._decide(batch))
        except Exception as error:
            if len(batch) > 1 and isinstance(error, asyncpg.PostgresError):
                # one bad command must not fail its neighbours: each goes alone
                for waiting in batch:
                    await self._call([waiting])
                return
            self._note(error)
            with suppress(*DATABASE_FAILS):  # whoever asks again meets it again
                await have_it_judged(self._pool, error)
            for waiting in batch:
                if not waiting.future.done():
                    waiting.future.set_exception(error)
            return
        for waiting, answer in zip(batch, answers, strict=True):
            if not waiting.future.done():  # the caller may have gone
                waiting.future.set_result(answer)

    def _note(self, error: Exception) -> None:
        if isinstance(error, PoolFullError):
            return  # the database was not asked
        text = str(error).partition("\n")[0]
        self.refused = time.monotonic(), f"{type(error).__name__}: {text}"[:200]

    async def _decide(self, batch: list[_Waiting]) -> list[Answer]:
        # Rows are locked in the order of their ids, so two transactions cannot wait for each other in a circle.
        order = sorted(range(len(batch)), key=lambda i: batch[i].id)
        rows = b"[" + b",".join([batch[i].row for i in order]) + b"]"
        crashpoint("commands.before_commit")
        raw = await decided(self._pool, self._outbox, rows.decode(), [batch[i].address for i in order])
        crashpoint("commands.committed")
        answers: list[Answer | None] = [None] * len(batch)
        for place, one in zip(order, orjson.loads(raw), strict=True):
            answers[place] = answer_of(one)
        return [a for a in answers if a is not None]


def _waiting(c: Command) -> _Waiting:
    return _Waiting(c.id, _row(c), _ids(c), c.address)


def _row(c: Command) -> bytes:
    """Return a command as JSON of the database's decide.command.

    As a value of that type, asyncpg would look the type up in each session, which takes as long as forty decisions.
    """
    # not from the key: one that is used again when it is forgotten asks for another event
    event_id = str(uuid4())
    return orjson.dumps(
        {
            "command": c.command,
            "id": c.id,
            "scope": c.scope,
            "key": c.key,
            "request_hash": c.request_hash,
            "expect": c.expect,
            "event_id": event_id,
            "at": time.time_ns() // 1000,
            "causation_id": c.causation_id or event_id,
            "actor": c.actor,
            "traceparent": c.traceparent,
            "data": c.data,
        }
    )


def _told(upload: Upload, answer: Answer) -> tuple[Who, list[Entry]]:
    """Return the audit entry of an upload; for a duplicate it names the existing plan.

    No title and no name of the file: they may name people, and what is written here is never changed.
    """
    named = ("sha256", "channels", "priority")
    after = {"status": answer.status, **{name: upload.data[name] for name in named if name in upload.data}}
    after |= {"unnamed": upload.unnamed} if upload.unnamed else {}
    after |= {"of_plan": upload.of_plan} if upload.of_plan else {}
    plan_id = answer.plan_id or upload.plan_id
    return (
        Who(upload.actor, upload.scope, upload.address, upload.causation_id),
        [Entry("plan.upload", "plan", plan_id, UUID(plan_id), answer.outcome, None, after)],
    )


def _ids(c: Command) -> Ids:
    return Ids(c.causation_id, c.id if c.command.startswith("plan.") else None, c.traceparent)
