"""Events that are set aside because they cannot be published: see them, mend them, take out what nobody decided."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.commands.editing import edited
from gateway.cli.commands.options import All, Limit
from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views import outbox as views
from gateway.cli.views.letters import differences

SET_ASIDE = "/api/outbox/set-aside"
Seq = Annotated[int, typer.Argument(metavar="SEQ", help="The number as the list shows it.", show_default=False)]


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Events that are set aside: they cannot be published.", no_args_is_help=True)
    group.command("list")(list_set_aside)
    group.command("show")(show)
    group.command("edit")(edit)
    group.command("remove")(remove)
    app.add_typer(group, name="outbox")


def list_set_aside(
    context: typer.Context,
    plan: Annotated[str, typer.Option("--plan", help="Of this plan only: its whole id.")] = "",
    limit: Limit = 20,
    every: All = False,
    as_json: Json = False,
) -> None:
    """List events that are set aside, the oldest first. What follows in their streams waits behind them.

    --json: {"items": [{seq, type, stream, version, planId, reason, setAsideAt, behind, edits, ...}, ...]}.
    """
    terminal = terminal_of(context, as_json)
    rows = list(terminal.client.pages(SET_ASIDE, {"plan": plan}, None if every else limit))
    terminal.show({"items": rows}, lambda: views.events(rows))
    if not rows:
        terminal.note("No event is set aside.")


def show(context: typer.Context, seq: Seq, as_json: Json = False) -> None:
    """Show an event: why it does not fit its schema, its data, and its edits.

    --json: the event as the API gives it, with its original data.
    """
    terminal = terminal_of(context, as_json)
    found = terminal.client.get(f"{SET_ASIDE}/{seq}")
    terminal.show(found, lambda: views.event(found))


def edit(
    context: typer.Context,
    seq: Seq,
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why; it is kept with the event.")],
    file: Annotated[
        str, typer.Option("--file", "-f", help="The new data as JSON, - for stdin; without it an editor opens.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Edit an event's data, checked against its schema; then it is published. The original is kept.

    Its id, stream, version, key and type stay. --json: {seq, edits, differences}.
    """
    terminal = terminal_of(context, as_json)
    found = terminal.client.get(f"{SET_ASIDE}/{seq}")
    data = edited(file, found["data"], what="data", form="It is the event's data, as `outbox show` prints it.")
    body = {"data": data, "reason": reason}
    answer = terminal.client.send("PATCH", f"{SET_ASIDE}/{seq}", body, {"If-Match": f'"{found["edits"]}"'})
    terminal.show(answer, lambda: differences(answer["differences"]))
    terminal.note(f"It goes out within seconds: marketplace outbox show {seq}")


def remove(
    context: typer.Context,
    seq: Seq,
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why; the audit keeps it with what the event was.")],
    as_json: Json = False,
) -> None:
    """Take out an event that nobody of this system decided (`Forged`), so that its version is free again.

    One that was decided stays, also where somebody changed it. --json: {seq, type, stream, version, wrong}.
    """
    terminal = terminal_of(context, as_json)
    answer = terminal.client.send("POST", f"{SET_ASIDE}/{seq}/removal", {"reason": reason})
    terminal.show(answer, lambda: views.removed(answer))
