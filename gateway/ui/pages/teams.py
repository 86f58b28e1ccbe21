"""`/teams`: whose plans who sees; a team is made, renamed, filled, emptied, or closed."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Final, TypeVar
from uuid import UUID

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from gateway.access.teams import Moves
from gateway.operations import teams
from gateway.problems.problem import Problem
from gateway.services.services import Services
from gateway.shapes.teams import MemberWanted, PlanMove, PlanMoves, TeamWanted
from gateway.ui import flash, forms, i18n, preferences
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import ngettext
from gateway.ui.once import No, told, tried
from gateway.ui.problems import in_words
from gateway.ui.rendering import go, render

T = TypeVar("T")
PATH = "/teams"
#: What the form calls no team.
NO_TEAM = "none"
#: Selected plans in one go: more than a page has.
BULK_LIMIT: Final = 200


async def show(request: Request) -> Response:
    """Show the teams, who is in them, and the closed ones, folded."""
    services: Services = request.state.services
    every = await services.access.teams.all()
    people = await services.access.people.known()
    keys = [one for one in await services.access.keys.all() if not (one.revoked_at or one.over or one.person)]
    return await render(
        request,
        "teams.html",
        teams=[one for one in every if one.closed_at is None],
        closed=[one for one in every if one.closed_at is not None],
        people=[(handle, one.name) for handle, one in people.items() if not one.ended],
        keys=[(one.key_id, one.name) for one in keys],
        seeing_all=await services.access.teams.seeing_all() if every else 0,
    )


async def make(request: Request) -> Response:
    """Make a team."""
    form = await forms.begin(request)
    wanted = {"name": forms.text(form, "name", 200)}
    return await _done(request, _making(request, wanted), _("The team is here: put people into it."))


async def rename(request: Request, team_id: UUID) -> Response:
    """Give a team another name."""
    form = await forms.begin(request)
    return await _done(request, _renaming(request, team_id, forms.text(form, "name", 200)), _("Changed."))


async def close(request: Request, team_id: UUID) -> Response:
    """Close a team."""
    i18n.use(preferences.read(request).language)
    said = _("Closed: it takes no more plans and people.")
    return await _done(request, teams.close(request, team_id), said)


async def add(request: Request, team_id: UUID) -> Response:
    """Put a person or a key into a team."""
    form = await forms.begin(request)
    kind, _sep, member = forms.text(form, "member", 200).partition(":")
    return await _done(request, _adding(request, team_id, {kind: member}), _said())


async def remove(request: Request, team_id: UUID) -> Response:
    """Take a person or a key out of a team."""
    form = await forms.begin(request)
    kind, _sep, member = forms.text(form, "member", 200).partition(":")
    return await _done(request, teams.remove(request, team_id, kind, member), _said())


async def move(request: Request, plan_id: UUID) -> Response:
    """Give a plan to another team, or to none."""
    form = await forms.begin(request)
    # one that names no team at all was not made by the page: it gives the plan to nobody, so not to everybody either
    named = {"team": forms.text(form, "team", 60) or None} if "team" in form else {}
    wanted = {**named, "reason": forms.text(form, "reason")}
    moved = await tried(_moving(request, plan_id, wanted), _why)
    return go(request, forms.back(form, f"/plans/{plan_id}"), told(moved, _("The plan was moved.")))


async def move_many(request: Request, team_id: UUID) -> Response:
    """Give the plans of a team to another one, or to none."""
    form = await forms.begin(request)
    wanted = {**_chosen(form), "ofTeam": str(team_id), "reason": forms.text(form, "reason")}
    moved = await tried(_moving_many(request, wanted), _why)
    if isinstance(moved, No):
        return go(request, PATH, flash.Flash("fail", moved.text))
    said = _moved(moved)
    if moved.left:
        said += " " + ngettext("%(n)s is left: move once more.", "%(n)s are left: move once more.", moved.left)
    return go(request, PATH, flash.Flash("done", said))


async def move_selected(request: Request) -> Response:
    """Give the selected plans to another team, or to none."""
    form = await forms.begin(request)
    back, ids = forms.back(form, "/plans"), forms.ids(form, BULK_LIMIT)
    if not ids:
        return go(request, back, flash.Flash("fail", _("Nothing was selected.")))
    # the form's "reason" is that of the rejection
    wanted: dict[str, object] = {
        **_chosen(form),
        "planIds": [str(one) for one in ids],
        "reason": forms.text(form, "why"),
    }
    moved = await tried(_moving_many(request, wanted), _why)
    if isinstance(moved, No):
        return go(request, back, flash.Flash("fail", moved.text))
    return go(request, back, flash.Flash("done", _moved(moved)))


def _chosen(form: FormData) -> dict[str, str | None]:
    """Return the team that was chosen. Nothing chosen is a mistake: it would show the plans to everybody."""
    chosen = forms.text(form, "team", 60)
    return {"team": None if chosen == NO_TEAM else chosen} if chosen else {}


def _moved(moved: Moves) -> str:
    return ngettext("%(n)s plan was moved.", "%(n)s plans were moved.", moved.moved)


def _said() -> str:
    return _("Changed. Here it holds at once, everywhere within 10 seconds.")


async def _making(request: Request, wanted: dict[str, str]) -> None:
    await teams.make(request, TeamWanted.model_validate(wanted))


async def _renaming(request: Request, team_id: UUID, name: str) -> None:
    await teams.rename(request, team_id, TeamWanted.model_validate({"name": name}))


async def _adding(request: Request, team_id: UUID, wanted: dict[str, str]) -> None:
    await teams.add(request, team_id, MemberWanted.model_validate(wanted))


async def _moving(request: Request, plan_id: UUID, wanted: dict[str, str | None]) -> None:
    await teams.move(request, plan_id, PlanMove.model_validate(wanted))


async def _moving_many(request: Request, wanted: Mapping[str, object]) -> Moves:
    return await teams.move_many(request, PlanMoves.model_validate(wanted))


async def _done(request: Request, doing: Awaitable[T], said: str) -> Response:
    return go(request, PATH, told(await tried(doing, _why), said))


def _why(problem: Problem) -> str:
    wrong = {str(one["path"]) for one in problem.extra.get("errors", ())}
    if "name" in wrong:
        return _("A team needs a name that no other open team has. Nothing was changed.")
    if wrong & {"person", "key", "member"}:
        return _("This person has ended meanwhile, or the key belongs to somebody now. Nothing was changed.")
    if "team" in wrong:
        return _("This team was closed meanwhile. Nothing was changed.")
    if "reason" in wrong:
        return _("Say why: it stands in the audit.")
    return in_words(problem)[1]
