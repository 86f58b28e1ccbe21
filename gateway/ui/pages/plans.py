"""`/plans`: the list, and the form to upload to it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.shapes.recovery import MOST
from gateway.ui import figures, lists, signed_in
from gateway.ui.rendering import go, render
from gateway.ui.words import system_words
from gateway.uploads.upload_team import open_teams
from projections.plans import reads as plans
from projections.reads import operations, paging, teams
from schemas.lifecycle import PlanStatus
from schemas.phase1 import ORIGINS, Origin

PAGE = 25


async def show(request: Request) -> Response:
    """Show a page of plans by the filters in the URL."""
    view = lists.of_plans(request.query_params)
    try:
        page = await plans.find(
            request.state.services.shown,
            wanted(request, view),
            sort=view.sort or plans.DEFAULT_ORDER,
            cursor=view.cursor or None,
            limit=PAGE,
            count=True,
            most=paging.COUNTED,
        )
    except paging.BadCursor:
        return go(request, view.url())
    overview = await figures.current(request)
    stalled_count = sum((await figures.verdict(request)).snapshot.operations.stalled_by_cause.values())
    listed = [plan.plan_id for plan in page.items]
    return await render(
        request,
        "plans.html",
        view=view,
        page=page,
        overview=overview,
        states=tuple(PlanStatus),
        stalled_count=stalled_count,
        stalls=await operations.stalls_of(request.state.services.shown, listed) if stalled_count else {},
        origins=ORIGINS,
        teams=(known := await teams.every(request.state.services.shown)),
        uploads_for=await upload_choice(request, known),
        words=system_words,
        most_recovered=MOST,
        may_move=[one for one in known if not one.closed] if signed_in.may_administer(request) else [],
        may_operate=signed_in.may_operate(request),
        upload_open="upload" in request.query_params or not overview.plans,
    )


async def upload_choice(request: Request, known: list[teams.Team]) -> dict[str, str]:
    """Return the teams that the reader can choose among for an upload, id -> name; none where there is no choice."""
    principal = request.state.principal
    if not known:
        return {}
    there = await open_teams(request.state.services, principal.teams, any_team=not principal.confined)
    return there if len(there) > 1 or not principal.confined else {}


def origins_of(chosen: str) -> tuple[Origin, ...]:
    """Return the origin that a choice stands for; none where nothing is chosen."""
    return tuple(one for one in ORIGINS if one == chosen)


def wanted(request: Request, view: lists.ListView) -> plans.PlanFilter:
    """Return the filter that the URL asks for."""
    return plans.PlanFilter(
        statuses=(view.status,) if view.status else (),
        channels=(view.channel,) if view.channel else (),
        priorities=(view.priority,) if view.priority else (),
        q=view.q,
        undecided_s=request.state.services.settings.decision_due_s if view.overdue else None,
        partial=bool(view.partial),
        teams=(view.team,) if view.team else (),
        stalled=bool(view.stalled),
        next_phase=bool(view.next),
        origins=origins_of(view.origin),
    )
