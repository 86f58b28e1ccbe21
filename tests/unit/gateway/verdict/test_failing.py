"""What fails more often than it should: from which share on, of how many, and what is not known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.operations.health import report_of
from gateway.verdict.failing import percent, shares
from gateway.verdict.judge import judge
from gateway.verdict.kinds import Kind
from gateway.verdict.snapshot import Snapshot
from gateway.verdict.words.findings import say
from projections.reads.overview import Ended
from tests.unit.gateway.verdict.examples import NOW, QUIET, RUNS, WELL, and_also, answered, gateway, kinds, seen


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


@pytest.mark.parametrize(
    ("given", "unusable", "found"),
    [(10, 4, False), (10, 5, True), (10, 10, True), (5, 5, True), (4, 4, False), (0, 0, False)],
)
def test_an_agent_is_told_of_once_enough_of_its_latest_answers_cannot_be_used(
    given: int, unusable: int, found: bool
) -> None:
    snapshot = seen(replace(QUIET, answers=(answered("agent:x/m", given, unusable),)))
    assert kinds(snapshot) == ([Kind.AGENT_UNUSABLE] if found else [])


def test_each_agent_is_told_of_by_itself_and_who_writes_in_its_place() -> None:
    first, second = answered("agent:x/m", 10, 9, by_rules=0), answered("agent:y/n", 8, 6)
    verdict = judge(seen(replace(QUIET, answers=(first, second, answered("agent:z/o", 10, 1)))))
    assert [(one.subject, one.values["instead"]) for one in verdict.findings] == [
        ("agent:x/m", "the fallback agent"),
        ("agent:y/n", "the rules"),
    ]
    assert say(verdict.findings[1]).text == (
        "Plans are written by the rules, because the answers of y/n cannot be used: 6 of the last 8."
    )
    assert say(verdict.findings[1]).evidence == (
        "That is 75 %. The latest one was about Shopee: the agent's answer held no JSON."
    )
    assert (verdict.status, verdict.findings[0].since) == ("degraded", NOW)
