"""Take PagerDuty's webhook: an incident that is acknowledged or resolved there acknowledges its alert here.

Resolving an incident there says only that somebody works on it. This system sees whether it is over: an alert lasts as
long as its finding, and is sent again if it gets worse.

The webhook (v3) is signed with a shared secret. Each of its events is handled once: a copy changes nothing. An event
about no alert of this system, or about an earlier alert of the same name, is answered with the reason and recorded in
the audit.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

import structlog
from starlette.requests import Request

from gateway.audit.writing import Entry, Telling, audited
from gateway.http.bodies import parse_json
from gateway.operations.alerting import ACKNOWLEDGE
from gateway.problems.problem import Problem, invalid
from gateway.services.services import Services
from gateway.settings import IN_PAGERDUTY, incident_key
from gateway.verdict.words.own import Heard as Word
from schemas.process.connection import Db

log = structlog.get_logger("gateway")

Outcome = Literal["accepted", "unchanged", "ignored"]
SIGNATURE: Final = "X-PagerDuty-Signature"
ACKNOWLEDGED: Final = "incident.acknowledged"
RESOLVED: Final = "incident.resolved"
#: The note of each event, without and with its incident's number. An incident that this system, or a timer of
#: PagerDuty, has resolved is ignored.
_NOTES: Final = {
    ACKNOWLEDGED: (Word.ACKNOWLEDGED, Word.ACKNOWLEDGED_OF),
    RESOLVED: (Word.RESOLVED, Word.RESOLVED_OF),
}
_A_PERSON: Final = "user_reference"
#: PagerDuty retries for hours; an older event is a copy, or of no use.
LATEST: Final = timedelta(days=1)
#: How much two clocks may differ.
CLOCKS: Final = timedelta(minutes=1)
_NAME: Final = 120

_FIRST: Final = (
    "insert into flow.hook_heard (hook, event_id) values ('pagerduty', $1) on conflict do nothing returning 1"
)
_GOING: Final = "select alert_id, key, opened_at from flow.alert where state <> 'resolved' order by opened_at"
#: The number of the open incident; `pagerduty` is the notifier's name (`gateway.alerts.settings`).
_INCIDENT: Final = "select flow.alert_incident($1, 'pagerduty', 0)"
_NUMBER: Final = re.compile(r"#([0-9]{1,6})$")


@dataclass(frozen=True, slots=True)
class Said:
    """An event from PagerDuty. `key`: the incident's, as this system opened it."""

    event_id: str
    type: str
    at: datetime
    key: str
    who: str
    number: str
    by_a_person: bool = True


@dataclass(frozen=True, slots=True)
class Heard:
    """The outcome of an event from PagerDuty, with the reason if nothing changed."""

    outcome: Outcome
    why: str = ""


def genuine(secrets: Sequence[str], header: str, body: bytes) -> bool:
    """Return whether one of the signatures fits one of the secrets; there are two while a secret is changed."""
    given = [part.strip().encode() for part in header.split(",")]
    expected = [b"v1=" + hmac.new(s.encode(), body, hashlib.sha256).hexdigest().encode() for s in secrets]
    return any(hmac.compare_digest(one, other) for one in expected for other in given)


def said(data: Any) -> Said:
    """Parse an event. Raises Problem 422 if the body is none."""
    try:
        event = data["event"]
        incident = event.get("data") or {}
        agent = event.get("agent") or {}
        at = datetime.fromisoformat(event["occurred_at"])
        return Said(
            _text(event["id"]),
            _text(event["event_type"]),
            at if at.tzinfo else at.replace(tzinfo=UTC),
            str(incident.get("incident_key") or ""),
            str(agent.get("summary") or "somebody"),
            str(incident.get("number") or ""),
            agent.get("type") == _A_PERSON,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise invalid(("event", "this is no event of PagerDuty's webhooks, version 3")) from None


async def hear(request: Request, header: str, body: bytes) -> Heard:
    """Handle an event.

    Raises Problem 404 if no secret is set, 401 for a wrong signature, 422 for a body that is no event.
    """
    services: Services = request.state.services
    settings = services.settings
    if not settings.pagerduty_secrets:
        raise Problem("not-found", "PagerDuty is not heard here: PAGERDUTY_WEBHOOK_SECRET is not set.")
    if not genuine(settings.pagerduty_secrets, header, body):
        raise await services.access.refuse(
            request, f"{SIGNATURE} is not the signature of this body with PAGERDUTY_WEBHOOK_SECRET."
        )
    event = said(parse_json(body))
    if event.type not in _NOTES:
        return Heard("ignored", f"only {' and '.join(_NOTES)} are heard")
    if event.type == RESOLVED and not event.by_a_person:
        return Heard("ignored", "no person has resolved it")
    async with audited(request) as telling:
        telling.who = replace(telling.who, actor=f"{event.who[:_NAME]}{IN_PAGERDUTY}")
        heard = await _acknowledge(telling, event, settings.pagerduty_source)
    if heard.outcome == "ignored":
        log.warning("PagerDuty's word is ignored", why=heard.why, said=event.event_id, incident=event.key[:200])
    services.publishing.wake()
    return heard


async def _acknowledge(telling: Telling, event: Said, source: str) -> Heard:
    now = datetime.now(UTC)
    alone, numbered = _NOTES[event.type]
    note = numbered % {"n": event.number} if event.number else str(alone)
    why = ""
    alert = None
    if not now - LATEST < event.at < now + LATEST:
        why = Word.OTHER_DAY % {"at": event.at.isoformat(timespec="seconds")}
    elif await telling.db.fetchval(_FIRST, event.event_id) is None:
        why = str(Word.AGAIN)
    else:
        alert, incident = await _meant(telling.db, source, event.key)
        if alert is None:
            why = str(Word.NO_ALERT)
        elif event.at < alert["opened_at"] - CLOCKS:
            why = str(Word.EARLIER)
        elif incident < await telling.db.fetchval(_INCIDENT, alert["alert_id"]):
            why = str(Word.BEFORE)
    if why or alert is None:
        telling.tell(Entry("alert.hook", "pagerduty", event.key, outcome="ignored", reason=why))
        return Heard("ignored", why)
    alert_id = alert["alert_id"]
    outcome = await telling.db.fetchval(ACKNOWLEDGE, alert_id, note, telling.who.request_id, telling.who.actor)
    telling.tell(Entry("alert.acknowledge", "alert", str(alert_id), outcome=outcome, reason=note))
    return Heard("accepted") if outcome == "accepted" else Heard("unchanged", "somebody sees to it, or it is over")


async def _meant(db: Db, source: str, key: str) -> tuple[Any, int]:
    """Return the alert that an incident's key names, or None, and the number of its incident."""
    found = _NUMBER.search(key)
    numbers = (1,) if found is None else (1, int(found[1]))
    for alert in await db.fetch(_GOING):
        for number in numbers:
            if incident_key(source, alert["key"], number) == key:
                return alert, number
    return None, 1


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError
    return value[:200]
