"""People's actions on alerts: acknowledge one, silence one, test a notifier. Each is in the audit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import orjson
from starlette.requests import Request

from gateway.audit.texts import text
from gateway.audit.writing import Entry, audited
from gateway.operations.outcome import Outcome
from gateway.problems.problem import Problem, invalid, not_found
from gateway.services.services import Services
from gateway.verdict.languages import DEFAULT, LANGUAGES, speech
from gateway.verdict.words import trial
from projections.reads.alerts import Alert
from projections.reads.harm import Harm, during
from projections.reads.processes import processes

ACKNOWLEDGE: Final = "select flow.alert_acknowledge($1, $2, $3, $4)"
#: The longest silence that a time can ask for.
LONGEST: Final = timedelta(days=30)
#: The advice where no notifier is configured.
NONE: Final = (
    "None is configured, or no alert engine runs: set SLACK_WEBHOOK_URL, SMTP_HOST or another of docs/alerts.md, and"
    " start it again."
)


async def acknowledge(request: Request, alert_id: UUID, note: str) -> Outcome:
    """Record that somebody works on an alert. Raises Problem 404, and 409 if it is over."""
    note = await text(request, note)
    told = Entry("alert.acknowledge", "alert", str(alert_id), reason=note)
    return await _changed(request, told, ACKNOWLEDGE, alert_id, note)


async def silence(request: Request, alert_id: UUID, until: datetime, reason: str) -> Outcome:
    """Send no message about an alert until a time. Raises Problem 404, 409 if it is over, 422 for a wrong time."""
    now = datetime.now(UTC)
    if not now < until <= now + LONGEST:
        raise invalid(("until", "give a time in the future, within 30 days"))
    reason = await text(request, reason)
    told = Entry("alert.silence", "alert", str(alert_id), after={"until": until.isoformat()}, reason=reason)
    return await _changed(request, told, "select flow.alert_silence($1, $2, $3, $4, $5)", alert_id, until, reason)


async def unsilence(request: Request, alert_id: UUID) -> Outcome:
    """End a silence. Raises Problem 404."""
    told = Entry("alert.unsilence", "alert", str(alert_id))
    return await _changed(request, told, "select flow.alert_unsilence($1, $2, $3)", alert_id)


async def test(request: Request, notifier: str) -> UUID:
    """Have the alert engine send a test; return the message's id. Raises Problem 404 for a notifier it has not."""
    services: Services = request.state.services
    known = await notifiers(services)
    if notifier not in known:
        there = f"There are: {', '.join(known)}." if known else NONE
        raise Problem("not-found", f"There is no notifier '{notifier[:80]}'. {there}")
    made, language = uuid4(), await _language(services)
    title, said = trial.said(request.state.principal.name, speech(language))
    body = {
        "message_id": str(made),
        "title": title,
        "severity": "info",
        "items": [],
        "count": 0,
        "text": said,
        "link": "",
        "language": language,
    }
    async with audited(request) as telling:
        await telling.db.execute(
            "select flow.alert_test($1, $2, $3, $4, $5)",
            made,
            notifier,
            orjson.dumps(body).decode(),
            request.state.request_id,
            request.state.principal.name,
        )
        telling.tell(Entry("alert.test", "notifier", notifier))
    services.publishing.wake()
    return made


async def harm(services: Services, alert: Alert) -> Harm | None:
    """Return what was late or failed in the whole system while an alert lasted; None if that is unknown.

    The counts are the same for every caller, as those of objectives are: they name no plan.
    """
    # the engine counts likewise: from the finding's beginning, if it is known
    began = min(alert.opened_at, alert.since) if alert.since else alert.opened_at
    return await during(services.pool, began, alert.resolved_at or datetime.now(UTC))


async def notifiers(services: Services) -> list[str]:
    """Return the notifiers that the alert engines report; no other process knows them."""
    engines = [one for one in await processes(services.pool) if one.role == "alerts" and one.connected]
    return sorted({str(name) for one in engines for name in one.progress.get("notifiers", ())})


async def _language(services: Services) -> str:
    """Return the language of messages, as the alert engines say: that of the active one, where they differ."""
    engines = [one for one in await processes(services.pool) if one.role == "alerts" and one.connected]
    engines.sort(key=lambda one: one.progress.get("state") != "active")
    told = [str(one.progress["language"]) for one in engines if "language" in one.progress]
    return next((one for one in told if one in LANGUAGES), DEFAULT)


async def alone(services: Services) -> bool:
    """Return whether nobody else is told when no one acknowledges an alert, as the alert engines say."""
    engines = [one for one in await processes(services.pool) if one.role == "alerts" and one.connected]
    return bool(engines) and all(one.progress.get("alone") for one in engines)


async def _changed(request: Request, told: Entry, statement: str, alert_id: UUID, *arguments: object) -> Outcome:
    services: Services = request.state.services
    actor, request_id = request.state.principal.name, request.state.request_id
    async with audited(request) as telling:
        outcome: str = await telling.db.fetchval(statement, alert_id, *arguments, request_id, actor)
        telling.tell(replace(told, outcome=outcome))
    if outcome == "not_found":
        raise not_found("alert", f"'{alert_id}'")
    if outcome == "resolved":
        raise Problem("wrong-status", "This alert is over.", currentStatus="resolved", actions=[])
    services.publishing.wake()
    return "accepted" if outcome == "accepted" else "unchanged"
