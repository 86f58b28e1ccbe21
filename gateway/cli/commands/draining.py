"""Take processes out of work in a safe way: nothing more is taken in, and what is under way ends first."""

from __future__ import annotations

import time
from typing import Annotated, Any, Final

import typer

from gateway.cli.commands.operations import FLAGS, Flag, Reason
from gateway.cli.commands.top import HEALTH
from gateway.cli.failures import Exit
from gateway.cli.terminal import Json, Terminal, terminal_of
from gateway.cli.views import draining as view

#: Between two looks while it is waited for. Seconds.
LOOK_S: Final = 1.0


def register(app: typer.Typer) -> None:
    app.command("drain")(drain)


def drain(
    context: typer.Context,
    reason: Reason = "",
    wait: Annotated[
        float, typer.Option("--wait", min=0, max=86_400, help="Seconds to wait until nothing is under way.")
    ] = 0.0,
    as_json: Json = False,
) -> None:
    """Show what is under way; with a reason, have workers and runners take nothing more until they have ended it.

    `marketplace flags on queue_processing` has them take in again. Exit status 1 where somebody waited, and not all
    has ended.

    --json: {"state": taking, draining, drained or unknown, "since", "by", "reason", "inHand": [{source, role, host,
    pid, records}, ...]}; `records` null: the process does not say.
    """
    terminal = terminal_of(context, as_json)
    if reason.strip():
        wanted = {"name": str(Flag.QUEUE_PROCESSING), "enabled": False, "reason": reason}
        terminal.client.send("PATCH", FLAGS, wanted)
    found = _ended(terminal, wait)
    terminal.show(found, lambda: view.draining(found))
    if wait and found["state"] != "drained":
        raise typer.Exit(Exit.REFUSED)


def _ended(terminal: Terminal, wait: float) -> dict[str, Any]:
    until = time.monotonic() + wait
    while True:
        found: dict[str, Any] = terminal.client.get(HEALTH)["draining"]
        if found["state"] in ("taking", "drained") or time.monotonic() >= until:
            return found
        time.sleep(LOOK_S)
