"""Drained is only what says so: nothing is under way, and each process that takes has told it since the switch."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from projections.reads.draining import KNOWN_AFTER, draining
from projections.reads.operations import Flag, Operations
from tests.unit.gateway.verdict.examples import NOW, process

LONG_AGO = NOW - KNOWN_AFTER - timedelta(seconds=1)


def runs(*in_hand: Any, off_since: Any = LONG_AGO, **changed: Any) -> Operations:
    told = [{} if records is None else {"in_hand": records} for records in in_hand]
    takers = [process(role, progress=one, **changed) for role, one in zip(("worker", "runner"), told, strict=False)]
    flag = Flag("queue_processing", off_since is None, "a move", "Ana", off_since or NOW)
    return Operations(processes=[*takers, process("pump", progress={})], flags=[flag])


@pytest.mark.parametrize(
    ("running", "state"),
    [
        (runs(3, 1, off_since=None), "taking"),
        (runs(0, 0), "drained"),
        (runs(0, 2), "draining"),
        (runs(0, 0, off_since=NOW - timedelta(seconds=1)), "draining"),
        (runs(0, None), "unknown"),
        (runs(2, None), "draining"),
        (runs(0, 0, silent_seconds=60.0), "unknown"),
        (runs(), "drained"),
    ],
    ids=["on", "ended", "one works", "not known yet", "of before", "both", "silent", "none runs"],
)
def test_it_is_drained_once_all_say_so(running: Operations, state: str) -> None:
    found = draining(running, NOW)
    assert found.state == state
    assert (found.since is None, found.by) == ((True, "") if state == "taking" else (False, "Ana"))


def test_who_has_gone_has_nothing_in_hand() -> None:
    found = draining(runs(5, 5, connected=False), NOW)
    assert (found.state, list(found.in_hand)) == ("drained", [])
