"""Runs webhooks: takes new events for each, and gives each its own senders, so that none delays another."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg
import structlog

from gateway.alerts.breaker import Breaker
from gateway.alerts.sender import Sender, Tries
from gateway.alerts.webhooks import taking
from gateway.alerts.webhooks.endpoint import Endpoint
from gateway.alerts.webhooks.queue import PAUSE_DAYS, Deliveries, Delivery
from gateway.verdict.words.own import Fate
from gateway.webhooks.reach import Networks
from gateway.webhooks.types import TOPICS, place_of
from projections.reads.webhooks import BREAKER
from schemas.process.database_away import DATABASE_AWAY, DATABASE_FAILS, DATABASE_SLOW
from schemas.process.log_context import raised_in
from schemas.process.named import named
from schemas.process.rest import rest
from schemas.process.rounds import Round
from schemas.sealing import Locked, is_sealed_by_own, seal, unseal
from schemas.signing import NO_KEYS, Keys

log = structlog.get_logger("webhooks")

JOB: Final = "webhooks"
#: Seconds between checks for new events and due deliveries.
LOOK_S: Final = 0.5
#: The most deliveries of one webhook in flight at a time, each of another plan.
LANES: Final = 4
#: A delivery is given up after eleven tries within a day. Its age alone never counts: it grows while the webhook is
#: paused, its breaker is open or no process sends, and meanwhile the receiver has refused nothing. Nor do probes of an
#: open breaker count: they test the receiver, not the event.
TRIES: Final = Tries(
    (5.0, 30.0, 120.0, 600.0, 1800.0, 3600.0, 7200.0, 14_400.0, 28_800.0, 28_800.0),
    timedelta.max,
    60.0,
    by_probes=False,
)
#: A webhook with its present settings, whether a delivery is due, and whether there are events that were not taken for
#: it yet. A claimed delivery is in flight.
_NOW: Final = """
    select w.webhook_id, w.name, w.url, w.secret,
           (w.held_until is null or w.held_until <= now()) and exists (
               select from flow.webhook_delivery d
                where d.webhook_id = w.webhook_id and d.state = 'waiting' and d.due_at <= now()
                  and (d.claimed_until is null or d.claimed_until < now())) as due,
           exists (
               select from rm.projection_offset o
                 left join flow.webhook_cursor c
                        on c.webhook_id = w.webhook_id and c.topic = o.topic and c.partition = o.partition
                where o.projection = 'read_models' and o.topic = any ($1)
                  and o.next_offset > coalesce(c.next_offset, 0)) as news
      from flow.webhook w where w.paused_at is null and w.removed_at is null order by w.created_at"""
#: Seconds between checks for breakers without a webhook, such as that of a removed one.
LEFT_S: Final = 30.0
_LEFT: Final = """
    select flow.breaker_reset(b.name, 'no webhook at work has it', 'system:alerts') from flow.breaker b
     where b.name like $1 || '%' and b.state <> 'closed'
       and not exists (select from flow.webhook w
                        where w.removed_at is null and w.paused_at is null and $1 || w.name = b.name)"""

_SECRETS: Final = "select webhook_id, secret from flow.webhook where removed_at is null"
_SEAL: Final = "update flow.webhook set secret = $3 where webhook_id = $1 and secret = $2 and removed_at is null"


@dataclass(slots=True)
class _Lanes:
    """The senders of one webhook, with its settings at the last look."""

    as_it_is: tuple[str, str, str]
    senders: list[Sender[Delivery]]
    tasks: list[asyncio.Task[None]]

    def stop(self) -> None:
        for sender in self.senders:
            sender.stop()


class Webhooks:
    """Sends events to webhooks until stopped.

    `pool` serves nothing else, so that alerts never wait for its connections.
    """

    def __init__(
        self, pool: asyncpg.Pool, source: str, allowed: Networks, keys: Keys = NO_KEYS, pause_days: int = PAUSE_DAYS
    ) -> None:
        self._pool = pool
        self._source = source
        self._allowed = allowed
        self._keys = keys
        self._pause_days = pause_days
        self._lanes: dict[UUID, _Lanes] = {}
        self._ending: dict[asyncio.Task[None], Sender[Delivery]] = {}
        self._stopping = asyncio.Event()
        self._sent = 0
        self._tidied_at = time.monotonic() - LEFT_S

    @property
    def sent(self) -> int:
        working = [sender for lanes in self._lanes.values() for sender in lanes.senders]
        return self._sent + sum(sender.sent for sender in (*working, *self._ending.values()))

    def stop(self) -> None:
        """End `run` after the deliveries in hand."""
        self._stopping.set()

    async def run(self) -> None:
        """Work until stopped; never raises for an outage."""
        while not self._stopping.is_set():
            more = False
            with Round(JOB, _failed):
                more = await self.look()
            await rest(self._stopping, 0.0 if more else LOOK_S)
        for lanes in self._lanes.values():
            lanes.stop()
        await asyncio.gather(*(task for lanes in self._lanes.values() for task in lanes.tasks), *self._ending)

    async def look(self) -> bool:
        """Take new events and wake the senders of due deliveries; return whether there may be more events."""
        if time.monotonic() - self._tidied_at >= LEFT_S:
            await self._pool.execute(_LEFT, BREAKER)
            await self._seal()
            self._tidied_at = time.monotonic()
        rows = await self._pool.fetch(_NOW, list(TOPICS))
        self._keep_lanes(rows)
        more = False
        for row in rows:
            taken = await self._take(row["webhook_id"]) if row["news"] else 0
            more = more or taken >= taking.BATCH
            if taken or row["due"]:
                for sender in self._lanes[row["webhook_id"]].senders:
                    sender.wake()
        return more

    async def _seal(self) -> None:
        """Encrypt with the first key the secrets that are stored in the clear, or by another key."""
        for row in await self._pool.fetch(_SECRETS):
            if is_sealed_by_own(row["secret"], self._keys):
                continue
            place = place_of(row["webhook_id"])
            with suppress(Locked):  # its sender tells
                sealed = seal(unseal(row["secret"], self._keys, place), self._keys, place)
                await self._pool.execute(_SEAL, row["webhook_id"], row["secret"], sealed)

    async def _take(self, webhook_id: UUID) -> int:
        """Take new events for one webhook. An error in its events delays no other webhook."""
        try:
            return await taking.take(self._pool, webhook_id, self._source)
        except DATABASE_SLOW as error:  # of this one's question: others may be answered
            with raised_in(error):
                log.warning("the events of a webhook are not found in time", webhook=str(webhook_id))
            return 0
        except DATABASE_AWAY:
            raise
        except Exception as error:
            with raised_in(error):
                log.exception("the events of a webhook cannot be taken", error=repr(error)[:300])
            return 0

    def _keep_lanes(self, rows: list[Any]) -> None:
        """Keep one sender for each of these webhooks, with its present settings, and none for any other."""
        wanted = {row["webhook_id"]: (row["name"], row["url"], row["secret"]) for row in rows}
        for webhook_id, lanes in list(self._lanes.items()):
            if wanted.get(webhook_id) != lanes.as_it_is:
                lanes.stop()
                for task, sender in zip(lanes.tasks, lanes.senders, strict=True):
                    self._ending[task] = sender
                    task.add_done_callback(self._has_ended)
                del self._lanes[webhook_id]
        for webhook_id, (name, url, secret) in wanted.items():
            if webhook_id not in self._lanes:
                self._lanes[webhook_id] = self._begun(webhook_id, name, url, secret)

    def _has_ended(self, task: asyncio.Task[None]) -> None:
        self._sent += self._ending.pop(task).sent

    def _begun(self, webhook_id: UUID, name: str, url: str, secret: str) -> _Lanes:
        try:
            opened, locked = unseal(secret, self._keys, place_of(webhook_id)), ""
        except Locked as why:
            opened, locked = "", Fate.LOCKED % {"why": why}
        endpoint = Endpoint(url, opened, self._allowed, locked)
        deliveries = Deliveries(self._pool, webhook_id, self._pause_days)
        breaker = Breaker(self._pool, name, BREAKER)
        senders = [
            Sender(f"{BREAKER}{name}", endpoint, breaker, lambda: [deliveries], TRIES, JOB) for _ in range(LANES)
        ]
        # in a context of their own, because they outlive the look that starts them
        tasks = [asyncio.create_task(sender.run(), context=Context()) for sender in senders]
        return _Lanes((name, url, secret), senders, tasks)


def _failed(error: Exception) -> None:
    if isinstance(error, DATABASE_FAILS):
        log.warning("webhooks wait for Postgres", error=named(error, 200))
    else:  # a mistake of ours: said, and looked at again
        log.error("a look for webhooks failed", error=repr(error)[:300], exc_info=error)
