"""The history of jobs: each attempt of a plan, or what failed and was made again everywhere."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.client import PLANS
from gateway.cli.commands.options import All, Limit, split
from gateway.cli.ids import plan_id
from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views import attempts as view

ATTEMPTS = "/api/attempts"
_NOTHING = {"done": "Nothing has ended well yet.", "dead": "Nothing has failed for good."}


def register(app: typer.Typer) -> None:
    app.command("attempts")(attempts)


def attempts(
    context: typer.Context,
    identity: Annotated[
        str, typer.Argument(metavar="[ID]", help="A plan: its id, or its first characters.", show_default=False)
    ] = "",
    code: Annotated[list[str] | None, typer.Option("--code", help="Cause of the failure; without a plan.")] = None,
    group: Annotated[list[str] | None, typer.Option("--group", help="Consumer group; without a plan.")] = None,
    outcome: Annotated[
        str,
        typer.Option("--outcome", help="failed (and made again), `dead` (for good) or done; only without a plan."),
    ] = "failed",
    limit: Limit = 20,
    every: All = False,
    as_json: Json = False,
) -> None:
    """List each attempt of a plan with its outcome; without a plan, those of all plans that failed and were made again.

    The latest first. What failed and was made again is kept for 90 days. What failed for good (a channel, a task, a
    dead letter) is listed with `--outcome dead`.

    --json: {"items": [{job, subject, number, outcome, beganAt, endedAt, seconds, by, code, reason, recordId}, ...]} of
    a plan, else {"items": [{outcome, job, subject, attempt, beganAt, at, seconds, by, recordId, replay, group, key,
    type, code, errorClass, message}, ...]}.
    """
    terminal = terminal_of(context, as_json)
    if identity:
        found = terminal.client.get(f"{PLANS}/{plan_id(terminal.client, identity)}/attempts")
        terminal.show(found, lambda: view.of_plan(found["items"]))
        if not found["items"]:
            terminal.note("Nothing was tried yet.")
        return
    params = {"outcome": outcome, "code": split(code), "group": split(group)}
    rows = list(terminal.client.pages(ATTEMPTS, params, None if every else limit))
    terminal.show({"items": rows}, lambda: view.done(rows) if outcome == "done" else view.failed(rows))
    if not rows:
        terminal.note(_NOTHING.get(outcome, "Nothing had to be tried again."))
