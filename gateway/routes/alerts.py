"""Alerts: what is told outside, where it went and whether it arrived; acknowledge, silence, test."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.door import Operation, resource
from gateway.operations import alerting
from gateway.problems.problem import not_found
from gateway.routes.answers import json_answer
from gateway.shapes.alerts import (
    Acknowledgement,
    AlertChanged,
    AlertPage,
    AlertQuery,
    AlertShape,
    HarmShape,
    NotifierTest,
    NotifierTested,
    SentShape,
    Silence,
    SilencePage,
    SilenceQuery,
)
from gateway.verdict.words import harm as words
from projections.reads import alerts

ERRORS: Final = ("bad-request", "not-found", "too-large", "unsupported-media-type", "invalid")
ACTION_ERRORS: Final = (*ERRORS, "wrong-status")


def routes() -> list[BaseRoute]:
    operate = Role.OPERATOR
    return [
        resource("/api/alerts", GET=Operation(find, Role.VIEWER, "reads", AlertPage, errors=("invalid",))),
        resource(
            "/api/alerts/silences", GET=Operation(silences, Role.VIEWER, "reads", SilencePage, errors=("invalid",))
        ),
        resource("/api/alerts/test", POST=Operation(test, operate, "commands", NotifierTested, 202, ERRORS)),
        resource(
            "/api/alerts/messages/{message_id}",
            GET=Operation(message, Role.VIEWER, "reads", SentShape, errors=("not-found",)),
        ),
        resource(
            "/api/alerts/{alert_id}", GET=Operation(read, Role.VIEWER, "reads", AlertShape, errors=("not-found",))
        ),
        resource(
            "/api/alerts/{alert_id}/acknowledge",
            POST=Operation(acknowledge, operate, "commands", AlertChanged, 200, ACTION_ERRORS),
        ),
        resource(
            "/api/alerts/{alert_id}/silence",
            POST=Operation(silence, operate, "commands", AlertChanged, 200, ACTION_ERRORS),
            DELETE=Operation(unsilence, operate, "commands", AlertChanged, 200, ("not-found",)),
        ),
    ]


async def find(request: Request, query: AlertQuery) -> Response:
    """List alerts, the latest first; those that are over with `state=resolved`."""
    pool = request.state.services.shown
    page = await alerts.find(pool, query.state, cursor=query.cursor, limit=query.limit)
    return json_answer(AlertPage.model_validate(page))


async def read(request: Request, alert_id: UUID) -> Response:
    """Read an alert, with every attempt to tell of it."""
    found = await alerts.get(request.state.services.shown, alert_id)
    if found is None:
        raise not_found("alert", f"'{alert_id}'")
    shape = AlertShape.model_validate(found)
    if words.counted(found.kind):
        harm = await alerting.harm(request.state.services, found)
        text = words.said(harm, found.kind, found.subject, over=found.state == "resolved")
        told = None if harm is None else HarmShape(text=text, **asdict(harm))
        shape = shape.model_copy(update={"harm": told})
    return json_answer(shape)


async def acknowledge(request: Request, alert_id: UUID, body: Acknowledgement) -> Response:
    """Say that somebody works on an alert: it is not escalated. The message that it is over is still sent."""
    outcome = await alerting.acknowledge(request, alert_id, body.note)
    return json_answer(AlertChanged(alert_id=alert_id, outcome=outcome))


async def silence(request: Request, alert_id: UUID, body: Silence) -> Response:
    """Send no message about an alert until a time. If it still goes on then, a message is sent."""
    until = body.until or datetime.now(UTC) + timedelta(seconds=body.for_seconds or 0.0)
    outcome = await alerting.silence(request, alert_id, until, body.reason)
    return json_answer(AlertChanged(alert_id=alert_id, outcome=outcome))


async def silences(request: Request, query: SilenceQuery) -> Response:
    """List the silences that go on, also those of alerts that are over."""
    page = await alerts.silences(request.state.services.shown, cursor=query.cursor, limit=query.limit)
    return json_answer(SilencePage.model_validate(page))


async def unsilence(request: Request, alert_id: UUID) -> Response:
    """End a silence before its time."""
    outcome = await alerting.unsilence(request, alert_id)
    return json_answer(AlertChanged(alert_id=alert_id, outcome=outcome))


async def test(request: Request, body: NotifierTest) -> Response:
    """Have the alert engine send a test message to one of its notifiers, such as slack."""
    made = await alerting.test(request, body.notifier)
    escalates = not await alerting.alone(request.state.services)
    return json_answer(NotifierTested(message_id=made, notifier=body.notifier, escalates=escalates), 202)


async def message(request: Request, message_id: UUID) -> Response:
    """Read what has become of a test."""
    found = await alerts.message(request.state.services.shown, message_id)
    if found is None:
        raise not_found("message", f"'{message_id}'")
    return json_answer(SentShape.model_validate(found))
