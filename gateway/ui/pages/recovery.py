"""Plans that stand still: one is recovered at once or moved on from its page, many are recovered from their list."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import get_args
from uuid import UUID

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from gateway.operations.recovering import SAYS_WHY, How, Recovered, ask_recovery, recover_stalled, recover_these
from gateway.problems.problem import Problem, invalid
from gateway.shapes.recovery import MOST
from gateway.ui import flash, forms, lists
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import ngettext
from gateway.ui.lists import ListView
from gateway.ui.pages import plans
from gateway.ui.rendering import go
from projections.plans import reads as all_plans
from projections.plans.reads import PlanSummary
from projections.reads.paging import COUNTED, Page, every
from schemas.channels import CHANNELS


async def ask(request: Request, plan_id: UUID) -> Response:
    """Request the recovery, and go back to the plan."""
    form = await forms.begin(request)
    back = forms.back(form, f"/plans/{plan_id}")
    wanted = forms.text(form, "how", 20)
    how: How | None = next((one for one in get_args(How) if one == wanted), None)
    channel, reason = forms.text(form, "channel", 40), forms.text(form, "reason")
    if how is None or (channel and channel not in CHANNELS):
        raise invalid(("how", f"is one of {', '.join(get_args(How))}, channel one of the plan's"))
    if how == SAYS_WHY and not reason:
        return go(request, back, flash.Flash("fail", _("Say why: everyone who opens the plan reads it.")))
    try:
        outcome = await ask_recovery(request, plan_id, how, [channel] if channel else [], reason)
    except Problem as problem:
        if problem.kind != "wrong-status":
            raise
        return go(request, back, flash.Flash("info", _("The plan waits for nothing any more: it has moved on.")))
    if outcome == "unchanged":
        return go(request, back, flash.Flash("info", _("That was asked for before: it is about to begin.")))
    return go(request, back, flash.Flash("done", _("Asked for. It begins within a second, and the timeline tells on.")))


async def ask_many(request: Request) -> Response:
    """Request the recovery of the selected plans, or of all stalled ones that fit the filter; go back to the list."""
    form = await forms.begin(request)
    view = lists.of_plans(QueryParams([(n, v) for n, v in form.multi_items() if isinstance(v, str)]))
    back = forms.back(form, "/plans?stalled=1")
    reason = forms.text(form, "reason")
    ids = forms.ids(form, MOST)
    if forms.text(form, "all"):
        done = await recover_stalled(request, reason, await _among(request, view))
    elif ids:
        done = await recover_these(request, ids, reason)
    else:
        return go(request, back, flash.Flash("fail", _("Nothing was selected.")))
    return go(request, back, _said_of_many(done))


async def _among(request: Request, view: ListView) -> list[UUID] | None:
    """Return the stalled plans of a filter; None where it narrows nothing else."""
    if view.asked().keys() <= {"stalled", "sort"}:
        return None
    wanted, pool = plans.wanted(request, replace(view, stalled="1")), request.state.services.shown

    async def find(cursor: str | None, limit: int) -> Page[PlanSummary]:
        return await all_plans.find(pool, wanted, cursor=cursor, limit=limit)

    return [plan.plan_id async for plan in every(find, COUNTED)]


def _said_of_many(done: Recovered) -> flash.Flash:
    counts = Counter(done.outcomes.values())
    text = ngettext(
        "Asked for the recovery of %(n)s plan.", "Asked for the recovery of %(n)s plans.", counts["accepted"]
    )
    if counts["unchanged"]:
        text += " " + ngettext("%(n)s was asked for before.", "%(n)s were asked for before.", counts["unchanged"])
    if gone := counts["not_waiting"] + counts["not_found"]:
        text += " " + ngettext("%(n)s waits for nothing any more.", "%(n)s wait for nothing any more.", gone)
    if done.left:
        text += " " + ngettext("%(n)s is left: ask once more.", "%(n)s are left: ask once more.", done.left)
    return flash.Flash("done" if counts["accepted"] else "info", text)
