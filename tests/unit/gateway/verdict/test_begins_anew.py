"""A process that the watchdog had told to end is being mended: its role is not missing while it has time to be back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.verdict.kinds import Kind
from projections.reads.processes import BACK_S, Process
from tests.unit.gateway.verdict.examples import RUNS, kinds, process, seen, without

WHY = "deaf: nothing is taken from plan.events/3"


def alone(one: Process) -> list[Kind]:
    """Return what is found where this is the only process of its role."""
    return kinds(seen(operations=replace(RUNS, processes=[*without(one.role).processes, one])))


@pytest.mark.parametrize("connected", [True, False])
def test_one_finding_tells_of_a_deaf_process_until_it_is_back(*, connected: bool) -> None:
    assert alone(process("worker", told_to_end=WHY, connected=connected)) == [Kind.PROCESS_DEAF]


def test_the_role_is_missing_where_it_does_not_come_back_in_time() -> None:
    late = process("worker", told_to_end=WHY, connected=False, silent_seconds=BACK_S + 0.1)

    assert alone(late) == [Kind.ROLE_MISSING]


def test_a_process_that_was_not_told_to_end_is_missing_at_once() -> None:
    assert alone(process("worker", connected=False)) == [Kind.ROLE_MISSING]


def test_the_only_gateway_is_missed_at_once_for_nobody_gets_in() -> None:
    found = alone(process("gateway", told_to_end="the relay publishes nothing", connected=False))

    assert found == [Kind.ROLE_MISSING]


def test_beside_another_of_its_kind_it_is_not_gone_without_a_word() -> None:
    beside = process("worker", source="worker-2", told_to_end=WHY, connected=False)

    assert kinds(seen(operations=replace(RUNS, processes=[*RUNS.processes, beside]))) == [Kind.PROCESS_DEAF]
