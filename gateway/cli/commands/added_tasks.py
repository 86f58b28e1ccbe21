"""Add a task to a plan, and change what a task says."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.client import PLANS, TASKS
from gateway.cli.commands.options import Id, Priority
from gateway.cli.failures import Exit, Failure
from gateway.cli.ids import plan_id, task_id
from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views import tables

Reason = Annotated[str, typer.Option("--reason", "-r", help="Why; it is kept in the plan's history.")]


def register(app: typer.Typer) -> None:
    app.command("add-task")(add_task)
    app.command("change-task")(change_task)


def add_task(
    context: typer.Context,
    identity: Id,
    title: Annotated[str, typer.Option("--title", help="What is to be done, in one line.")],
    reason: Reason,
    what: Annotated[str, typer.Option("--what", help="How.")] = "",
    channel: Annotated[str, typer.Option("--channel", "-c", help="One of the plan's; its first if not given.")] = "",
    priority: Annotated[Priority, typer.Option("--priority", "-p")] = Priority.NORMAL,
    due: Annotated[str, typer.Option("--due", metavar="YYYY-MM-DD", help="By when; no day if not given.")] = "",
    opportunity: Annotated[
        str, typer.Option("--opportunity", metavar="ID", help="The plan's opportunity that it serves.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Add a task to a plan that is being worked on: `add-task 083f7508 --title "New photos" --reason why`.

    It belongs to the phase under way. The plan is completed when this task has ended, too.

    --json: {taskId, planId, outcome, status, version}.
    """
    terminal = terminal_of(context, as_json)
    body = {
        "title": title,
        "what": what,
        "priority": priority.value,
        "reason": reason,
        **({"channel": channel} if channel else {}),
        **({"dueOn": due} if due else {}),
        **({"opportunityId": opportunity} if opportunity else {}),
    }
    answer = terminal.client.send("POST", f"{PLANS}/{plan_id(terminal.client, identity)}/tasks", body)
    terminal.show(answer, lambda: tables.results([answer], "task"))


def change_task(
    context: typer.Context,
    identity: Id,
    reason: Reason,
    title: Annotated[str | None, typer.Option("--title", help="What is to be done; as it is if not given.")] = None,
    what: Annotated[str | None, typer.Option("--what", help="How; as it is if not given.")] = None,
    as_json: Json = False,
) -> None:
    """Change what a task says: `change-task 3f2b8c1e --title "New photos, with scale" --reason "the supplier asked"`.

    The history keeps what it said before. It is refused if somebody else has changed the task meanwhile.

    --json: {taskId, planId, outcome, status, version}.
    """
    terminal = terminal_of(context, as_json)
    if title is None and what is None:
        raise Failure("Say what changes", "Give --title, --what or both.", exit_status=Exit.USAGE)
    path = f"{TASKS}/{task_id(terminal.client, identity)}"
    now = terminal.client.get(path)
    body = {
        "title": now["title"] if title is None else title,
        "what": now["what"] if what is None else what,
        "reason": reason,
    }
    answer = terminal.client.send("PUT", f"{path}/text", body, {"If-Match": f'"{now["version"]}"'})
    terminal.show(answer, lambda: tables.results([answer], "task"))
