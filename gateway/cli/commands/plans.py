"""See plans: a list, one of them, its history."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from gateway.cli.client import PLANS
from gateway.cli.commands.options import (
    All,
    Channels,
    Id,
    Language,
    Limit,
    Origins,
    Overdue,
    Priorities,
    Search,
    Told,
    Watch,
    split,
)
from gateway.cli.commands.teams import team_id
from gateway.cli.commands.watching import watch
from gateway.cli.ids import plan_id
from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views import plan as plan_view
from gateway.cli.views import tables, timeline
from schemas.lifecycle import PlanStatus


class PlanOrder(StrEnum):
    NEWEST = "-uploadedAt"
    OLDEST = "uploadedAt"
    CHANGED = "-changedAt"
    TITLE = "title"
    PRIORITY = "priority"


def register(app: typer.Typer) -> None:
    app.command("plans")(plans)
    app.command("show")(show)
    app.command("history")(history)


def plans(
    context: typer.Context,
    status: Annotated[
        list[PlanStatus] | None, typer.Option("--status", "-s", help="Several times for several.")
    ] = None,
    channel: Channels = None,
    priority: Priorities = None,
    search: Search = "",
    overdue: Overdue = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="Only plans of which not every channel was analysed.")
    ] = False,
    stalled: Annotated[
        bool, typer.Option("--stalled", help="Only plans that stand still: they missed a deadline of the system.")
    ] = False,
    next_phase: Annotated[
        bool, typer.Option("--next-phase", help="Only plans whose next phase waits for a person.")
    ] = False,
    origin: Origins = None,
    team: Annotated[str, typer.Option(help="Only plans of this team: its name or id.")] = "",
    sort: Annotated[PlanOrder, typer.Option(help="The order of the rows.")] = PlanOrder.NEWEST,
    limit: Limit = 20,
    every: All = False,
    live: Watch = False,
    as_json: Json = False,
) -> None:
    """List plans, newest first.

    --json: {"items": [plan, ...]} as the API gives them.
    """
    terminal = terminal_of(context, as_json)
    params = {
        "status": split(status),
        "channel": split(channel),
        "priority": split(priority),
        "q": search,
        "overdue": "true" if overdue else "",
        "partial": "true" if partial else "",
        "stalled": "true" if stalled else "",
        "nextPhase": "true" if next_phase else "",
        "origin": split(origin),
        "team": team_id(terminal, team, "/api/teams/mine") if team else "",
        "sort": sort.value,
    }

    def rows() -> list[dict[str, object]]:
        return list(terminal.client.pages(PLANS, params, None if every else limit))

    if live:
        watch(terminal, lambda: tables.plans(rows()))
        return
    found = rows()
    terminal.show({"items": found}, lambda: tables.plans(found))
    if not found:
        terminal.note("No plan fits. Upload a document: marketplace upload FILE --channel shopee")


def show(context: typer.Context, identity: Id, language: Told = Language.ENGLISH, as_json: Json = False) -> None:
    """Show a plan: its opportunities, its phases, and the commands that it takes now.

    --json: the plan as the API gives it.
    """
    terminal = terminal_of(context, as_json)
    found = terminal.client.get(f"{PLANS}/{plan_id(terminal.client, identity)}", {"language": language.value})
    terminal.show(found, lambda: plan_view.plan(found))


def history(context: typer.Context, identity: Id, as_json: Json = False) -> None:
    """Show every event of a plan and of its tasks.

    --json: {"items": [event, ...]}, oldest first.
    """
    terminal = terminal_of(context, as_json)
    path = f"{PLANS}/{plan_id(terminal.client, identity)}/events"
    events = list(terminal.client.pages(path, {}, None))
    terminal.show({"items": events}, lambda: timeline.timeline(events))
