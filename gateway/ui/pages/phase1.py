"""`/plans/{id}/phase1`: approve a plan with a Phase 1 of one's own. The form stands on the plan's page."""

from __future__ import annotations

from uuid import UUID

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.commands import phase1
from gateway.commands.deciding import decide
from gateway.problems.problem import Problem, not_found
from gateway.shapes.phase1 import GivenPhase1
from gateway.ui import flash, forms, landing, phase1_form, signed_in
from gateway.ui.actions import said_of
from gateway.ui.i18n import gettext as _
from gateway.ui.pages.plan import page_of
from gateway.ui.rendering import go
from projections.plans import reads as plans


async def show(_request: Request, plan_id: UUID) -> Response:
    """Redirect to the plan: after an invalid form the browser has this address."""
    return RedirectResponse(f"/plans/{plan_id}", 303)


async def approve(request: Request, plan_id: UUID) -> Response:
    """Approve with the tasks of the form; an invalid form comes back as it was written, with its mistakes."""
    form = await forms.begin(request)
    written = phase1_form.written(form)
    services, who = request.state.services, signed_in.principal(request)
    assert who is not None, "the door lets nobody in without a role"
    try:
        given = GivenPhase1.model_validate(written.document())
        data = await phase1.approval(services.shown, plan_id, "", given, who)
    except ValidationError as error:
        return await _again(request, plan_id, written, phase1_form.complaints(error.errors(include_url=False)))
    except Problem as problem:
        if problem.kind != "invalid":
            raise
        strange = [{"loc": e["path"].split(".")[1:], "type": "strange"} for e in problem.extra["errors"]]
        return await _again(request, plan_id, written, phase1_form.complaints(strange))
    answer = await decide(request, forms.asked(form), "plan.approve", plan_id, data)
    said = said_of("plan.approve", answer, seen=await landing.plan_seen(request, plan_id, answer))
    if answer.outcome in ("wrong_status", "version_mismatch") and answer.status in phase1.INSTEAD:
        advice = _("Its Phase 1 follows from an earlier approval: cancel the tasks that are not wanted.")
        said = flash.Flash(said.tone, f"{said.text} {advice}")
    return go(request, f"/plans/{plan_id}", said)


async def _again(request: Request, plan_id: UUID, written: phase1_form.Form, wrong: list[str]) -> Response:
    plan = await plans.get(request.state.services.shown, plan_id)
    if plan is None:
        raise not_found("plan", plan_id)
    return await page_of(request, plan, written=written, wrong=wrong, status=422)
