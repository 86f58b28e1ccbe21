"""See tasks and work on them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

import typer

from gateway.cli.client import TASKS
from gateway.cli.commands.options import All, Channels, Due, Id, Limit, Overdue, Priorities, Search, Watch, split
from gateway.cli.commands.watching import watch
from gateway.cli.failures import Exit, Failure
from gateway.cli.ids import plan_id, task_id
from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views import tables
from gateway.cli.views import task as task_view
from schemas.lifecycle import TASK, TaskAction, TaskStatus
from schemas.rules import Words

#: The action that only reads.
SHOW: Final = "show"
#: What the command does.
Verb = StrEnum("Verb", [SHOW, *TaskAction])  # type: ignore[misc] # mypy wants them written out
_READ: Final = Verb(SHOW)


def register(app: typer.Typer) -> None:
    app.command("tasks")(tasks)
    app.command("task")(task)


def tasks(
    context: typer.Context,
    status: Annotated[
        list[TaskStatus] | None, typer.Option("--status", "-s", help="Several times for several.")
    ] = None,
    assignee: Annotated[
        list[str] | None, typer.Option("--assignee", "-a", help="A handle; me, or nobody for none.")
    ] = None,
    channel: Channels = None,
    priority: Priorities = None,
    plan: Annotated[str, typer.Option("--plan", help="Of this plan only: its id, or the id's start.")] = "",
    search: Search = "",
    overdue: Overdue = False,
    due: Due = None,
    limit: Limit = 20,
    every: All = False,
    live: Watch = False,
    as_json: Json = False,
) -> None:
    """List tasks, newest first.

    --json: {"items": [task, ...]} as the API gives them.
    """
    terminal = terminal_of(context, as_json)
    params = {
        "status": split(status),
        "assignee": assignee or [],
        "channel": split(channel),
        "priority": split(priority),
        "plan": plan_id(terminal.client, plan) if plan else "",
        "q": search,
        "overdue": "true" if overdue else "",
        "due": split(due),
    }

    def rows() -> list[dict[str, object]]:
        return list(terminal.client.pages(TASKS, params, None if every else limit))

    if live:
        watch(terminal, lambda: tables.tasks(rows()))
        return
    found = rows()
    terminal.show({"items": found}, lambda: tables.tasks(found))
    if not found:
        terminal.note("No task fits.")


def task(
    context: typer.Context,
    identity: Id,
    action: Annotated[Verb, typer.Argument(help="What to do with it.")] = _READ,
    text: Annotated[
        str | None,
        typer.Argument(
            metavar="[TEXT]",
            help="assign: to whom; fail, cancel: why; complete: a note; comment: the comment;"
            " reschedule: the day, YYYY-MM-DD, empty for none.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show a task, or work on it: `task 3f2b8c1e assign ana`.

    --json: show gives the task, the others {taskId, planId, outcome, status, version}.
    """
    terminal = terminal_of(context, as_json)
    body = {"action": action.value, **text_of(action, text)}
    path = f"{TASKS}/{task_id(terminal.client, identity)}"
    if action == SHOW:
        found = terminal.client.get(path)
        terminal.show(found, lambda: task_view.task(found))
        return
    answer = terminal.client.send("PATCH", path, body)
    terminal.show(answer, lambda: tables.results([answer], "task"))


def text_of(action: str, text: str | None) -> dict[str, str]:
    """Return an action's text as a member of its command. Raises Failure if the text is missing or not allowed."""
    rule = None if action == SHOW else TASK.rules[TaskAction(action)]
    name = "" if rule is None else rule.field
    if text is None:
        if rule is not None and rule.words is Words.NEEDED:
            raise Failure(f"{action} needs {name}", f"For example: task ID {action} <{name}>", exit_status=Exit.USAGE)
        return {}
    if not name:
        raise Failure(f"{action} takes no text", f"Leave out: {text}", exit_status=Exit.USAGE)
    return {_member(name): text}


def _member(field: str) -> str:
    """Return a field's name as the API writes it."""
    first, *others = field.split("_")
    return first + "".join(part.title() for part in others)
