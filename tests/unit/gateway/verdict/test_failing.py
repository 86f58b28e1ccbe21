"""What fails more often than it should: from which share on, of how many, and what is not known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.operations.health import report_of
from gateway.verdict.failing import percent, shares
from gateway.verdict.judge import judge
from gateway.verdict.kinds import Kind
from gateway.verdict.snapshot import Snapshot
from projections.reads.overview import Ended
from tests.unit.gateway.verdict.examples import QUIET, RUNS, WELL, and_also, gateway, kinds, seen


@pytest.mark.parametrize(
    ("snapshot", "found"),
    [
        (seen(replace(QUIET, phase1_made=Ended(9, 9))), []),  # too few to say
        (seen(replace(QUIET, phase1_made=Ended(100, 19))), []),
        (seen(replace(QUIET, phase1_made=Ended(100, 20))), [Kind.PHASE1_FAILING]),
        (seen(replace(QUIET, tasks_ended=Ended(1, 1))), []),
        (seen(replace(QUIET, tasks_ended=Ended(100, 49))), []),
        (seen(replace(QUIET, tasks_ended=Ended(10, 5))), [Kind.TASKS_FAILING]),
        (seen(operations=and_also(gateway(49, 49))), []),
        (seen(operations=and_also(gateway(1000, 49))), []),
        (seen(operations=and_also(gateway(1000, 50))), [Kind.REQUESTS_FAILING]),
        (seen(operations=and_also(gateway(1000, 900, silent_seconds=9.0))), [Kind.PROCESS_SILENT]),
    ],
)
def test_a_share_is_a_finding_from_its_limit_on_once_enough_have_ended(snapshot: Snapshot, found: list[Kind]) -> None:
    assert kinds(snapshot) == found


def test_the_gateways_are_judged_together() -> None:
    two = replace(RUNS, processes=[*RUNS.processes, gateway(900, 0), gateway(100, 50, host="other")])
    (one,) = judge(seen(operations=two)).findings
    assert dict(one.values) == {"count": 50, "all": 1000, "share": "5 %", "within": 300.0}


def test_what_nobody_counts_or_too_few_have_ended_of_is_not_known() -> None:
    """Where nothing was counted, or too little, the share is unknown: 0 would say that all is well."""
    away = replace(WELL, database="away", overview=None)
    assert [(one.ended, one.known) for one in shares(away, None)] == [(None, None)] * 4
    few = seen(replace(QUIET, tasks_ended=Ended(9, 3)), and_also(gateway(60, 0)))

    told = {one.of: (one.ended, one.failed, one.share) for one in report_of(judge(few), live=True).failing}
    assert told == {
        "analyses": (0, 0, None),
        "phase1": (0, 0, None),
        "tasks": (9, 3, None),
        "requests": (60, 0, 0.0),
    }


@pytest.mark.parametrize("of", [1, 7, 50, 100, 200, 1000])
def test_a_share_is_said_in_whole_percents_and_never_rounded_up(of: int) -> None:
    said = [percent(part / of) for part in range(of + 1)]

    assert said == [f"{100 * part // of} %" for part in range(of + 1)]
