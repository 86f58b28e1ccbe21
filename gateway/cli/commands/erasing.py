"""For admins: a document that is to be forgotten."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.client import PLANS
from gateway.cli.commands.options import Id, Yes
from gateway.cli.failures import Failure
from gateway.cli.ids import plan_id
from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views.words import plain

_IN_LOG = "The plan is older than the keys of names: the log has what the document was called until it is cleared."


def register(app: typer.Typer) -> None:
    app.command("erase")(erase)


def erase(
    context: typer.Context,
    identity: Id,
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why; it stands in the history: name nobody in it.")],
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Erase the document of a plan for good: its figures and excerpt, and what it was called.

    The plan, its tasks and what was decided stay. Backups that were made before have all of it.

    --json: {"planId", "outcome", "namedInLog"}.
    """
    terminal = terminal_of(context, as_json)
    plan = plan_id(terminal.client, identity)
    if not yes and not terminal.confirm(f"Erase the document of plan {plan} for good?"):
        raise Failure("Nothing was erased")
    said = terminal.client.send("POST", f"{PLANS}/{plan}/erasure", {"reason": reason})
    done = "erased" if said["outcome"] == "accepted" else "it was erased before"
    terminal.show(said, lambda: plain(f"{plan}: {done}"))
    if said["namedInLog"]:
        terminal.note(_IN_LOG)
