"""The daily and the weekly summary: which alerts were sent, what is still wrong, and which messages did not arrive."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import orjson

from gateway.alerts import words
from gateway.alerts.alert import NAMESPACE, About
from gateway.alerts.message import Message, in_words
from gateway.alerts.quiet import DAYS
from gateway.alerts.routing import Summary
from gateway.alerts.store import alert_of
from gateway.verdict.traits import Severity
from gateway.verdict.words.speech import Speech, span
from schemas.process.connection import Db
from schemas.process.crashpoints import crashpoint

#: The age from which a summary is left out: the next one says more.
LATE: Final = timedelta(hours=6)
#: The most alerts that a summary lists.
LISTED: Final = 20
_EXISTS: Final = "select exists (select 1 from flow.alert_message where created_at < $1)"
_COUNTS: Final = """
    select count(*) filter (where opened_at >= $1 and opened_at < $2) as opened,
           count(*) filter (where opened_at >= $1 and opened_at < $2 and severity = 'critical') as critical,
           count(*) filter (where closed_at >= $1 and closed_at < $2) as resolved,
           coalesce(avg(extract(epoch from resolved_at - least(opened_at, since)))
                    filter (where closed_at >= $1 and closed_at < $2), 0)::float8 as lasted_s,
           count(*) filter (where state <> 'resolved') as going
      from (select *, case when state = 'resolved' then changed_at end as closed_at from flow.alert) a"""
_GOING: Final = """
    select *, null::timestamptz as silenced_until, extract(epoch from $1 - least(opened_at, since))::float8 as age_s
      from flow.alert
     where state <> 'resolved' order by severity = 'critical' desc, opened_at limit $2"""
_OFTEN: Final = """
    select c.n, null::timestamptz as silenced_until, latest.* from (
        select kind, count(*) as n from flow.alert where opened_at >= $1 and opened_at < $2 group by kind) c
      cross join lateral (
        select * from flow.alert a where a.kind = c.kind and a.opened_at >= $1 and a.opened_at < $2
         order by a.opened_at desc limit 1) latest
     order by c.n desc, c.kind limit 5"""
_SENT: Final = """
    select notifier, count(*) filter (where state = 'sent') as sent,
           count(*) filter (where state in ('failed', 'passed_on')) as failed
      from flow.alert_message where created_at >= $1 and created_at < $2 group by notifier order by notifier"""
_PUT: Final = """
    insert into flow.alert_message (message_id, notifier, body, due_at) values ($1, $2, $3, now())
    on conflict do nothing returning true"""


@dataclass(frozen=True, slots=True)
class Due:
    """A summary of the time from `begins` to `ends`, when it is due."""

    about: About
    begins: datetime
    ends: datetime


def due(summary: Summary, at: datetime) -> Iterator[Due]:
    """Yield the last summary of each kind that is due and not too old. Pure."""
    zone = ZoneInfo(summary.zone)
    local = at.astimezone(zone)
    if summary.daily is not None:
        clock = time.fromisoformat(summary.daily)
        for back in range(2):
            moment = _moment(local - timedelta(days=back), clock, zone)
            if moment <= at < moment + LATE:
                yield Due(About.DAILY, moment - timedelta(days=1), moment)
    if summary.weekly is not None:
        day, _, clock_text = summary.weekly.partition(" ")
        for back in range(2):
            on = local - timedelta(days=back)
            moment = _moment(on, time.fromisoformat(clock_text), zone)
            if DAYS[on.weekday()] == day and moment <= at < moment + LATE:
                yield Due(About.WEEKLY, moment - timedelta(days=7), moment)


def _moment(day: datetime, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day.date(), clock, zone).astimezone(UTC)


class Summaries:
    """Puts each summary into the queue once, in whichever engine is active then."""

    def __init__(self, summary: Summary, known: Collection[str], page_url: str, language: str = words.DEFAULT) -> None:
        self._summary = summary
        self._to = [name for name in summary.to if name in known]
        self._page_url = page_url
        self._language = language
        self._began = datetime.now(UTC)
        self._put: set[UUID] = set()

    async def look(self, db: Db, at: datetime) -> bool:
        """Put the due summaries into the queue; return whether any was due."""
        if not self._to:
            return False
        new = False
        for one in due(self._summary, at):
            for name in self._to:
                message_id = uuid5(NAMESPACE, f"{one.about}|{one.ends.isoformat()}|{name}")
                if message_id not in self._put:
                    self._put.add(message_id)
                    new = await self._one(db, one, name, message_id) or new
        return new

    async def _one(self, db: Db, one: Due, name: str, message_id: UUID) -> bool:
        if one.ends < self._began and not await db.fetchval(_EXISTS, one.ends):
            return False  # a system that has only just been set up
        speech, link = words.speech(self._language), f"{self._page_url}/alerts"
        title = speech.text(words.DAILY if one.about is About.DAILY else words.WEEKLY)
        text = "\n".join([line async for line in _lines(db, one, speech)])
        message = Message(str(message_id), title, Severity.INFO, text=text, link=link, language=self._language)
        body = orjson.dumps(message.to_json()).decode()
        crashpoint("alerts.summary_due")
        put = bool(await db.fetchval(_PUT, message_id, name, body))
        crashpoint("alerts.summary_put")
        return put


async def _lines(db: Db, one: Due, speech: Speech) -> AsyncIterator[str]:
    counts = await db.fetchrow(_COUNTS, one.begins, one.ends)
    assert counts is not None, "an aggregate has one row"
    times = {"begins": f"{one.begins:%Y-%m-%d %H:%M}", "ends": f"{one.ends:%Y-%m-%d %H:%M}"}
    yield speech.text(words.FROM_TO) % times
    opened = words.OPENED_LASTED if counts["resolved"] else words.OPENED
    yield speech.text(opened) % {**dict(counts), "time": span(counts["lasted_s"], speech)}
    going = counts["going"]
    yield speech.plural(*words.GOING, going) % {"n": going} if going else speech.text(words.CLEAR)
    for row in await db.fetch(_GOING, one.ends, LISTED):
        state = speech.text(words.STATES.get(row["state"], row["state"]))
        age = span(max(row["age_s"], 0.0), speech)
        said = {"severity": words.severity(row["severity"], speech), "state": state, "time": age}
        said["what"] = in_words(alert_of(row), speech)[0]
        yield speech.text(words.STILL) % said
    often = await db.fetch(_OFTEN, one.begins, one.ends)
    if often:
        yield speech.text(words.OFTEN)
    for row in often:
        yield speech.text(words.SUCH_AS) % {
            "n": row["n"],
            "kind": row["kind"],
            "what": in_words(alert_of(row), speech)[0],
        }
    for row in await db.fetch(_SENT, one.begins, one.ends):
        yield speech.text(words.ARRIVED) % dict(row)
