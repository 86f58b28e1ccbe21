"""Which recovery begins for a plan because a person asked for it. Pure.

A person may ask before a deadline is missed, while recovery is not automatic, and where the watchdog waits for the
cause to go: so it is never answered with waiting where anything can be done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from schemas.causes import Action
from streams.watchdog.diagnosis import Diagnosis
from streams.watchdog.snapshot import Wait

#: Go on without what is missing; all else asks for what fits the cause.
MOVE_ON: Final = "move_on"


def of_channels(wait: Wait, channels: Sequence[str]) -> Wait | None:
    """Return the wait for these channels alone, all of it without any; None where none of them is missing."""
    if not channels or wait.kind == "phase1":
        return wait
    missing = tuple(channel for channel in wait.missing if channel in channels)
    return replace(wait, missing=missing) if missing else None


def action_of(how: str, found: Diagnosis, wait: Wait) -> Action:
    """Return what is done at once. Where all is decided and only not shown yet, nothing is left to go on without."""
    if wait.concluded:
        return "wait" if how == MOVE_ON else found.action
    if wait.kind == "phase1":
        return "make-phase1"
    if not wait.missing:
        return "finish-analysis"
    if how == MOVE_ON:
        return "fail-channels"
    return "request-again" if found.action == "wait" else found.action
