"""The queue of one webhook in Postgres: deliveries are claimed for a time, in the order of each plan.

A process that dies between its claim and its mark leaves an attempt that has begun; the delivery goes again when the
claim is over, with the same id and the same body.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import structlog

from gateway.alerts.breaker import ACTOR
from gateway.alerts.notifiers import base
from gateway.alerts.queue import AT_LEAST_S, CLAIM_S, Claimed, Why
from gateway.audit.writing import Entry, Who, write
from projections.reads.written import shown_text
from schemas.process.connection import Db
from schemas.process.log_context import Ids
from schemas.written import key_ids

log = structlog.get_logger("webhooks")

#: Days without a successful delivery after which a webhook is paused.
PAUSE_DAYS: Final = 3
#: Statuses 4xx that mean "later"; with 409 the receiver is handling the event already.
LATER: Final = base.LATER | {409}

# A delivery that a person sends again waits for no other, and none waits for it: it has no place in the order any more.
_CLAIM: Final = """
    update flow.webhook_delivery set claimed_until = now() + make_interval(secs => $2), attempts = attempts + 1
     where delivery_id = (
           select d.delivery_id from flow.webhook_delivery d join flow.webhook w on w.webhook_id = d.webhook_id
            where d.webhook_id = $1 and d.state = 'waiting' and d.due_at <= now()
              and (d.claimed_until is null or d.claimed_until < now())
              and w.paused_at is null and w.removed_at is null and (w.held_until is null or w.held_until <= now())
              and (d.again > 0 or not exists (
                   select from flow.webhook_delivery e
                    where e.webhook_id = d.webhook_id and e.plan_id = d.plan_id and e.state = 'waiting'
                      and e.seq < d.seq and e.again = 0))
            order by d.seq limit 1 for update of d skip locked)
    returning delivery_id, plan_id, type, body, trace_id, attempts, attempts_then, asked_at,
              extract(epoch from now() - asked_at)::float8 as age_s, (
              select count(*) from flow.webhook_attempt a
               where a.delivery_id = webhook_delivery.delivery_id and a.attempt > webhook_delivery.attempts_then
                 and a.status between 400 and 499 and a.status <> all ($3)) as refusals"""
#: The event that has the document's name.
_NAMES: Final = "plan.uploaded"
_BEGUN: Final = "insert into flow.webhook_attempt (delivery_id, attempt) values ($1, $2)"
_ATTEMPT: Final = """
    update flow.webhook_attempt set outcome = $3, seconds = $4, detail = $5, status = $6
     where delivery_id = $1 and attempt = $2"""
_SENT: Final = """
    update flow.webhook_delivery set state = 'sent', ended_at = now(), error = '', claimed_until = null
     where delivery_id = $1"""
_WELL: Final = """
    update flow.webhook set held_until = null, failing_since = null
     where webhook_id = $1 and (held_until is not null or failing_since is not null)"""
# A day without any try, such as one on which no process ran, says nothing of the receiver: the count begins after it.
_FAILS: Final = """
    update flow.webhook set failed_at = now(),
           failing_since = coalesce(case when failed_at > now() - interval '1 day' then failing_since end, now())
     where webhook_id = $1 returning $2 > 0 and failing_since < now() - make_interval(days => $2)"""
_PAUSE: Final = """
    update flow.webhook set paused_at = now(), paused_for = $2
     where webhook_id = $1 and paused_at is null and removed_at is null returning name, failing_since"""
_AGAIN: Final = """
    update flow.webhook_delivery set due_at = now() + make_interval(secs => $2), claimed_until = null, error = $3
     where delivery_id = $1"""
_NOT_BEGUN: Final = "delete from flow.webhook_attempt where delivery_id = $1 and attempt = $2"
_PUT_OFF: Final = """
    update flow.webhook_delivery set claimed_until = null, attempts = attempts - 1, error = $2,
                                     attempts_then = least(attempts_then, attempts - 1) where delivery_id = $1"""
_HOLD: Final = (
    "update flow.webhook set held_until = greatest($2, now() + make_interval(secs => $3)) where webhook_id = $1"
)
_FAILED: Final = """
    update flow.webhook_delivery set state = 'failed', ended_at = now(), error = $2, claimed_until = null
     where delivery_id = $1"""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one webhook, as it is sent. `number` counts its attempts, including this one.

    `refusals`: how often the receiver has refused it by an answer that does not mean "later". `ids`: those of its
    event.
    """

    message_id: str
    body: bytes
    number: int
    refusals: int = 0
    ids: Sequence[Ids] = ()

    @property
    def traceparents(self) -> Sequence[str]:
        """None: the history keeps an event's trace, and not its span."""
        return ()


class Deliveries:
    """The queue of one webhook, with claims that hold across processes. Raises the database's errors.

    A webhook that has taken nothing for `pause_days` days is paused, with all its waiting deliveries; with 0 never. To
    avoid deadlocks, a transaction that changes a webhook and its deliveries locks the webhook first.
    """

    def __init__(self, pool: asyncpg.Pool, webhook_id: UUID, pause_days: int = PAUSE_DAYS) -> None:
        self._pool = pool
        self._webhook_id = webhook_id
        self._pause_days = pause_days

    async def claim(self, notifier: str, *, gathers: bool) -> Claimed[Delivery] | None:  # noqa: ARG002 - as the other queue
        """Return the next delivery that is due, None if none is."""
        async with self._pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(_CLAIM, self._webhook_id, CLAIM_S, list(LATER))
            if row is None:
                return None
            await connection.execute(_BEGUN, row["delivery_id"], row["attempts"])
            body = await shown_text(connection, row["body"])
        ids = Ids(None, str(row["plan_id"]), None, row["trace_id"])
        delivery = Delivery(str(row["delivery_id"]), body.encode(), row["attempts"], row["refusals"], (ids,))
        quotable = row["type"] == _NAMES or bool(key_ids([row["body"]]))
        return Claimed(
            delivery, row["attempts"] - row["attempts_then"], (), row["asked_at"], quotable, age_s=row["age_s"]
        )

    async def sent(self, claimed: Claimed[Delivery], seconds: float, detail: str) -> None:
        """Record that the receiver took it: all else that waits for this webhook may be sent."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_WELL, self._webhook_id)
            await _note(connection, claimed, "sent", seconds, detail)
            await connection.execute(_SENT, _id(claimed))

    async def again(self, claimed: Claimed[Delivery], seconds: float, why: Why, after_s: float) -> None:
        """Record that it failed, and when to try again."""
        async with self._pool.acquire() as connection, connection.transaction():
            await self._fails(connection, why)
            await _note(connection, claimed, "failed", seconds, why.text, why.status)
            await connection.execute(_AGAIN, _id(claimed), after_s, why.text)

    async def put_off(
        self, claimed: Claimed[Delivery], until: datetime | None, why: str, after_s: float = AT_LEAST_S
    ) -> None:
        """Say that it was not tried; no attempt is counted, and nothing else is tried before then either."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_HOLD, self._webhook_id, until, after_s)
            await connection.execute(_NOT_BEGUN, _id(claimed), claimed.message.number)
            await connection.execute(_PUT_OFF, _id(claimed), why)

    async def ended(self, claimed: Claimed[Delivery], seconds: float, why: Why, *, pass_on: bool) -> None:  # noqa: ARG002 - as the other queue
        """Record that it is given up: the next delivery of its plan may be sent."""
        async with self._pool.acquire() as connection, connection.transaction():
            await self._fails(connection, why)
            await _note(connection, claimed, "failed", seconds, why.text, why.status)
            await connection.execute(_FAILED, _id(claimed), why.text)

    async def _fails(self, connection: Db, why: Why) -> None:
        """Note that the receiver did not take an event; pause the webhook if it has taken none for too long."""
        if not await connection.fetchval(_FAILS, self._webhook_id, self._pause_days):
            return
        paused = await connection.fetchrow(_PAUSE, self._webhook_id, why.text[:300])
        if paused is not None:
            since = {"paused": True, "failing_since": paused["failing_since"].isoformat()}
            entry = Entry(
                "webhook.change", "webhook", paused["name"], before={"paused": False}, after=since, reason=why.text
            )
            await write(connection, Who(ACTOR), [entry])
            log.warning("a webhook is paused: it took nothing for days", webhook=paused["name"], error=why.text)


async def _note(
    connection: Db, claimed: Claimed[Delivery], outcome: str, seconds: float, detail: str, status: int = 0
) -> None:
    arguments: tuple[Any, ...] = outcome, round(seconds, 3), detail[:500], status
    await connection.execute(_ATTEMPT, _id(claimed), claimed.message.number, *arguments)


def _id(claimed: Claimed[Delivery]) -> UUID:
    return UUID(claimed.message.message_id)
