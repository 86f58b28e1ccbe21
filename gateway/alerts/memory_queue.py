"""Queue messages in memory while Postgres is away, and write them down once it is back.

A file keeps them, too, for an engine that restarts meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson
import structlog

from gateway.alerts import store, words
from gateway.alerts.alert import TELLS, About, Alert, notice_id
from gateway.alerts.kept import Kept, alert_from_json, alert_to_json, notice_from_json
from gateway.alerts.message import Message, gathered, item
from gateway.alerts.queue import AT_LEAST_S, Claimed, Why, message_id_of
from gateway.alerts.routing import Notice, Told
from gateway.alerts.store import Stored
from schemas.process.connection import Db
from schemas.process.crashpoints import crashpoint

log = structlog.get_logger("alerts")

_MESSAGE: Final = """
    insert into flow.alert_message
           (message_id, notifier, body, state, due_at, attempts, ended_at, error, fallback, unsure)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    on conflict (message_id) do update set state = excluded.state, due_at = excluded.due_at,
       attempts = excluded.attempts, ended_at = excluded.ended_at, error = excluded.error, claimed_until = null,
       unsure = alert_message.unsure or excluded.unsure
     where alert_message.state = 'waiting'"""
_ATTEMPT: Final = """
    insert into flow.alert_attempt (message_id, attempt, at, outcome, seconds, detail)
    values ($1, $2, $3, $4, $5, $6) on conflict do nothing"""
_LINK: Final = "update flow.alert_notice set message_id = $1, incident = $3 where notice_id = $2"
_ELSEWHERE: Final = "select message_id is not null from flow.alert_notice where notice_id = $1"


@dataclass(frozen=True, slots=True)
class _Attempt:
    at: datetime
    outcome: str
    seconds: float
    detail: str


@dataclass(slots=True)
class _Entry:
    notice: Notice
    claimed: Claimed
    due_at: datetime
    state: str = "waiting"
    in_flight: bool = False
    unsure: bool = False
    attempts: list[_Attempt] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {
            "notice": self.notice,
            "message": self.claimed.message.to_json(),
            "attempt": self.claimed.attempt,
            "fallback": self.claimed.fallback,
            "created_at": self.claimed.created_at,
            "due_at": self.due_at,
            "state": self.state,
            "attempts": self.attempts,
            "unsure": self.unsure or self.in_flight,
        }


def _entry(told: Mapping[str, Any]) -> _Entry:
    """Return an entry of the file.

    A message that was in flight is sent again with the same id, and says that it may repeat.
    """
    message, created_at = Message.from_json(told["message"]), datetime.fromisoformat(told["created_at"])
    claimed = Claimed(message, int(told["attempt"]), tuple(told["fallback"]), created_at)
    tries = [_Attempt(datetime.fromisoformat(one["at"]), one["outcome"], float(one["seconds"]), one["detail"])
             for one in told["attempts"]]  # fmt: skip
    due_at = datetime.fromisoformat(told["due_at"])
    unsure = bool(told.get("unsure"))  # an engine of before did not say
    return _Entry(notice_from_json(told["notice"]), claimed, due_at, str(told["state"]), unsure=unsure, attempts=tries)


class MemoryQueue:
    """Holds the few messages of an outage; each alert is a message of its own.

    `stored`: the alert about the database that Postgres holds, as far as this process or its predecessor knows.
    """

    def __init__(self, page_url: str, language: str = words.DEFAULT, kept: Kept | None = None) -> None:
        self._page_url = page_url
        self._language = language
        self._kept = kept or Kept()
        self._entries: dict[UUID, _Entry] = {}
        self._alerts: dict[UUID, Alert] = {}
        self._handed_over = False
        self.stored = Stored()
        self.take_up()

    def take_up(self) -> bool:
        """Take over the file of an ended engine; return whether the folder is locked now.

        An engine that has sent something itself meanwhile keeps to its own memory.
        """
        got = self._kept.take()
        if got and self.empty:
            self._recall()
        return got

    def _recall(self) -> None:
        """Know what was kept. What cannot be read is nothing."""
        told = self._kept.read()
        if told is None:
            return
        try:
            alerts = [alert_from_json(one) for one in told["alerts"]]
            entries = [_entry(one) for one in told["entries"]]
            stored = told["stored"]
            self.stored = Stored(alert_from_json(stored["alert"]), bool(stored["told"])) if stored else Stored()
        except (KeyError, TypeError, ValueError) as error:
            log.warning("what was told before cannot be read: it may be told again", error=repr(error)[:200])
            return
        self._alerts = {alert.alert_id: alert for alert in alerts}
        self._entries = {UUID(entry.claimed.message.message_id): entry for entry in entries}
        log.info("what an engine before this one has told is known", alerts=len(alerts))

    async def remember(self, stored: Stored | None = None) -> None:
        """Keep all of it for an engine that begins anew. `stored`: the alert that Postgres has, where that is known."""
        self.take_up()
        self.stored = self.stored if stored is None else stored
        known = self.stored.alert
        if known is None and not self._alerts:
            await self._kept.write(None)
            return
        await self._kept.write(
            {
                "alerts": [alert_to_json(alert) for alert in self._alerts.values()],
                "entries": [entry.to_json() for entry in self._entries.values()],
                "stored": None if known is None else {"alert": alert_to_json(known), "told": self.stored.told},
            }
        )
        crashpoint("alerts.memory_kept")

    @property
    def empty(self) -> bool:
        return not self._alerts

    @property
    def in_flight(self) -> bool:
        return any(entry.in_flight for entry in self._entries.values())

    @property
    def told(self) -> bool:
        """Say whether any message has arrived."""
        return any(entry.state == "sent" for entry in self._entries.values())

    @property
    def alerts(self) -> list[Alert]:
        """Return the alerts that are still open."""
        return [alert for alert in self._alerts.values() if alert.resolved_at is None]

    def put(self, alert: Alert, made: Sequence[Notice]) -> None:
        """Keep an alert as it is now, and the notices of it."""
        self._alerts[alert.alert_id] = alert
        for notice in made:
            message_id = str(message_id_of([notice.notice_id]))
            speech, incident = words.speech(self._language), self._incident(notice)
            told = item(alert, notice.about, self._page_url, speech, incident=incident)
            message = gathered(message_id, [told], self._page_url, self._language)
            claimed = Claimed(message, 0, notice.fallback, notice.due_at)
            self._entries.setdefault(UUID(message_id), _Entry(notice, claimed, notice.due_at))

    def _incident(self, notice: Notice) -> int:
        """Return which incident a notice is of, as flow.alert_incident does. What Postgres has told counts as one."""
        known = [entry.notice for entry in self._of(notice.alert_id)]
        told = {one.version for one in (*known, notice) if one.about in TELLS and one.version <= notice.version}
        return max(1, len(told) + (bool(told) and min(told) > 1))

    def told_of(self, alert: UUID) -> Mapping[str, Told]:
        """Return which notifiers got, or will get, a message about an alert."""
        return {
            entry.notice.notifier: Told(entry.notice.due_at, entry.notice.fallback)
            for entry in self._entries.values()
            if entry.notice.alert_id == alert and entry.state in {"waiting", "sent"}
        }

    @contextmanager
    def handing_over(self) -> Iterator[None]:
        """Stop claims within the block: what is stored meanwhile is sent from Postgres, or once more from here."""
        self._handed_over = True
        try:
            yield
        finally:
            self._handed_over = False

    async def claim(self, notifier: str, *, gathers: bool) -> Claimed | None:  # noqa: ARG002 - as the other queue
        now = datetime.now(UTC)
        for entry in () if self._handed_over else self._entries.values():
            waits = entry.state == "waiting" and not entry.in_flight and entry.due_at <= now
            if waits and entry.notice.notifier == notifier and not self._too_soon(entry):
                entry.in_flight = True
                message = replace(entry.claimed.message, may_repeat=entry.unsure)
                tried, age_s = entry.claimed.attempt + 1, (now - entry.claimed.created_at).total_seconds()
                entry.claimed = replace(entry.claimed, message=message, attempt=tried, age_s=age_s)
                await self.remember()  # whoever comes after a crash knows that it may have gone
                return entry.claimed
        return None

    def _too_soon(self, entry: _Entry) -> bool:
        """Say whether it tells an end, and the message that it began has not gone yet, as in the other queue."""
        ends, notice = (About.RESOLVED, About.ACKNOWLEDGED), entry.notice
        mine = [other for other in self._of(notice.alert_id) if other.notice.notifier == notice.notifier]
        return notice.about in ends and any(
            other.state == "waiting" and other.notice.about not in ends for other in mine
        )

    async def sent(self, claimed: Claimed, seconds: float, detail: str) -> None:
        self._note(claimed, "sent", seconds, detail).state = "sent"
        await self.remember()

    async def again(self, claimed: Claimed, seconds: float, why: Why, after_s: float) -> None:
        entry = self._note(claimed, "failed", seconds, why.text)
        entry.due_at, entry.unsure = datetime.now(UTC) + timedelta(seconds=after_s), entry.unsure or why.unsure
        await self.remember()

    async def put_off(
        self,
        claimed: Claimed,
        until: datetime | None,
        why: str,  # noqa: ARG002 - as the other queue
        after_s: float = AT_LEAST_S,
    ) -> None:
        entry = self._entries[UUID(claimed.message.message_id)]
        soonest = datetime.now(UTC) + timedelta(seconds=after_s)
        entry.in_flight, entry.due_at = False, max(until or soonest, soonest)
        entry.claimed = replace(claimed, attempt=claimed.attempt - 1)

    async def ended(self, claimed: Claimed, seconds: float, why: Why, *, pass_on: bool) -> None:
        entry = self._note(claimed, "failed", seconds, why.text)
        entry.state = "passed_on" if pass_on else "failed"
        if pass_on:
            to, *rest = claimed.fallback
            notice = entry.notice
            made = notice_id(notice.alert_id, notice.about, notice.version, to)
            passed = replace(notice, notice_id=made, notifier=to, due_at=datetime.now(UTC), fallback=tuple(rest))
            self.put(self._alerts[notice.alert_id], [passed])
        await self.remember()

    def _note(self, claimed: Claimed, outcome: str, seconds: float, detail: str) -> _Entry:
        entry = self._entries[UUID(claimed.message.message_id)]
        entry.in_flight = False
        entry.attempts.append(_Attempt(datetime.now(UTC), outcome, round(seconds, 3), detail[:500]))
        return entry

    async def write_down(self, db: Db) -> list[Alert]:
        """Write all of it into Postgres, in the caller's transaction, and return the alerts as they are kept there.

        What has not gone yet goes from there.
        """
        written = []
        for alert in self._alerts.values():
            kept = await store.open_alert(db, alert)
            written.append(replace(alert, alert_id=kept))
            await store.put(db, [replace(entry.notice, alert_id=kept) for entry in self._of(alert.alert_id)])
        for message_id, entry in self._entries.items():
            tries, waits = entry.attempts, entry.state == "waiting"
            if waits and (not (tries or entry.unsure) or await db.fetchval(_ELSEWHERE, entry.notice.notice_id)):
                continue  # it is made anew there, of the notice, or has been
            body = orjson.dumps(entry.claimed.message.to_json()).decode()
            error = "" if entry.state == "sent" or not tries else tries[-1].detail
            known = message_id, entry.notice.notifier, body, entry.state, entry.due_at
            ended_at = None if waits else tries[-1].at
            await db.execute(_MESSAGE, *known, len(tries), ended_at, error, entry.claimed.fallback, entry.unsure)
            incident = entry.claimed.message.items[0].incident
            await db.execute(_LINK, message_id, entry.notice.notice_id, incident)
            for number, one in enumerate(tries, start=1):
                await db.execute(_ATTEMPT, message_id, number, one.at, one.outcome, one.seconds, one.detail)
        return written

    def clear(self) -> None:
        """Forget what was written down."""
        self._entries.clear()
        self._alerts.clear()

    def _of(self, alert: UUID) -> Iterator[_Entry]:
        return (entry for entry in self._entries.values() if entry.notice.alert_id == alert)
