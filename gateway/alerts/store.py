"""Alerts in Postgres, as the engine reads and writes them: each look in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

from gateway.alerts.alert import About, Alert, State, notice_id
from gateway.alerts.core import Change, Known
from gateway.alerts.routing import Notice, Told
from gateway.settings import IN_PAGERDUTY
from gateway.verdict import flapping
from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind
from gateway.verdict.stored import from_json, to_json
from gateway.verdict.traits import Severity
from gateway.verdict.words.findings import say
from schemas import headers
from schemas.belief import DISBELIEVED
from schemas.process.connection import Db

#: The most open alerts that are loaded: more of them say nothing new.
MOST: Final = 2000
COLUMNS: Final = """
    a.alert_id, a.key, a.kind, a.subject, a.severity, a.state, a.finding, a.text, a.evidence, a.advice, a.runbook,
    a.since, a.opened_at, a.acknowledged_at, a.escalations, a.escalated_at, a.resolved_at, a.version,
    a.traceparent, a.follows, a.caused_by, a.came, s.until as silenced_until"""
_KNOWN: Final = f"""
    select {COLUMNS} from flow.alert a left join flow.alert_silenced s on s.key = a.key
     where a.state <> 'resolved' order by a.opened_at limit {MOST}"""  # noqa: S608 - constants
_SILENCES: Final = "select key, until from flow.alert_silenced where until > now()"
_OPENINGS: Final = (
    "select key, count(*) as n from flow.alert where opened_at > now() - make_interval(secs => $1) group by 1"
)
_TOLD: Final = """
    select n.alert_id, n.notifier, max(n.due_at) as due_at, max(n.fallback) as fallback
      from flow.alert_notice n left join flow.alert_message m on m.message_id = n.message_id
     where n.alert_id = any ($1) and n.about <> 'resolved' and coalesce(m.state, 'waiting') in ('waiting', 'sent')
     group by 1, 2"""
# PagerDuty knows already what was acknowledged there.
_ACKNOWLEDGED: Final = """
    select a.alert_id, a.version, n.notifier
      from flow.alert a join (select distinct alert_id, notifier from flow.alert_notice
                               where about <> 'resolved' and message_id is not null) n using (alert_id)
     where a.state <> 'resolved' and a.acknowledged_at is not null and right(a.acknowledged_by, length($2)) <> $2
       and n.notifier = any ($1)
       and not exists (select from flow.alert_notice k
                        where k.alert_id = a.alert_id and k.notifier = n.notifier and k.about = 'acknowledged'
                          and k.created_at >= a.acknowledged_at)"""
_ARRIVED: Final = """
    select exists (select from flow.alert_notice n join flow.alert_message m using (message_id)
                    where n.alert_id = $1 and m.state = 'sent')"""
_OPEN: Final = "select flow.alert_open($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
_MOVE: Final = "select flow.alert_move($1, $2, $3, $4, $5, $6, $7)"
_SEEN: Final = """
    update flow.alert set kind = $2, subject = $3, finding = $4, text = $5, evidence = $6, advice = $7, runbook = $8,
                          since = $9, severity = $10, came = $11
     where alert_id = $1 and state <> 'resolved'"""
#: Kinds of findings whose subject is the cause of a stall.
_OF_PLANS: Final = frozenset({Kind.PLANS_STALLED, Kind.PLANS_ESCALATED})
_TRACE: Final = """
    update flow.alert set traceparent = (
        select h.traceparent from flow.deadline d join decide.head h on h.stream = 'plan-' || d.plan_id
         where d.stalled_at is not null and coalesce(d.cause, '') = $2 order by d.due_at, d.plan_id limit 1)
     where alert_id = $1 and traceparent is null"""
#: The trace of the letter that has waited longest. A record that is not believed gives none: its writer chose it.
_OF_LETTERS: Final = frozenset({Kind.DEAD_LETTERS, Kind.DEAD_LETTERS_GROWING})
_TRACE_OF_LETTERS: Final = """
    update flow.alert set traceparent = (
        select pair ->> 1 from rm.dead_letter d cross join lateral jsonb_array_elements(d.headers) pair
         where d.state in ('open', 'parked') and d.dead_at is not null and d.code <> all ($2)
           and pair ->> 0 = any ($3) and pair ->> 1 ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$'
         order by d.dead_at, d.record_id, array_position($3, pair ->> 0) limit 1)
     where alert_id = $1 and traceparent is null"""
_CAME: Final = "update flow.alert set came = $2 where alert_id = $1 and came < $2"
_FOLLOWS: Final = "update flow.alert set follows = $2, caused_by = $3 where alert_id = $1"
_NOTICE: Final = """
    insert into flow.alert_notice (notice_id, alert_id, about, version, notifier, due_at, kept, fallback)
    values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing"""


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored alert, or None, and whether a message about it was sent."""

    alert: Alert | None = None
    told: bool = False


async def stored(db: Db, key: str, alerts: Iterable[Alert]) -> Stored:
    """Return the alert with the key among these, if any, and whether a message about it arrived."""
    mine = next((alert for alert in alerts if alert.key == key), None)
    return Stored() if mine is None else Stored(mine, bool(await db.fetchval(_ARRIVED, mine.alert_id)))


async def openings(db: Db) -> Mapping[str, int]:
    """Return how often the alerts of each key opened lately."""
    return {row["key"]: row["n"] for row in await db.fetch(_OPENINGS, flapping.WITHIN_S)}


async def load(db: Db) -> Known:
    """Return the stored alerts, silences and openings."""
    alerts = [alert_of(row) for row in await db.fetch(_KNOWN)]
    silences = {row["key"]: row["until"] for row in await db.fetch(_SILENCES)}
    return Known(alerts, silences, await openings(db))


async def told(db: Db, alerts: Iterable[UUID]) -> Mapping[UUID, Mapping[str, Told]]:
    """Return which notifiers got, or will get, a message about each alert."""
    found: defaultdict[UUID, dict[str, Told]] = defaultdict(dict)
    for row in await db.fetch(_TOLD, list(alerts)):
        found[row["alert_id"]][row["notifier"]] = Told(row["due_at"], tuple(row["fallback"]))
    return found


async def open_alert(db: Db, alert: Alert) -> UUID:
    """Store an alert that opens; return the open alert of its key."""
    text, evidence, advice = alert.words
    kept: UUID = await db.fetchval(
        _OPEN,
        alert.alert_id,
        alert.key,
        alert.kind,
        alert.subject,
        alert.severity,
        alert.state,
        _json(alert.finding),
        text,
        evidence,
        advice,
        alert.runbook,
        alert.since,
        alert.opened_at,
    )
    if alert.came > 1:  # while Postgres was away
        await db.execute(_CAME, kept, alert.came)
    return kept


async def _follows(db: Db, alert: Alert) -> None:
    """Store what follows from an alert, also in words, and what the alert follows from."""
    if alert.follows or alert.caused_by:
        told = [{**to_json(one), "text": say(one).text} for one in alert.follows]
        await db.execute(_FOLLOWS, alert.alert_id, orjson.dumps(told).decode(), alert.caused_by)


async def write(db: Db, change: Change) -> bool:
    """Store a change; return False if somebody changed the alert meanwhile."""
    alert = change.alert
    if change.what == "opened":
        kept = await open_alert(db, alert)
        await _follows(db, alert)
        if alert.kind in _OF_PLANS:
            await db.execute(_TRACE, kept, alert.subject)
        elif alert.kind in _OF_LETTERS:
            await db.execute(_TRACE_OF_LETTERS, kept, sorted(DISBELIEVED), [headers.FAILED_SPAN, headers.TRACEPARENT])
        return kept == alert.alert_id
    await _follows(db, alert)
    if change.what != "resolved":
        await db.execute(
            _SEEN,
            alert.alert_id,
            alert.kind,
            alert.subject,
            _json(alert.finding),
            *alert.words,
            alert.runbook,
            alert.since,
            alert.severity,
            alert.came,
        )
    if change.what == "changed":
        return True
    at = alert.resolved_at if change.what == "resolved" else alert.escalated_at
    arguments = alert.alert_id, alert.version, change.what, alert.state, alert.severity, alert.escalations, at
    return bool(await db.fetchval(_MOVE, *arguments))


async def acknowledged(db: Db, notifiers: Collection[str], at: datetime) -> list[Notice]:
    """Return the notices of acknowledgements that notifiers with the alert have not got yet."""
    return [
        Notice(
            notice_id(row["alert_id"], About.ACKNOWLEDGED, row["version"], row["notifier"]),
            row["alert_id"],
            About.ACKNOWLEDGED,
            row["version"],
            row["notifier"],
            at,
        )
        for row in (await db.fetch(_ACKNOWLEDGED, list(notifiers), IN_PAGERDUTY) if notifiers else ())
    ]


async def put(db: Db, made: Sequence[Notice]) -> None:
    """Put notices into the queue; a notice that is in it already stays as it is."""
    for one in made:
        fallback = list(one.fallback)
        known = one.notice_id, one.alert_id, one.about, one.version, one.notifier
        await db.execute(_NOTICE, *known, one.due_at, one.kept, fallback)


def alert_of(row: Any) -> Alert:
    """Return the alert of a row."""
    return Alert(
        row["alert_id"],
        row["key"],
        row["kind"],
        row["subject"],
        Severity(row["severity"]),
        State(row["state"]),
        row["since"],
        row["opened_at"],
        from_json(orjson.loads(row["finding"])),
        (row["text"], row["evidence"], row["advice"]),
        row["runbook"],
        row["version"],
        row["acknowledged_at"],
        row["silenced_until"],
        row["escalations"],
        row["escalated_at"],
        row["resolved_at"],
        row["traceparent"],
        tuple(one for told in orjson.loads(row["follows"]) if (one := from_json(told)) is not None),
        row["caused_by"],
        row["came"],
    )


def _json(finding: Finding | None) -> str:
    return "{}" if finding is None else orjson.dumps(to_json(finding)).decode()
