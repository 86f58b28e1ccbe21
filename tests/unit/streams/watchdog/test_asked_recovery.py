"""What a person asks for is begun wherever anything can be done, whatever the watchdog waits for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemas.causes import Action
from streams.watchdog.asked_recovery import action_of, of_channels
from streams.watchdog.diagnosis import Diagnosis
from streams.watchdog.snapshot import Wait

PHASE1 = Wait("p", "phase1", waited_s=0.3, late_s=-0.7)
ANALYSIS = Wait("p", "analysis", waited_s=9.0, late_s=-66.0, missing=("shopee", "amazon"))
AGAIN = Wait("p", "again", waited_s=9.0, late_s=-66.0, missing=("shopee",), asked_version=3)
WAITS = Diagnosis("breaker-open", "wait")
BUSY = Diagnosis(None)


@pytest.mark.parametrize(
    ("how", "found", "wait", "action"),
    [
        ("recover", BUSY, PHASE1, "make-phase1"),
        ("move_on", BUSY, PHASE1, "make-phase1"),
        ("recover", WAITS, ANALYSIS, "request-again"),
        ("recover", BUSY, ANALYSIS, "request-again"),
        ("recover", Diagnosis("agent-slow", "fail-channels"), ANALYSIS, "fail-channels"),
        ("move_on", BUSY, ANALYSIS, "fail-channels"),
        ("move_on", WAITS, AGAIN, "fail-channels"),
        ("recover", BUSY, replace(ANALYSIS, missing=()), "finish-analysis"),
        ("move_on", BUSY, replace(ANALYSIS, missing=()), "finish-analysis"),
        (
            "recover",
            Diagnosis("projections-behind", "restart-projections"),
            replace(PHASE1, concluded=True),
            "restart-projections",
        ),
        ("move_on", BUSY, replace(PHASE1, concluded=True), "wait"),
        ("move_on", BUSY, replace(ANALYSIS, concluded=True), "wait"),
    ],
)
def test_what_is_begun(how: str, found: Diagnosis, wait: Wait, action: Action) -> None:
    assert action_of(how, found, wait) == action


def test_only_the_channels_that_were_named_are_given_up() -> None:
    assert of_channels(ANALYSIS, []) == ANALYSIS
    assert of_channels(ANALYSIS, ["amazon", "magalu"]) == replace(ANALYSIS, missing=("amazon",))
    assert of_channels(ANALYSIS, ["magalu"]) is None
    assert of_channels(PHASE1, ["amazon"]) == PHASE1
