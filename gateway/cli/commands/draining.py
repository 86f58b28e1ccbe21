"""Take processes out of work in a safe way: nothing more is taken in, and what is under way ends first."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Annotated, Any, Final

import typer

from gateway.cli.commands.operations import FLAGS, Reason
from gateway.cli.commands.options import Yes
from gateway.cli.commands.top import HEALTH
from gateway.cli.failures import Exit, Failure
from gateway.cli.terminal import Json, Terminal, terminal_of
from gateway.cli.views import draining as view
from schemas.flags import Flag

PROCESSES: Final = "/api/system/processes"
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
    process: Annotated[
        str, typer.Option("--process", metavar="NAME", help="End this one alone: its name, or the name's start.")
    ] = "",
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Show what is under way; with a reason, have workers and runners take nothing more until they have ended it.

    `marketplace flags on queue_processing` has them take in again. Exit status 1 where somebody waited, and not all
    has ended.

    With --process one process takes nothing more, ends what it has begun or gives it back, and is started again by its
    supervisor: `--process worker`, where one runs, or the name that this command and `marketplace doctor --json` tell.

    --json: {"state": taking, draining, drained or unknown, "since", "by", "reason", "inHand": [{source, role, host,
    pid, records}, ...]}; `records` null: the process does not say. With --process {"name", "outcome", "ended"}: `ended`
    null where nobody waited.
    """
    terminal = terminal_of(context, as_json)
    if process:
        _end(terminal, process, reason, wait, yes=yes)
        return
    if reason.strip():
        wanted = {"name": str(Flag.QUEUE_PROCESSING), "enabled": False, "reason": reason}
        terminal.client.send("PATCH", FLAGS, wanted)
    found = _ended(terminal, wait)
    terminal.show(found, lambda: view.draining(found))
    if wait and found["state"] != "drained":
        raise typer.Exit(Exit.REFUSED)


def _end(terminal: Terminal, wanted: str, reason: str, wait: float, *, yes: bool) -> None:
    """Have one process end, and wait for it where that is asked for."""
    if not reason.strip():
        raise Failure("Say why", 'For example: drain --process worker --reason "a new disk"', exit_status=Exit.USAGE)
    one = _named(wanted, terminal.client.get(HEALTH)["processes"])
    name, where = one["source"], f"{one['role']} {one['pid']} on {one['host']}"
    if not yes and not terminal.confirm(f"Have {where} end? Its supervisor starts it again."):
        raise typer.Exit(Exit.REFUSED)
    found = terminal.client.send("PATCH", PROCESSES, {"name": name, "action": "end", "reason": reason})
    until, ended = time.monotonic() + wait, None
    while wait and not ended:
        ended = all(other["source"] != name or not other["connected"] for other in _running(terminal))
        if ended or time.monotonic() >= until:
            break
        time.sleep(LOOK_S)
    terminal.show({"name": name, "outcome": found["outcome"], "ended": ended})
    said = "has ended, and begins anew" if ended else "ends what it has begun, and begins anew"
    terminal.note(f"{where} {said}.")
    if ended is False:
        raise typer.Exit(Exit.REFUSED)


def _running(terminal: Terminal) -> Sequence[dict[str, Any]]:
    found: list[dict[str, Any]] = terminal.client.get(HEALTH)["processes"]
    return found


def _named(wanted: str, running: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the one process whose name begins so. Raises Failure where that is none, or several."""
    living = [one for one in running if one["connected"]]
    found = [one for one in living if one["source"].startswith(wanted)]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(one["source"] for one in found or living) or "none"
    many = f"{len(found)} processes are called so" if found else f"No process is called {wanted}"
    raise Failure(many, f"There are: {listed}", exit_status=Exit.USAGE)


def _ended(terminal: Terminal, wait: float) -> dict[str, Any]:
    until = time.monotonic() + wait
    while True:
        found: dict[str, Any] = terminal.client.get(HEALTH)["draining"]
        if found["state"] in ("taking", "drained") or time.monotonic() >= until:
            return found
        time.sleep(LOOK_S)
