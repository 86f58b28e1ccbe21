"""`/system`: processes, breakers, flags, stalled plans, and the recovery log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from gateway.operations.ending import end_process
from gateway.operations.switching import act_on_breaker, switch_flag
from gateway.problems.problem import not_found
from gateway.shapes.operations import BreakerAction
from gateway.ui import figures, flash, forms, i18n, preferences, signed_in
from gateway.ui.flow import FRESH, flow
from gateway.ui.flow_picture import pictures, title_lines
from gateway.ui.i18n import gettext as _
from gateway.ui.incidents import incidents
from gateway.ui.rendering import go, render
from gateway.ui.words import consequence_words, sentences, system_words
from gateway.ui.words.sentence import Sentence
from projections.reads import history
from projections.reads.draining import draining
from projections.reads.ended import LATELY_S
from projections.reads.operations import Breaker
from projections.recoveries import reads as recoveries
from schemas.flags import Flag

PATH: Final = "/system"
#: The most steps of the recovery log that are read: three or four make an incident.
STEPS: Final = 100
INCIDENTS: Final = 25
#: What a breaker of one plan is called, before the plan's id.
OF_PLAN: Final = "plan:"
#: The times for which the page can hold calls back, in seconds, besides until a reset.
HOLDS_S: Final = (600, 1800, 3600, 4 * 3600)


async def show(request: Request) -> Response:
    """Show the system as it is now."""
    i18n.use(preferences.read(request).language)
    verdict = await figures.verdict(request)
    running = verdict.snapshot.operations
    minutes = await history.minutes(request.state.services.shown, verdict.as_of - FRESH, verdict.as_of)
    flowing, may_operate = flow(verdict, minutes), signed_in.may_operate(request)
    log = await recoveries.find(request.state.services.shown, limit=STEPS)
    return await render(
        request,
        "system.html",
        sentence=_here(sentences.of_verdict(verdict)),
        needs=sentences.needs(verdict, may_operate=may_operate),
        notes=sentences.notes(verdict),
        running=running,
        alone={role: n == 1 for role, n in Counter(p.role for p in running.processes if p.connected).items()},
        draining=draining(running, verdict.as_of),
        taking_in=Flag.QUEUE_PROCESSING,
        overview=verdict.snapshot.overview,
        as_of=verdict.as_of,
        analysed_s=LATELY_S,
        database_limit=verdict.snapshot.database_limit,
        database_s=verdict.snapshot.database_s,
        flow=flowing,
        pictures=pictures(flowing),
        title_lines=title_lines,
        log=incidents(log.items)[:INCIDENTS],
        breakers=by_kind(running.breakers),
        roles_missing=running.missing_roles,
        words=system_words,
        consequence=consequence_words,
        holds=HOLDS_S,
        may_operate=may_operate,
    )


async def says(request: Request) -> Response:
    """Show the frame's one line alone: a page that is not read again by itself keeps it true with that."""
    return await render(request, "system_says.html")


@dataclass(frozen=True, slots=True)
class Breakers:
    """Breakers as the page shows them: what holds something back, those of plans that do, and the closed ones, folded.

    A plan's own breaker that is closed is no news.
    """

    acting: list[Breaker]
    of_plans: list[Breaker]
    closed: list[Breaker]


def by_kind(breakers: Sequence[Breaker]) -> Breakers:
    """Return breakers by what the page does with them."""
    own = [b for b in breakers if not b.name.startswith(OF_PLAN)]
    return Breakers(
        [b for b in own if b.state != "closed"],
        [b for b in breakers if b.name.startswith(OF_PLAN) and b.state != "closed"],
        [b for b in own if b.state == "closed"],
    )


def _here(said: Sentence) -> Sentence:
    """Return no way if it would lead to this page."""
    return replace(said, link="", action="") if said.link == PATH else said


async def breaker(request: Request) -> Response:
    """Open or close a breaker."""
    form = await forms.begin(request)
    name, action = forms.text(form, "name", 200), forms.text(form, "action")
    if action == "trip":
        for_s = forms.text(form, "for")
        wanted = BreakerAction.model_validate_strings(
            {
                "name": name,
                "action": action,
                "reason": forms.text(form, "reason"),
                **({"forSeconds": for_s} if for_s else {}),
            }
        )
        outcome = await act_on_breaker(request, name, "trip", wanted.reason, wanted.for_seconds)
    elif action == "reset":
        outcome = await act_on_breaker(request, name, "reset", forms.text(form, "reason"))
    else:
        raise not_found("action", action[:40])
    text = _("Opened: its calls are held back.") if action == "trip" else _("Closed: its calls go again.")
    return _answer(request, form, outcome, text)


async def flag(request: Request) -> Response:
    """Switch a feature on or off."""
    form = await forms.begin(request)
    name, state = forms.text(form, "name", 200), forms.text(form, "state")
    if state not in {"on", "off"}:
        raise not_found("state", state[:40])
    outcome = await switch_flag(request, name, enabled=state == "on", reason=forms.text(form, "reason"))
    title, _meaning = system_words.flag(name)
    text = _("%(what)s: switched on.", what=title) if state == "on" else _("%(what)s: switched off.", what=title)
    return _answer(request, form, outcome, text)


async def process(request: Request) -> Response:
    """Ask a process to end in order, so that its supervisor starts it again."""
    form = await forms.begin(request)
    outcome = await end_process(request, forms.text(form, "name", 200), forms.text(form, "reason"))
    return _answer(request, form, outcome, _("It ends what it has begun, and begins anew."))


def _answer(request: Request, form: FormData, outcome: str, text: str) -> Response:
    figures.forget(request)
    said = flash.Flash("done", text)
    if outcome == "unchanged":
        said = flash.Flash("info", _("That was done before: nothing changed."))
    return go(request, forms.back(form, PATH), said)
