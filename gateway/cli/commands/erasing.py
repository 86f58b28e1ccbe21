"""For admins: a document or a person that is to be forgotten."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from gateway.cli.client import PLANS
from gateway.cli.commands.options import Yes
from gateway.cli.failures import Exit, Failure
from gateway.cli.ids import plan_id
from gateway.cli.terminal import Json, Terminal, terminal_of
from gateway.cli.views.words import plain

#: What stands in the place of a plan's id where a person is erased.
PERSON: Final = "person"
_NAMED: Final = (
    "The plan is older than the keys of names: the log has what the document was called until it is cleared."
)
_WRITTEN: Final = "What is older than its encryption stays in the log as it was written, until it is cleared."


def register(app: typer.Typer) -> None:
    app.command("erase")(erase)


def erase(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="ID|person", help="Plan id, its beginning, or the word person.")],
    handle: Annotated[str, typer.Argument(metavar="[HANDLE]", help="After person: whose.", show_default=False)] = "",
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why; it stands in the history: name nobody.")] = "",
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Erase the document of a plan for good, or a person who has ended: `erase ID`, `erase person HANDLE`.

    Of a document its figures, its excerpt and what it was called go; of a person the name, the e-mail, what the person
    wrote, and the names of the documents. Plans, tasks and what was decided stay. Earlier backups have all of it.

    --json: {"planId", "outcome", "namedInLog"}; of a person {handle, outcome, plans, inLogUntil, namedInLog}.
    """
    terminal = terminal_of(context, as_json)
    if not reason.strip():
        raise Failure("Say why it is erased", "Give --reason.", exit_status=Exit.USAGE)
    if what == PERSON:
        _person(terminal, handle, reason, yes=yes)
    elif handle:
        raise Failure("Erase one at a time", "Type `erase ID` or `erase person HANDLE`.", exit_status=Exit.USAGE)
    else:
        _document(terminal, what, reason, yes=yes)


def _document(terminal: Terminal, identity: str, reason: str, *, yes: bool) -> None:
    plan = plan_id(terminal.client, identity)
    if not yes and not terminal.confirm(f"Erase the document of plan {plan} for good?"):
        raise Failure("Nothing was erased")
    said = terminal.client.send("POST", f"{PLANS}/{plan}/erasure", {"reason": reason})
    done = "erased" if said["outcome"] == "accepted" else "it was erased before"
    terminal.show(said, lambda: plain(f"{plan}: {done}"))
    if said["namedInLog"]:
        terminal.note(_NAMED)


def _person(terminal: Terminal, handle: str, reason: str, *, yes: bool) -> None:
    if not handle:
        raise Failure("Say who is erased", "`erase person HANDLE`.", exit_status=Exit.USAGE)
    if not yes and not terminal.confirm(f"Erase {handle}, and all that {handle} wrote, for good?"):
        raise Failure("Nothing was erased")
    said = terminal.client.send("POST", f"/api/people/{handle}/erasure", {"reason": reason})
    done = f"erased, with the names of {said['plans']} plans" if said["outcome"] == "accepted" else "erased before"
    terminal.show(said, lambda: plain(f"{handle}: {done}"))
    if said["inLogUntil"] or said["namedInLog"]:
        terminal.note(_WRITTEN)
