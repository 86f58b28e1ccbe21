"""The history of jobs: each attempt of a plan, or what failed and was made again everywhere."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.client import PLANS, Params
from gateway.cli.commands.options import All, Channels, Limit, split
from gateway.cli.ids import plan_id
from gateway.cli.taking import Force, How, downloaded, form_of, take
from gateway.cli.terminal import Json, terminal_of
from gateway.cli.times import moment
from gateway.cli.views import attempts as view
from gateway.exports.writing import Form

ATTEMPTS = "/api/attempts"
_NOTHING = {"done": "Nothing has ended well yet.", "dead": "Nothing has failed for good."}


def register(app: typer.Typer) -> None:
    app.command("attempts")(attempts)


#: What narrows the attempts of all plans.
Code = Annotated[list[str] | None, typer.Option("--code", help="Cause of the failure; without a plan.")]
Group = Annotated[list[str] | None, typer.Option("--group", help="Consumer group; without a plan.")]
Ended = Annotated[
    str, typer.Option("--outcome", help="failed (and made again), `dead` (for good) or done; only without a plan.")
]
Jobs = Annotated[
    list[str] | None, typer.Option("--job", help="analysis, phase1, task or other; several times. Without a plan.")
]
Since = Annotated[
    str,
    typer.Option("--since", parser=moment, metavar="TIME", help="Ended at or after this time, or 1h for so long ago."),
]
Until = Annotated[str, typer.Option("--until", parser=moment, metavar="TIME", help="Ended before this time.")]
File = Annotated[
    str, typer.Option("--file", help="Write all with this outcome to this file: .csv, .xlsx; also of one plan.")
]


def attempts(
    context: typer.Context,
    identity: Annotated[
        str, typer.Argument(metavar="[ID]", help="A plan: its id, or its first characters.", show_default=False)
    ] = "",
    code: Code = None,
    group: Group = None,
    outcome: Ended = "failed",
    job: Jobs = None,
    channel: Channels = None,
    since: Since = "",
    until: Until = "",
    limit: Limit = 20,
    every: All = False,
    file: File = "",
    form: How = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """List each attempt of a plan with its outcome; without a plan, those of all plans that failed and were made again.

    The latest first. What failed and was made again is kept for 90 days. What failed for good (a channel, a task, a
    dead letter) is listed with `--outcome dead`. The page `/attempts` shows the same.

    --json: {"items": [{job, subject, number, outcome, beganAt, endedAt, seconds, by, code, reason, recordId}, ...]} of
    a plan, else {"items": [{outcome, job, subject, attempt, beganAt, at, seconds, by, recordId, replay, group, key,
    type, code, errorClass, message}, ...]}; with --file {"file", "format", "rows", "more"}.
    """
    terminal = terminal_of(context, as_json)
    asked: Params = {
        "outcome": outcome,
        "job": split(job),
        "channel": split(channel),
        "code": split(code),
        "group": split(group),
        "since": since,
        "until": until,
    }
    if file:
        of_plan = plan_id(terminal.client, identity) if identity else ""
        chosen = form_of(file, form, (Form.CSV, Form.XLSX))
        take(terminal, file, chosen, downloaded(terminal, "attempts", chosen, {**asked, "plan": of_plan}), force=force)
        return
    if identity:
        found = list(terminal.client.pages(f"{PLANS}/{plan_id(terminal.client, identity)}/attempts", {}, None))
        terminal.show({"items": found}, lambda: view.of_plan(found))
        if not found:
            terminal.note("Nothing was tried yet.")
        return
    rows = list(terminal.client.pages(ATTEMPTS, asked, None if every else limit))
    terminal.show({"items": rows}, lambda: view.done(rows) if outcome == "done" else view.failed(rows))
    if not rows:
        terminal.note(_NOTHING.get(outcome, "Nothing had to be tried again."))
