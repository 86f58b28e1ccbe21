"""The queue of messages in Postgres: gathered, claimed for a time, and marked after the receiver's answer.

A process that dies between its claim and its mark leaves an attempt that has begun; the message goes again when the
claim is over, with the same id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Generic, Protocol
from uuid import UUID, uuid5

import asyncpg
import orjson
from typing_extensions import TypeVar  # the standard library's takes a default from Python 3.13 on

from gateway.alerts import harmed, words
from gateway.alerts.alert import NAMESPACE, TELLS, About, notice_id
from gateway.alerts.message import LISTED, Item, Message, gathered, item
from gateway.alerts.store import COLUMNS, alert_of, openings
from gateway.alerts.titles import title, without_about
from gateway.verdict.words.speech import Speech
from projections.reads.written import shown_text
from schemas.process.connection import Db
from schemas.process.log_context import Ids
from schemas.written import key_ids

#: A claim lasts far longer than a send may take (sender.DEADLINE_S): only a process that has ended loses it.
CLAIM_S: Final = 60.0
#: The most alerts in one message.
GATHERED: Final = 1000
#: An acknowledgement or the end of an alert waits for the message that the alert began: an incident that is opened
#: after its end is never closed. The next alert with the same key waits for that end. If the notifier keeps incidents
#: ($3), an alert that is sent anew waits, too, because it ends the earlier incident.
_NOTICES: Final = f"""
    select n.notice_id, n.about, n.fallback, {COLUMNS},
           case when $3 then flow.alert_incident(n.alert_id, n.notifier, case
                when n.about in ('resolved', 'acknowledged') then 0 else n.version end) else 1 end as incident
      from flow.alert_notice n join flow.alert a on a.alert_id = n.alert_id
      left join flow.alert_silenced s on s.key = a.key
     where n.notifier = $1 and n.message_id is null and n.due_at <= now() and not exists (
           select from flow.alert_message m
                  join flow.alert_notice b using (message_id) join flow.alert f using (alert_id)
            where m.notifier = $1 and m.state = 'waiting' and f.key = a.key and case
                  when n.about in ('resolved', 'acknowledged') then b.about not in ('resolved', 'acknowledged')
                  when $3 then b.about <> 'acknowledged'
                  else b.about = 'resolved' end)
     order by n.due_at, n.created_at, n.notice_id limit $2 for update of n skip locked"""  # noqa: S608 - constants
#: What a notifier was told last of an alert that is wrong. Of one among many others in a message it may be nothing.
_TOLD_AS: Final = """
    select n.about, one ->> 'title' as title from flow.alert_notice n join flow.alert_message m using (message_id)
     cross join lateral jsonb_array_elements(m.body -> 'items') one
     where n.alert_id = $1 and n.notifier = $2 and n.about = any ($3) and one ->> 'alert_id' = $1::text
       and one ->> 'about' = n.about
     order by n.version desc limit 1"""
_MAKE: Final = """
    insert into flow.alert_message (message_id, notifier, body, fallback, due_at)
    values ($1, $2, $3, $4, now()) on conflict do nothing"""
#: Copies a stored message for another notifier; what people wrote stays encrypted.
_MAKE_AGAIN: Final = """
    insert into flow.alert_message (message_id, notifier, body, fallback, due_at)
    select $2, $3, body || jsonb_build_object('message_id', $2::uuid), $4, now()
      from flow.alert_message where message_id = $1 on conflict do nothing"""
_LINK: Final = "update flow.alert_notice set message_id = $1, incident = $3 where notice_id = any ($2)"
CLAIM: Final = """
    update flow.alert_message set claimed_until = now() + make_interval(secs => $2), attempts = attempts + 1
     where message_id = (select message_id from flow.alert_message
                          where notifier = $1 and state = 'waiting' and due_at <= now()
                            and (claimed_until is null or claimed_until < now())
                          order by due_at, created_at, message_id limit 1 for update skip locked)
    returning message_id, body, attempts, fallback, created_at, extract(epoch from now() - created_at)::float8 as age_s,
              unsure or exists (
              select from flow.alert_attempt a where a.message_id = alert_message.message_id and a.outcome = 'begun')
              as may_repeat"""
BEGUN: Final = "insert into flow.alert_attempt (message_id, attempt) values ($1, $2)"
_ATTEMPT: Final = """
    update flow.alert_attempt set outcome = $3, seconds = $4, detail = $5 where message_id = $1 and attempt = $2"""
_SENT: Final = "update flow.alert_message set state = 'sent', ended_at = now(), error = '' where message_id = $1"
_LATER: Final = """
    update flow.alert_message set due_at = now() + make_interval(secs => $2), claimed_until = null, error = $3,
                                  unsure = unsure or $4
     where message_id = $1"""
_PUT_OFF: Final = """
    update flow.alert_message set due_at = greatest($2, now() + make_interval(secs => $4)), claimed_until = null,
                                  attempts = attempts - 1, error = $3
     where message_id = $1"""
_NOT_BEGUN: Final = "delete from flow.alert_attempt where message_id = $1 and attempt = $2"
_ENDED: Final = "update flow.alert_message set state = $2, ended_at = now(), error = $3 where message_id = $1"
_OF_MESSAGE: Final = "select alert_id, about, version, kept from flow.alert_notice where message_id = $1"
_TAKEN_OVER: Final = """
    insert into flow.alert_notice (notice_id, alert_id, about, version, notifier, due_at, kept, fallback)
    values ($1, $2, $3, $4, $5, now(), $6, $7) on conflict do nothing"""


class Sendable(Protocol):
    """An item of a queue: a message of alerts, or an event for a webhook."""

    @property
    def message_id(self) -> str: ...
    @property
    def traceparents(self) -> Sequence[str]: ...
    @property
    def ids(self) -> Sequence[Ids]: ...


Sent = TypeVar("Sent", bound=Sendable, default=Message)


@dataclass(frozen=True, slots=True)
class Claimed(Generic[Sent]):
    """A message that this process is to send now; `attempt` counts from 1. `age_s`: as old as it is, by its queue.

    `quotable`: its text has in the clear what is stored encrypted, or is erased with a document. The receiver may quote
    that, so none of the receiver's words are stored.
    """

    message: Sent
    attempt: int
    fallback: tuple[str, ...]
    created_at: datetime
    quotable: bool = False
    age_s: float = 0.0


#: Seconds that a message waits at least that could not be tried.
AT_LEAST_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Why:
    """Why a message did not arrive, without secrets.

    `status`: HTTP status of the receiver's answer, 0 without an answer.

    `unsure`: it may have arrived all the same.
    """

    text: str
    status: int = 0
    unsure: bool = False


class Queue(Protocol[Sent]):
    """The source of a sender's messages, which also takes the outcome of each."""

    async def claim(self, notifier: str, *, gathers: bool) -> Claimed[Sent] | None: ...
    async def sent(self, claimed: Claimed[Sent], seconds: float, detail: str) -> None: ...
    async def again(self, claimed: Claimed[Sent], seconds: float, why: Why, after_s: float) -> None: ...
    async def put_off(
        self, claimed: Claimed[Sent], until: datetime | None, why: str, after_s: float = AT_LEAST_S
    ) -> None: ...
    async def ended(self, claimed: Claimed[Sent], seconds: float, why: Why, *, pass_on: bool) -> None: ...


class Outcomes(Generic[Sent]):
    """Records the outcome of a claimed message in Postgres. Raises the database's errors."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def sent(self, claimed: Claimed[Sent], seconds: float, detail: str) -> None:
        """Record that the receiver took it."""
        async with self._pool.acquire() as connection, connection.transaction():
            await self._attempt(connection, claimed, "sent", seconds, detail)
            await connection.execute(_SENT, _id(claimed))

    async def again(self, claimed: Claimed[Sent], seconds: float, why: Why, after_s: float) -> None:
        """Record that it failed, and when to try again."""
        async with self._pool.acquire() as connection, connection.transaction():
            await self._attempt(connection, claimed, "failed", seconds, why.text)
            await connection.execute(_LATER, _id(claimed), after_s, why.text, why.unsure)

    async def put_off(
        self, claimed: Claimed[Sent], until: datetime | None, why: str, after_s: float = AT_LEAST_S
    ) -> None:
        """Say that it was not tried; no attempt is counted.

        It goes from `until` on, a moment by the database's clock, and in `after_s` by that clock at the soonest.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_NOT_BEGUN, _id(claimed), claimed.attempt)
            await connection.execute(_PUT_OFF, _id(claimed), until, why, after_s)

    async def ended(self, claimed: Claimed[Sent], seconds: float, why: Why, *, pass_on: bool) -> None:
        """Record that it failed for good; `pass_on`: the first fallback gets it."""
        async with self._pool.acquire() as connection, connection.transaction():
            await self._attempt(connection, claimed, "failed", seconds, why.text)
            await connection.execute(_ENDED, _id(claimed), "passed_on" if pass_on else "failed", why.text)
            if pass_on:
                await self._pass_on(connection, claimed)

    async def _pass_on(self, connection: Db, claimed: Claimed[Sent]) -> None:
        """Queue the message for its fallback; without one it is never passed on."""

    async def _attempt(self, connection: Db, claimed: Claimed[Sent], outcome: str, seconds: float, detail: str) -> None:
        arguments: tuple[Any, ...] = outcome, round(seconds, 3), detail[:500]
        await connection.execute(_ATTEMPT, _id(claimed), claimed.attempt, *arguments)


class PostgresQueue(Outcomes):
    """Claims across all processes. Raises the database's errors.

    A message whose previous attempt has no outcome, or an unsure one, says that it may be a repeat.
    """

    def __init__(self, pool: asyncpg.Pool, page_url: str, language: str = words.DEFAULT, trace_url: str = "") -> None:
        super().__init__(pool)
        self._trace_url = trace_url
        self._page_url = page_url
        self._language = language

    async def claim(self, notifier: str, *, gathers: bool) -> Claimed | None:
        """Return the next message that is due, None if none is."""
        async with self._pool.acquire() as connection, connection.transaction():
            await self._gather(connection, notifier, gathers=gathers)
            row = await connection.fetchrow(CLAIM, notifier, CLAIM_S)
            if row is None:
                return None
            await connection.execute(BEGUN, row["message_id"], row["attempts"])
            body = await shown_text(connection, row["body"])
        message = replace(Message.from_json(orjson.loads(body)), may_repeat=row["may_repeat"])
        quotable = bool(key_ids([row["body"]]))
        return Claimed(
            message, row["attempts"], tuple(row["fallback"]), row["created_at"], quotable, age_s=row["age_s"]
        )

    async def _gather(self, connection: Db, notifier: str, *, gathers: bool) -> None:
        """Gather the notices that are due for the same notifier into one message."""
        rows = await connection.fetch(_NOTICES, notifier, GATHERED if gathers else 1, not gathers)
        if not rows:
            return
        mine = [row for row in rows if row["fallback"] == rows[0]["fallback"]]
        ids = [row["notice_id"] for row in mine]
        message_id = message_id_of(ids)
        speech = words.speech(self._language)
        lately = await openings(connection)
        place = self._page_url, speech, self._trace_url
        items: list[Item] = []
        for row in mine:
            alert, about = alert_of(row), About(row["about"])
            lately_n, incident = lately.get(alert.key, 0), row["incident"]
            one = item(alert, about, *place, openings=lately_n, incident=incident)
            if about is About.RESOLVED and len(items) < LISTED:  # nobody reads it of more
                told = await _told_as(connection, alert.alert_id, notifier, speech)
                named = title(alert, about, told, speech) if told else one.title
                one = replace(one, title=named, evidence=await harmed.told(connection, alert, speech))
            items.append(one)
        body = orjson.dumps(gathered(str(message_id), items, self._page_url, self._language).to_json()).decode()
        await connection.execute(_MAKE, message_id, notifier, body, mine[0]["fallback"])
        await connection.execute(_LINK, message_id, ids, mine[0]["incident"])

    async def _pass_on(self, connection: Db, claimed: Claimed) -> None:
        to, *rest = claimed.fallback
        rows = await connection.fetch(_OF_MESSAGE, _id(claimed))
        for row in rows:
            key = row["alert_id"], About(row["about"]), row["version"], to
            await connection.execute(_TAKEN_OVER, notice_id(*key), *key, row["kept"], rest)
        if not rows:  # of no alert, such as a summary
            await connection.execute(_MAKE_AGAIN, _id(claimed), uuid5(NAMESPACE, f"{_id(claimed)}|{to}"), to, rest)


async def _told_as(connection: Db, alert: UUID, notifier: str, speech: Speech) -> str:
    """Return what a notifier was told last to be wrong of an alert; "" if that is not known."""
    row = await connection.fetchrow(_TOLD_AS, alert, notifier, sorted(TELLS))
    return "" if row is None else without_about(row["about"], row["title"], speech)


def message_id_of(notices: Sequence[UUID]) -> UUID:
    """Return the id of the message that is made of these notices."""
    return uuid5(NAMESPACE, "|".join(sorted(map(str, notices))))


def _id(claimed: Claimed[Any]) -> UUID:
    return UUID(claimed.message.message_id)
