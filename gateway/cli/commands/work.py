"""Work on many tasks at once."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from gateway.cli.client import TASKS
from gateway.cli.commands.options import Yes
from gateway.cli.commands.tasks import text_of
from gateway.cli.failures import Exit, Failure
from gateway.cli.ids import plan_id, task_id
from gateway.cli.terminal import Json, Terminal, terminal_of
from gateway.cli.views import tables
from schemas.lifecycle import TASK, TaskAction

#: The API takes so many tasks at once.
CHUNK: Final = 1000


def register(app: typer.Typer) -> None:
    app.command("work")(work)


def work(
    context: typer.Context,
    action: Annotated[TaskAction, typer.Argument(help="What to do with each.")],
    identities: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Ids, or their first characters.", show_default=False)
    ] = None,
    plan: Annotated[
        str, typer.Option("--plan", help="Every task of this plan that the action fits: its id, or the id's start.")
    ] = "",
    text: Annotated[
        str | None,
        typer.Option(
            "--text",
            "-t",
            help="assign: to whom; fail, cancel: why; complete: a note; comment: the comment; reschedule: the day.",
        ),
    ] = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Do one thing with many tasks: `work assign --text ana 3f2b8c1e 7d1a0b2c`, `work start --plan 083f7508`.

    --json: {"results": [{taskId, outcome, status, version, problem?}, ...]}; exit status 1 if one was refused.
    """
    terminal = terminal_of(context, as_json)
    if bool(plan) == bool(identities):
        raise Failure("Say which tasks", "Give their ids, or --plan.", exit_status=Exit.USAGE)
    body: dict[str, Any] = {"action": action.value, **text_of(action.value, text)}
    if plan:
        ids = _of_plan(terminal, plan, action, yes=yes)
    else:
        ids = list(dict.fromkeys(task_id(terminal.client, one) for one in identities or []))
    results: list[dict[str, Any]] = []
    for start in range(0, len(ids), CHUNK):
        sent = {**body, "ids": ids[start : start + CHUNK]}
        results += terminal.client.send("POST", f"{TASKS}/bulk", sent)["results"]
    terminal.show({"results": results}, lambda: tables.results(results, "task"))
    if not results:
        terminal.note(f"No task of the plan can be worked on so: {action.value}.")
    if any(one["outcome"] not in {"accepted", "unchanged"} for one in results):
        raise typer.Exit(Exit.REFUSED)


def _of_plan(terminal: Terminal, plan: str, action: TaskAction, *, yes: bool) -> list[str]:
    """Return the tasks of a plan that are where the action can be done, once a person has seen them."""
    needs = TASK.rules[action].needs
    every = terminal.client.pages(TASKS, {"plan": plan_id(terminal.client, plan)}, None)
    rows = [row for row in every if row["status"] in needs]
    if rows and not yes:
        terminal.err.print(tables.tasks(rows))
        if not terminal.confirm(f"{action.value.capitalize()} these {len(rows)} tasks?"):
            raise Failure("Nothing was done")
    return [str(row["taskId"]) for row in rows]
