"""A soak holds every single fault against the promises of time, as the drills do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from local.chaos.memory import Trend
from local.chaos.scenarios import SCENARIOS
from local.chaos.soak import ENDS, FAULTS, Soak, Struck, left
from local.chaos.soak_report import as_json, markdown
from projections.verify.expected import Report

STRUCK = Struck("kill-worker", 61.2, 0.3, "supervisor: worker ended", 9.0, 2.0, silent=False)
QUIET = Struck("clock-jump", 95.0, None, "", 6.0, 0.4, silent=True)
GOOD = Soak(7, 120.0, 900, 2.0, 1.1, (STRUCK, QUIET), Report(), (Trend("worker", 1, 60.0, 65.0, 1.0, flat=True),), ())


def test_faults_that_are_seen_and_healed_in_time_are_good() -> None:
    assert GOOD.failures == []
    assert as_json(GOOD)["verdict"] == "ok"
    assert "Verdict: **passed**" in markdown(GOOD)


@pytest.mark.parametrize(
    ("struck", "why"),
    [
        (replace(STRUCK, detected_s=5.0), "kill-worker at 61 s: detected after 5.00 s, not within 5 s"),
        (replace(STRUCK, detected_s=None), "kill-worker at 61 s: the system never said that something is wrong"),
        (replace(STRUCK, healed_s=30.0), "kill-worker at 61 s: healed after 30.0 s, not within 30 s"),
        (replace(STRUCK, healed_s=None), "kill-worker at 61 s: did not heal"),
        (
            replace(QUIET, untold_s=5.0),
            "clock-jump at 95 s: a plan waited for 5.0 s before the system said anything",
        ),
    ],
)
def test_one_late_fault_among_good_ones_fails_the_soak(struck: Struck, why: str) -> None:
    soak = replace(GOOD, struck=(STRUCK, struck, QUIET))

    assert soak.failures == [why]
    assert as_json(soak)["verdict"] == "failed"
    assert "FAILED" in markdown(soak)


def test_an_approval_that_is_answered_late_fails_the_soak() -> None:
    assert replace(GOOD, answered_s=5.0).failures == ["an approval was answered after 5.0 s, not within 5 s"]
    refusing = replace(STRUCK, scenario="postgres-restart")
    assert replace(GOOD, answered_s=12.0, struck=(STRUCK, refusing)).failures == []
    assert replace(GOOD, answered_s=30.0, struck=(refusing,)).failures == [
        "an approval was answered after 30.0 s, not within 30 s"
    ]


def test_what_makes_nobody_wait_at_once_need_not_be_told_at_once() -> None:
    assert replace(GOOD, struck=(replace(QUIET, detected_s=10.2, untold_s=3.1),)).failures == []


def test_whoever_is_to_live_for_long_is_not_ended_in_the_second_half() -> None:
    """The memory of a process is judged by a life that lasts. A frozen supervisor ends nobody."""
    ended = {f.name for f in FAULTS if f.name.startswith(("kill-", "frozen-"))} - {"kill-broker"}
    assert ended == ENDS
    assert left(FAULTS, late=False) == list(FAULTS)
    assert {f.name for f in FAULTS} - {f.name for f in left(FAULTS, late=True)} == ENDS


def test_dead_letters_and_other_problems_fail_it_too() -> None:
    soak = replace(GOOD, problems=("1 good records are dead letters, such as one",))

    assert soak.failures == list(soak.problems)


def test_a_soak_leaves_out_what_needs_a_system_of_another_kind() -> None:
    left_out = {"broker-partition", "disk-full", "frozen-supervisor", "open-transaction"}

    assert set(SCENARIOS) - {f.name for f in FAULTS} == {*left_out, "deaf-worker", "deaf-worker-aiokafka"}
