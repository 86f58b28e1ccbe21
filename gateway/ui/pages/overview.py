"""`/`: whether anything is wrong, and what to do about it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.operations import objectives
from gateway.ui import figures, formats, i18n, last_hour, preferences, signed_in
from gateway.ui.pages.system import by_kind
from gateway.ui.rendering import render
from gateway.ui.words import alert_words, sentences, slo_words, system_words
from gateway.verdict.families import key_of
from projections.outcomes import reads as outcomes
from projections.plans import reads as plans
from projections.reads import alerts, operations
from projections.reads.rows import Reader
from projections.tasks import reads as tasks
from schemas.lifecycle import PlanStatus, TaskStatus

RECENT = 6
#: Open alerts that are listed, the latest first.
ALERTS = 5


async def show(request: Request) -> Response:
    """Show counts by state, the oldest that waits, recent plans and tasks."""
    db = request.state.services.shown
    i18n.use(preferences.read(request).language)
    now, hours = formats.now(), last_hour.chosen(request.query_params.get("hours", ""))
    verdict = await figures.verdict(request)
    running = verdict.snapshot.operations
    recent_plans = await plans.find(db, plans.PlanFilter(), sort="-changedAt", limit=RECENT)
    recent_tasks = await tasks.find(db, tasks.TaskFilter(), sort="-changedAt", limit=RECENT)
    return await render(
        request,
        "overview.html",
        overview=verdict.snapshot.overview,
        as_of=verdict.as_of,
        sentence=sentences.of_verdict(verdict),
        needs=sentences.needs_of_all(verdict, may_operate=signed_in.may_operate(request)),
        open_alerts=await _open_alerts(db, running.alerts_open),
        engine_works=running.engines,
        alerts_open=running.alerts_open,
        seen_now={key_of(finding) for finding in verdict.findings},
        alert_words=alert_words,
        breakers=by_kind(running.breakers),
        recent_plans=recent_plans.items,
        stalls=await operations.stalls_of(db, [plan.plan_id for plan in recent_plans.items]) if running.stalls else {},
        words=system_words,
        recent_tasks=recent_tasks.items,
        plan_states=tuple(PlanStatus),
        task_states=tuple(TaskStatus),
        hit_rates=await outcomes.hit_rates(db),
        standings=await objectives.in_short(db, now),
        slo_words=slo_words,
        last_hour=await last_hour.read(db, now, hours),
        hours=hours,
        spans=last_hour.SPANS,
        live_connected=getattr(request.state.services.live, "connected", True),
    )


async def _open_alerts(db: Reader, count: int) -> list[alerts.Alert]:
    """Return the latest of the open alerts; asks for none where there is none."""
    return (await alerts.find(db, ("open",), limit=ALERTS)).items if count else []
