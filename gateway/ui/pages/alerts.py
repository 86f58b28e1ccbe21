"""`/alerts`: what is told outside, where it went and whether it arrived; acknowledge, silence, test."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from gateway.operations import alerting
from gateway.problems.problem import Problem, not_found
from gateway.settings import notifier_setting
from gateway.ui import figures, flash, forms, i18n, preferences, signed_in
from gateway.ui.formats import SPEECH
from gateway.ui.i18n import gettext as _
from gateway.ui.rendering import go, render
from gateway.ui.words import alert_words, consequence_words, own_words, sentences
from gateway.ui.words.fixes import fix_of
from gateway.verdict import runbooks
from gateway.verdict.families import key_of
from gateway.verdict.kinds import Kind
from gateway.verdict.words import harm
from projections.reads import alerts, paging

PATH: Final = "/alerts"
PAGE: Final = 50
#: Seconds that the page waits for the result of a test, and between two checks. Most receivers answer within a second.
TEST_S: Final = 4.0
LOOK_S: Final = 0.2
#: The times for which the page can silence an alert, in seconds.
SILENCES_S: Final = (1800, 3600, 4 * 3600, 86_400, 7 * 86_400)


async def show(request: Request) -> Response:
    """Show the alerts that are not over or, by the filter, those of one state, the latest first."""
    i18n.use(preferences.read(request).language)
    status = request.query_params.get("status", "")
    states = (status,) if status in alerts.STATES else alerts.GOING
    cursor = request.query_params.get("cursor", "")[:2000]
    services = request.state.services
    try:
        page = await alerts.find(services.shown, states, cursor=cursor or None, limit=PAGE)
    except paging.BadCursor:
        return go(request, PATH)
    verdict = await figures.verdict(request)
    return await render(
        request,
        "alerts.html",
        page=page,
        chosen=status if status in alerts.STATES else "",
        states=alerts.STATES,
        cursor=cursor,
        words=alert_words,
        notifiers=await alerting.notifiers(services),
        unheard=sentences.of_kind(verdict, Kind.ALERTS_UNHEARD),
        engine_works=verdict.snapshot.operations.engines,
        seen_now={key_of(finding) for finding in verdict.findings},
        silences=SILENCES_S,
        silenced=await alerts.silences(services.shown, over=True),
        consequence=consequence_words,
        may_operate=signed_in.may_operate(request),
    )


async def show_one(request: Request, alert_id: UUID) -> Response:
    """Show an alert, with every attempt to tell of it."""
    i18n.use(preferences.read(request).language)
    found = await alerts.get(request.state.services.shown, alert_id)
    if found is None:
        raise not_found("alert", f"'{alert_id}'")
    verdict = await figures.verdict(request)
    may_operate = signed_in.may_operate(request)
    seen = next((finding for finding in verdict.findings if key_of(finding) == found.key), None)
    mends = may_operate and found.state != "resolved"
    return await render(
        request,
        "alert.html",
        alert=found,
        fix=fix_of(seen, verdict.snapshot.operations) if mends and seen is not None else None,
        harm=await _harm(request, found),
        words=alert_words,
        runbook_page=runbooks.address,
        setting_of=notifier_setting,
        engine_works=verdict.snapshot.operations.engines,
        seen_now={key_of(finding) for finding in verdict.findings},
        silences=SILENCES_S,
        consequence=consequence_words,
        may_operate=may_operate,
    )


async def _harm(request: Request, alert: alerts.Alert) -> str:
    """Say what was late or failed while an alert lasted, or lasts; "" for an alert without a count."""
    if not harm.counted(alert.kind):
        return ""
    found = await alerting.harm(request.state.services, alert)
    return harm.said(found, alert.kind, alert.subject, SPEECH, over=alert.state == "resolved")


async def act(request: Request, alert_id: UUID, action: str) -> Response:
    """Acknowledge an alert, silence it, or end its silence."""
    form = await forms.begin(request)
    back = forms.back(form, f"{PATH}/{alert_id}")
    try:
        outcome, text = await _done(request, form, alert_id, action)
    except Problem as problem:
        if problem.kind != "wrong-status":
            raise
        return go(request, back, flash.Flash("info", _("It is over: there is nothing to do any more.")))
    figures.forget(request)
    if not outcome:
        return go(request, back, flash.Flash("fail", text))
    said = flash.Flash("done", text)
    if outcome == "unchanged":
        said = flash.Flash("info", _("That was done before: nothing changed."))
    return go(request, back, said)


async def _done(request: Request, form: FormData, alert_id: UUID, action: str) -> tuple[str, str]:
    """Return the outcome of an action, "" for an invalid form, and the message about it."""
    if action == "acknowledge":
        outcome = await alerting.acknowledge(request, alert_id, forms.text(form, "note"))
        return outcome, _("You see to it: nobody else is called.")
    if action == "unsilence":
        return await alerting.unsilence(request, alert_id), _("Its silence is over.")
    if action != "silence":
        raise not_found("action", action[:40])
    reason, seconds = forms.text(form, "reason"), forms.text(form, "for")
    if not reason:
        return "", _("Say why: everybody sees it.")
    if seconds not in {str(length) for length in SILENCES_S}:
        return "", _("Choose for how long.")
    until = datetime.now(UTC) + timedelta(seconds=int(seconds))
    return await alerting.silence(request, alert_id, until, reason), _("Silenced: nobody is told of it until then.")


async def try_notifier(request: Request) -> Response:
    """Have a notifier send a test."""
    form = await forms.begin(request)
    name = forms.text(form, "notifier", 60)
    made = await alerting.test(request, name)
    return go(request, PATH, _of_test(name, await _tried(request, made)))


async def _tried(request: Request, made: UUID) -> alerts.Sent:
    """Return a test once its receiver has answered, or in its state after `TEST_S`."""
    until = time.monotonic() + TEST_S
    while True:
        found = await alerts.message(request.state.services.shown, made)
        assert found is not None, "it was put there just now"
        failed = any(one.outcome == "failed" for one in found.tries)
        if found.state != "waiting" or failed or time.monotonic() > until:
            return found
        await asyncio.sleep(LOOK_S)


def _of_test(name: str, found: alerts.Sent) -> flash.Flash:
    answer = own_words.said(found.tries[-1].detail).text if found.tries else ""
    if found.state == "sent":
        return flash.Flash("done", _("The test by %(name)s arrived: %(answer)s", name=name, answer=answer))
    if not answer:
        return flash.Flash("info", _("A test is on its way by %(name)s.", name=name))
    said = _("The test by %(name)s did not arrive: %(why)s.", name=name, why=answer)
    if setting := notifier_setting(name):
        said += " " + _("See %(setting)s of the alert engine, and start it again if you change it.", setting=setting)
    return flash.Flash("fail", said)
