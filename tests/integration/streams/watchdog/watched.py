"""A watchdog without its loop, and the plans that it looks after, on a real database."""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from gateway.commands.calling import NoRelay
from gateway.commands.commands import Command, Commands, Upload
from local.load import facts
from schemas.process.connection import Db
from schemas.process.kafka import Brokers
from schemas.process.liveness import LOCK
from schemas.process.outbox_seals import Seals
from streams.watchdog.broker import BrokerView
from streams.watchdog.care import Care
from streams.watchdog.outbox_events import UNASKED
from streams.watchdog.settings import Patience
from streams.watchdog.snapshot import Wait
from streams.watchdog.view import SystemView

PATIENCE = Patience(phase1_due_s=0.05, analysis_due_s=0.05, recheck_s=0.1, escalate_s=60.0, attempts=2)


class Watched:
    """A watchdog without its loop, and what it asked others to do."""

    def __init__(self, patience: Patience = PATIENCE, seals: Seals = UNASKED) -> None:
        self.view = SystemView(patience, BrokerView(Brokers("127.0.0.1:1")))
        self.asked: list[tuple[str, Wait]] = []
        self.care = Care(self.view, patience, self._ask, seals)

    async def _ask(self, action: str, wait: Wait) -> None:
        self.asked.append((action, wait))

    async def round(self, connection: Db) -> int:
        await self.view.look(connection)
        return await self.care.round(connection)


async def uploaded(pool: asyncpg.Pool) -> str:
    plan_id, document_id, sha = str(uuid.uuid4()), str(uuid.uuid4()), uuid.uuid4().hex
    data = {
        "plan_id": plan_id,
        "document_id": document_id,
        "title": "t",
        "filename": "f.csv",
        "media_type": "text/csv",
        "size_bytes": 1,
        "sha256": sha,
        "channels": ["shopee"],
        "priority": "normal",
    }
    upload = Upload(plan_id, document_id, sha, ["shopee"], facts().to_dict(), data, actor="ana", scope="ana")
    await Commands(pool, NoRelay()).upload(upload)
    return plan_id


async def approved(pool: asyncpg.Pool, **data: Any) -> str:
    plan_id = await uploaded(pool)
    await pool.execute("delete from flow.deadline")
    await pool.execute(
        "insert into rm.plan (plan_id, version, status, channels, changed_at, analyzed_at)"
        " values ($1::uuid, 2, 'awaiting_approval', '{shopee}', now(), now())",
        plan_id,
    )
    command = Command("plan.approve", plan_id, "ana", "ana", {"reason": "", **data})
    answer = await Commands(pool, NoRelay()).run(command)
    assert answer.outcome == "accepted"
    return plan_id


async def said(pool: asyncpg.Pool, plan_id: str) -> list[tuple[str, int]]:
    rows = await pool.fetch(
        "select type, version from decide.outbox where stream = $1 order by version", f"recovery-{plan_id}"
    )
    return [(r["type"], r["version"]) for r in rows]


async def publish(pool: asyncpg.Pool) -> None:
    """Make it so that everything is in the log, and that the history shows it."""
    await pool.execute("update decide.outbox set published_at = now()")
    await pool.execute(
        "insert into rm.timeline select event_id, key::uuid, type, stream, version, now(), now(), actor, causation_id,"
        " null, topic, 7, 100, data from decide.outbox where topic = 'plan.events' on conflict do nothing"
    )


async def show_phase1(pool: asyncpg.Pool, plan_id: str) -> None:
    """Make the read models show what is in the outbox."""
    data = await pool.fetchval(
        "select data::text from decide.outbox where stream = $1 and type = 'plan.phase1.created'", f"plan-{plan_id}"
    )
    await pool.execute("update rm.plan set phase1 = $2::jsonb where plan_id = $1::uuid", plan_id, data)
    for task in json.loads(data)["tasks"]:
        await pool.execute(
            "insert into rm.task (task_id, plan_id, version, status, changed_at)"
            " values ($1::uuid, $2::uuid, 1, 'open', now())",
            task["task_id"],
            plan_id,
        )


async def later(pool: asyncpg.Pool, seconds: float) -> None:
    """Make all waits so much longer, and have them looked at again."""
    await pool.execute(
        "update flow.deadline set since = since - make_interval(secs => $1), check_from = now() - interval '1 s',"
        " due_at = due_at - make_interval(secs => $1)",
        seconds,
    )
    await pool.execute("update decide.channel_again set asked_at = asked_at - make_interval(secs => $1)", seconds)


async def switch(pool: asyncpg.Pool, *, enabled: bool) -> None:
    await pool.execute("select flow.flag_switch('queue_processing', $1, 'a pause', 'r', 'ana')", enabled)


@asynccontextmanager
async def held_back(
    pool: asyncpg.Pool, connection: Db, what: str
) -> AsyncIterator[tuple[str, str, Watched, Callable[[float], Awaitable[None]]]]:
    """Give a plan that is due after 30 s, the breaker that a person has tripped, and a round when it is so late."""
    patience = Patience(phase1_due_s=0.05, analysis_due_s=30.0, escalate_s=20.0, frozen_s=math.inf)  # they never beat
    plan_id = await uploaded(pool)
    breaker = "agent:x/m" if what == "the agent" else f"plan:{plan_id}"
    await publish(pool)
    watched = Watched(patience)

    async def late(seconds: float) -> None:
        await pool.execute(
            "update flow.deadline set since = now() - make_interval(secs => 30 + $1::float8), check_from = now() -"
            " interval '31 s', due_at = case when due_at is not null then now() - make_interval(secs => $1) end",
            seconds,
        )
        await watched.round(connection)

    async with pool.acquire() as processes:
        for role in ("worker", "runner", "gateway", "projections"):
            id_ = await processes.fetchval("select flow.worker_start($1, $1, 'h', 1, 0, 'v')", role)
            await processes.execute("select pg_advisory_lock($1, $2)", LOCK, id_)
        await pool.execute("""update flow.worker set progress = '{"agent": "agent:x/m"}' where role = 'runner'""")
        await pool.execute("select flow.breaker_trip($1, 'maintenance', null, 'ana')", breaker)
        # what is held back waits in a retry topic
        await pool.execute(
            "insert into flow.parked (record_id, grp, key, orig_topic, orig_partition, orig_offset, tier,"
            " replay, attempt, type, code, error_class, message, behind, due_at, since, state, headers)"
            " values ('analysis|t|0|0', 'analysis', $1, 't', 0, 0, 'agents.retry.5s', 0, 0, '', '', '', '', '', now(),"
            " now(), 'waiting', '[]')",
            plan_id,
        )
        yield plan_id, breaker, watched, late
