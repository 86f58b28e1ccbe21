"""Alerts: a page of them, one with all that was sent of it, and how many ask for somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from projections.reads.paging import DEFAULT_LIMIT, Key, Order, Page, page_of
from projections.reads.rows import Reader, Where, from_json

STATES: Final = ("open", "acknowledged", "silenced", "resolved")
#: What is not over: the list begins with it.
GOING: Final = STATES[:3]
#: Seconds in which an alert's openings are counted, as `gateway.verdict.flapping` has it, which a test compares.
LATELY_S: Final = 900
ORDER: Final = Order("-openedAt", (Key("a.opened_at", "timestamptz", descending=True), Key("a.alert_id", "uuid")))
SILENCES: Final = Order("until", (Key("l.until", "timestamptz"), Key("l.key", "text")))


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at delivering a message. `begun`: its process died before the outcome was known."""

    attempt: int
    at: datetime
    outcome: str
    seconds: float | None
    detail: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A message about an alert to a notifier. `state`: waiting, sent, passed_on or failed; `about`: its reason."""

    about: str
    notifier: str
    state: str
    due_at: datetime
    kept: bool
    ended_at: datetime | None
    attempts: int
    error: str
    message_id: UUID | None
    tries: list[Attempt] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Alert:
    """`finding`: its kind, subject, since and values; the texts say the same in English.

    `follows`: what follows from it, as findings with their `text`. `caused_by`: the alert that it follows from, where
    that was seen after it was told. `trace_id`: of the plan that had waited longest when it opened, or of the
    oldest dead letter. `opened_lately`: how often an alert of its key opened within `LATELY_S`.
    """

    alert_id: UUID
    key: str
    kind: str
    subject: str
    severity: str
    state: str
    finding: dict[str, Any]
    text: str
    evidence: str
    advice: str
    runbook: str
    since: datetime | None
    opened_at: datetime
    changed_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str
    note: str
    silenced_until: datetime | None
    silence_reason: str
    silenced_by: str
    silenced_at: datetime | None
    escalations: int
    escalated_at: datetime | None
    resolved_at: datetime | None
    lasted_seconds: float
    came: int = 1
    opened_lately: int = 1
    trace_id: str | None = None
    caused_by: UUID | None = None
    follows: list[dict[str, Any]] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence that goes on, with the latest alert of its key; `over`: that alert has ended."""

    alert_id: UUID
    key: str
    kind: str
    over: bool
    finding: dict[str, Any]
    text: str
    until: datetime
    reason: str
    silenced_by: str
    silenced_at: datetime


_MADE: Final = frozenset({"sent", "finding", "follows", "lasted_seconds"})
_SELECT: Final = f"""
    select a.alert_id, a.key, a.kind, a.subject, a.severity, a.state, a.finding, a.text, a.evidence, a.advice,
           a.runbook, a.since, a.opened_at, a.changed_at, a.acknowledged_at, a.acknowledged_by, a.note,
           s.until as silenced_until, coalesce(s.reason, '') as silence_reason,
           coalesce(s.silenced_by, '') as silenced_by, s.silenced_at, a.escalations,
           case when a.escalations > 0 then a.escalated_at end as escalated_at, a.resolved_at,
           substring(a.traceparent from 4 for 32) as trace_id, a.caused_by, a.came, a.follows,
           extract(epoch from coalesce(a.resolved_at, now()) - least(a.opened_at, a.since))::float8 as lasted_seconds,
           (select count(*) from flow.alert o
             where o.key = a.key and o.opened_at > now() - make_interval(secs => {LATELY_S})) as opened_lately"""  # noqa: S608 - a constant
#: A silence outlasts its alert: it is shown with the latest one of its key, as it is for the next one, too.
_FROM: Final = """
    from flow.alert a left join flow.alert_silenced s on s.key = a.key and s.until > now() and not exists (
         select from flow.alert later where later.key = a.key and later.opened_at > a.opened_at)"""
_SILENCES: Final = """
    from (select distinct on (a.key) a.alert_id, a.key, a.kind, a.state = 'resolved' as over, a.finding, a.text,
                 s.until, s.reason, s.silenced_by, s.silenced_at
            from flow.alert_silenced s join flow.alert a on a.key = s.key
           where s.until > now() order by a.key, a.opened_at desc) l"""
_SENT: Final = """
    select n.alert_id, n.about, n.notifier, coalesce(m.state, 'waiting') as state, n.kept,
           coalesce(m.due_at, n.due_at) as due_at, m.ended_at, coalesce(m.attempts, 0) as attempts,
           coalesce(m.error, '') as error, n.message_id
      from flow.alert_notice n left join flow.alert_message m on m.message_id = n.message_id
     where n.alert_id = any ($1) order by n.created_at, n.notifier"""
_TRIES: Final = """
    select message_id, attempt, at, outcome, seconds, detail from flow.alert_attempt
     where message_id = any ($1) order by message_id, attempt"""


async def find(
    db: Reader, states: Iterable[str] = GOING, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[Alert]:
    """Return a page of alerts in these states, the latest first, with their messages. Raises BadCursor."""
    where = Where()
    where.any_of("a.state", tuple(states))
    if cursor is not None:
        ORDER.start_after(cursor, where)
    rows = await db.fetch(
        f"{_SELECT}, {ORDER.columns()} {_FROM} {where.sql()} {ORDER.order_by()} limit {limit + 1:d}", *where.args
    )
    sent = await _sent(db, [row["alert_id"] for row in rows], tries=False)
    return page_of(rows, limit, ORDER, [_alert(row, sent[row["alert_id"]]) for row in rows], None)


async def get(db: Reader, alert_id: UUID) -> Alert | None:
    """Return one alert with every attempt to tell of it; None where there is none."""
    row = await db.fetchrow(f"{_SELECT} {_FROM} where a.alert_id = $1", alert_id)
    return None if row is None else _alert(row, (await _sent(db, [alert_id], tries=True))[alert_id])


async def silences(
    db: Reader, *, over: bool = False, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[Silence]:
    """Return a page of the silences that go on, the one that ends first at the top, and how many there are.

    `over`: of alerts that have ended alone. Raises BadCursor.
    """
    where = Where()
    if over:
        where.add("l.over")
    total = await db.fetchval(f"select count(*) {_SILENCES} {where.sql()}", *where.args)
    if cursor is not None:
        SILENCES.start_after(cursor, where)
    listed = f"{_SILENCES} {where.sql()} {SILENCES.order_by()} limit {limit + 1:d}"
    rows = await db.fetch(f"select l.*, {SILENCES.columns()} {listed}", *where.args)
    return page_of(rows, limit, SILENCES, [_silence(row) for row in rows], total)


async def message(db: Reader, message_id: UUID) -> Sent | None:
    """Return the delivery of a message that belongs to no alert, such as a test."""
    row = await db.fetchrow(
        "select 'test' as about, notifier, state, due_at, false as kept, ended_at, attempts, error, message_id"
        " from flow.alert_message where message_id = $1",
        message_id,
    )
    if row is None:
        return None
    tries = await _tries(db, [message_id])
    return Sent(**row, tries=tries[message_id])


async def open_count(db: Reader) -> int:
    """Count the alerts that wait to be acknowledged or silenced."""
    count: int = await db.fetchval("select count(*) from flow.alert where state = 'open'")
    return count


async def _sent(db: Reader, alerts: list[UUID], *, tries: bool) -> dict[UUID, list[Sent]]:
    rows = await db.fetch(_SENT, alerts)
    tried = await _tries(db, [row["message_id"] for row in rows if row["message_id"]]) if tries else {}
    found: defaultdict[UUID, list[Sent]] = defaultdict(list)
    for row in rows:
        told = {name: row[name] for name in row.keys() if name != "alert_id"}  # noqa: SIM118 - a record, no dict
        found[row["alert_id"]].append(Sent(**told, tries=tried.get(row["message_id"], [])))
    return found


async def _tries(db: Reader, messages: list[UUID]) -> dict[UUID, list[Attempt]]:
    found: defaultdict[UUID, list[Attempt]] = defaultdict(list)
    for row in await db.fetch(_TRIES, messages):
        found[row["message_id"]].append(
            Attempt(row["attempt"], row["at"], row["outcome"], row["seconds"], row["detail"])
        )
    return found


def _silence(row: Any) -> Silence:
    told = {name: row[name] for name in Silence.__dataclass_fields__}
    return Silence(**{**told, "finding": from_json(row["finding"])})


def _alert(row: Any, sent: list[Sent]) -> Alert:
    names = [name for name in Alert.__dataclass_fields__ if name not in _MADE]
    known = {name: row[name] for name in names}
    lasted = round(max(0.0, row["lasted_seconds"]), 1)
    told = {name: from_json(row[name]) for name in ("finding", "follows")}
    return Alert(**known, **told, lasted_seconds=lasted, sent=sent)
