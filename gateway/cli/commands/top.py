"""A live view of the system: what is wrong, what each process handles, what waits where; renewed each second."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated, Any, Final

import typer
from rich.console import RenderableType

from gateway.cli.commands.watching import watch
from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views import top as view

HEALTH: Final = "/api/system/health"
#: Between the two looks that make a rate, where it is shown once. Seconds.
PAUSE_S: Final = 1.0


def register(app: typer.Typer) -> None:
    app.command("top")(top)


def top(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Show it once, after a second, and end.")] = False,
    as_json: Json = False,
) -> None:
    """Show the system live: what is wrong, what each process handles a second, what waits where. Ctrl-C ends it.

    --json: once; {"status", "headline", "processes": [{..., "perSecond"}], "groups", "breakers", "plans", "tasks"}.
    """
    terminal = terminal_of(context, as_json)
    look = looking(lambda: terminal.client.get(HEALTH), time.monotonic)
    if once or as_json:
        look()
        time.sleep(PAUSE_S)
        told = look()
        terminal.show(told, lambda: view.top(told))
        return

    def shown() -> RenderableType:
        return view.top(look())

    watch(terminal, shown, instead="`marketplace top --once` shows it once.")


def looking(read: Callable[[], dict[str, Any]], clock: Callable[[], float]) -> Callable[[], dict[str, Any]]:
    """Return a look at the system that knows the one before: a process' rate is what it handled between them."""
    before: dict[str, tuple[float, float]] = {}

    def look() -> dict[str, Any]:
        report, now = read(), clock()
        processes = []
        for process in report["processes"]:
            handled = process["progress"].get("handled")
            processes.append({**process, "perSecond": _rate(before.get(process["source"]), handled, now)})
            if isinstance(handled, int | float):
                before[process["source"]] = (now, float(handled))
        kept = (
            "status",
            "headline",
            "findings",
            "notices",
            "groups",
            "breakers",
            "plans",
            "tasks",
            "broker",
            "projection",
        )
        return {**{name: report.get(name) for name in kept}, "processes": processes}

    return look


def _rate(before: tuple[float, float] | None, handled: Any, now: float) -> float | None:
    """Return how many a second; None where that is not told, or not known yet. One that began anew has done 0."""
    if before is None or not isinstance(handled, int | float) or now <= before[0]:
        return None
    return max(0.0, round((handled - before[1]) / (now - before[0]), 1))
