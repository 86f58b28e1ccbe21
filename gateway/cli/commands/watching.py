"""Waiting for what the system does, and showing it as it happens."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from rich.console import RenderableType
from rich.live import Live

from gateway.cli.failures import Exit, Failure, Unreachable
from gateway.cli.terminal import Terminal
from schemas.lifecycle import PLAN

PAUSE_S: Final = 0.3
REFRESH_S: Final = 1.0
#: A gateway that restarts is back within this time; a longer silence is a failure.
PATIENCE_S: Final = 30.0


class Waiter:
    """Polls within a time limit, through a short absence of the gateway."""

    def __init__(self, timeout: float) -> None:
        self._ends = time.monotonic() + timeout
        self._silent_since: float | None = None

    def ask(self, read: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
        """Return the answer, None where the gateway did not answer this once. Raises Unreachable when that goes on."""
        try:
            found = read()
        except Unreachable:
            now = time.monotonic()
            self._silent_since = self._silent_since or now
            if now - self._silent_since > PATIENCE_S:
                raise
            return None
        self._silent_since = None
        return found

    def pause(self) -> bool:
        """Wait a moment; return False once the time is up."""
        if time.monotonic() >= self._ends:
            return False
        time.sleep(PAUSE_S)
        return True


def has_its_tasks(plan: Mapping[str, Any]) -> bool:
    """Tell whether an approved plan can be read with every task of its Phase 1.

    A plan and its tasks are read from two topics: Phase 1 may be there before its tasks, and some tasks before others.
    """
    if plan["status"] in PLAN.given_up or not plan["phase1"]:
        return False
    expected = len(plan["phase1"]["tasks"])
    return bool(plan["tasks"]["total"] == expected > 0)


def watch(
    terminal: Terminal,
    view: Callable[[], RenderableType],
    *,
    instead: str = "Leave out --watch, and ask again from the script.",
) -> None:
    """Show a view again and again until Ctrl-C. `instead`: what to do where there is no terminal."""
    if terminal.as_json or not terminal.out.is_terminal:
        raise Failure("What goes on showing is for a terminal", instead, exit_status=Exit.USAGE)
    shown = view()
    with Live(shown, console=terminal.out, auto_refresh=False) as live:
        try:
            while True:
                live.update(shown, refresh=True)
                time.sleep(REFRESH_S)
                try:
                    shown = view()
                except Unreachable as failure:
                    terminal.note(f"{failure.title}; still trying")
        except KeyboardInterrupt:
            return
