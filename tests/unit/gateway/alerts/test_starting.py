"""A system that starts slowly tells nobody of roles that have yet to start, and of one that never does in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import pytest

from gateway.alerts.core import Memory, look
from gateway.alerts.starting import LONGEST, START
from gateway.verdict.judge import judge
from projections.reads.operations import Operations
from tests.unit.gateway.alerts.looks import BEGAN, at
from tests.unit.gateway.verdict.examples import process, seen

#: The order in which the roles of a system start here; the engine of alerts is the first.
ORDER = ("alerts", "watchdog", "gateway", "projections", "runner", "pump", "worker")


def told(starts: Mapping[str, float], until: int, again: str = "") -> dict[str, int]:
    """Return when which roles are told as missing. `starts`: at which second each does; `again`: it does each 5 s."""

    def started_at(role: str, second: int) -> datetime:
        return at(second - second % 5) if role == again else at(starts[role])

    memory = Memory(BEGAN)
    first: dict[str, int] = {}
    for second in range(until):
        there = [role for role, start in starts.items() if start <= second]
        runs = Operations([process(role, started_at=started_at(role, second)) for role in there])
        found, memory = look(judge(replace(seen(operations=runs), as_of=at(second))), memory)
        for finding in found.findings.values():
            first.setdefault(finding.subject or str(finding.kind), second)
    return first


def test_a_start_of_less_than_two_minutes_tells_of_no_role() -> None:
    starts = {role: 19.0 * n for n, role in enumerate(ORDER)}
    assert max(starts.values()) > 3 * START.total_seconds()
    assert told(starts, until=200) == {}


def test_a_role_that_does_not_start_is_told_of_once_no_other_does() -> None:
    starts = {role: 10.0 * n for n, role in enumerate(ORDER[:-1])}
    last = max(starts.values())
    assert told(starts, until=200) == {"worker": last + START.total_seconds()}


def test_where_all_others_were_there_before_the_engine_it_waits_as_long_as_ever() -> None:
    starts = {**dict.fromkeys(ORDER[:-1], -3600.0), "alerts": 0.0}
    assert told(starts, until=200) == {"worker": START.total_seconds()}


@pytest.mark.parametrize("again", ["runner", "alerts"])
def test_what_starts_again_and_again_hides_nothing_for_longer_than_that(again: str) -> None:
    starts = dict.fromkeys(ORDER[:-1], 0.0)
    assert told(starts, until=200, again=again) == {"worker": LONGEST.total_seconds()}


def test_the_watchdog_is_waited_for_alike_and_what_ended_is_no_start() -> None:
    starts = {role: 0.0 for role in ORDER if role != "watchdog"}
    assert told(starts, until=100) == {"watchdog-missing": START.total_seconds()}
    gone = process("runner", connected=False, started_at=at(20))
    runs = Operations([*(process(role, started_at=BEGAN) for role in ORDER[:-1]), gone])
    found, _ = look(judge(replace(seen(operations=runs), as_of=BEGAN + START)), Memory(BEGAN))
    assert "role-missing:worker" in found.findings
