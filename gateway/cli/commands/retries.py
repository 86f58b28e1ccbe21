"""Records that wait for another attempt: see them, try them now, give them up."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from gateway.cli.commands.options import All, Limit, Watch, split
from gateway.cli.commands.watching import watch
from gateway.cli.failures import Exit
from gateway.cli.record_ids import meant
from gateway.cli.session import Json, Session, session_of
from gateway.cli.views import letters as views

RETRIES = "/api/retries"
Records = Annotated[
    list[str], typer.Argument(metavar="RECORD...", help="Ids as the list shows them.", show_default=False)
]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why; it is kept with the record.")]
Plan = Annotated[str, typer.Option("--plan", help="Of this plan only: its whole id.")]


class State(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    GIVEN_UP = "given_up"


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Records that wait for another attempt.", no_args_is_help=True)
    group.command("list")(list_retries)
    group.command("now")(retry_now)
    group.command("give-up")(give_up)
    app.add_typer(group, name="retries")


def list_retries(
    context: typer.Context,
    states: Annotated[list[State] | None, typer.Option("--state", "-s", help="waiting if not given.")] = None,
    code: Annotated[list[str] | None, typer.Option("--code", help="Cause of the last failure.")] = None,
    plan: Plan = "",
    limit: Limit = 20,
    every: All = False,
    live: Watch = False,
    as_json: Json = False,
) -> None:
    """List records that wait for another attempt, the next one first.

    --json: {"items": [{recordId, state, type, attempt, code, message, behind, dueAt, ...}, ...]}.
    """
    session = session_of(context, as_json)
    params = {"state": split(states), "code": code or [], "plan": plan}

    def rows() -> list[dict[str, Any]]:
        return list(session.client.pages(RETRIES, params, None if every else limit))

    if live:
        watch(session, lambda: views.retries(rows()))
        return
    found = rows()
    session.show({"items": found}, lambda: views.retries(found))
    if not found:
        session.note("No record waits.")


def retry_now(context: typer.Context, records: Records, as_json: Json = False) -> None:
    """Try records at once instead of at their time.

    --json: {"results": [{recordId, outcome, problem?}, ...]}; exit status 1 if one was refused.
    """
    session = session_of(context, as_json)
    body = {"recordIds": [meant(one) for one in records]}
    finish(session, session.client.send("POST", f"{RETRIES}/now", body)["results"])


def give_up(context: typer.Context, records: Records, reason: Reason, as_json: Json = False) -> None:
    """Make dead letters of records; what waits behind them goes on.

    --json: as for now.
    """
    session = session_of(context, as_json)
    body = {"recordIds": [meant(one) for one in records], "reason": reason}
    finish(session, session.client.send("POST", f"{RETRIES}/give-up", body)["results"])


def finish(session: Session, results: list[dict[str, Any]]) -> None:
    """Show what became of each record; exit status 1 if one was refused."""
    session.show({"results": results}, lambda: views.results(results))
    if any(one["outcome"] not in views.GOOD for one in results):
        raise typer.Exit(Exit.REFUSED)
