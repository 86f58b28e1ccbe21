"""A budget burns where it goes too fast over a window that can tell, and still does."""

from __future__ import annotations

import pytest

from gateway.verdict.burning import burning
from gateway.verdict.words.findings import say
from projections.reads.burning import Burning, burnings


def found(measure: str, windows: dict[int, Burning]) -> list[tuple[str, str, float]]:
    return [
        (f.subject, str(f.values["times"]), float(str(f.values["within"])) / 3600) for f in burning({measure: windows})
    ]


@pytest.mark.parametrize(
    ("windows", "told"),
    [
        ({1: Burning(1000, 150, 290.0)}, [("phase1", "15.0", 1)]),
        ({1: Burning(1000, 144, 290.0)}, []),  # as fast as it may, and no faster
        ({1: Burning(1000, 150, 301.0)}, []),  # it is over
        ({1: Burning(1000, 150, None)}, []),
        ({1: Burning(99, 90, 1.0)}, []),  # the budget is less than one
        ({72: Burning(150, 2, 1.0)}, []),  # two are no trend
        ({6: Burning(1000, 61, 1799.0)}, [("phase1", "6.1", 6)]),
        ({24: Burning(1000, 31, 7199.0)}, [("phase1", "3.1", 24)]),
        ({72: Burning(1000, 11, 21_599.0)}, [("phase1", "1.1", 72)]),
        ({1: Burning(1000, 200, 1.0), 6: Burning(1000, 200, 1.0)}, [("phase1", "20.0", 1)]),  # the shortest is told
        ({1: Burning(50, 50, 1.0), 6: Burning(1000, 200, 1.0)}, [("phase1", "20.0", 6)]),
        ({}, []),
    ],
)
def test_a_budget_burns(windows: dict[int, Burning], told: list[tuple[str, str, float]]) -> None:
    assert found("phase1", windows) == told


def test_each_objective_with_a_budget_has_its_own_budget() -> None:
    assert found("queue", {1: Burning(1000, 20, 1.0)}) == [("queue", "20.0", 1)]
    assert found("stalled", {1: Burning(100, 20, 1.0)}) == []
    assert found("stalled", {1: Burning(100, 80, 1.0)}) == [("detection", "16.0", 1)]
    assert found("recovered", {6: Burning(100, 40, 1.0)}) == [("recovery", "8.0", 6)]
    assert found("uploaded", {1: Burning(100, 100, 1.0)}) == []


def test_the_time_has_a_budget_too_and_it_is_said_in_seconds() -> None:
    assert found("seen", {1: Burning(7200, 120, 1.0)}) == [("availability", "16.7", 1)]
    assert found("seen", {1: Burning(7200, 103, 1.0)}) == []
    assert found("seen", {1: Burning(1167, 32, 1.0)}) == [], "a restart of a young system"
    assert found("seen", {1: Burning(1167, 60, 1.0)}) == [("availability", "16.7", 1)]
    assert found("seen", {1: Burning(0, 0, None)}) == [], "nobody looked: that is unknown"
    (one,) = burning({"seen": {1: Burning(7200, 120, 1.0)}})
    assert say(one).evidence == "120 of 7,200 seconds within 1 h were not as promised."


def test_it_is_said_with_its_numbers() -> None:
    (one,) = burning({"queue": {1: Burning(2000, 60, 1.0)}})
    said = say(one)
    assert said.text == "The error budget of “A worker begins within 100 ms” goes 30 times as fast as it may."
    assert said.evidence == "60 of 2,000 events within 1 h were not as promised."


def test_what_was_read_is_by_measure_and_window() -> None:
    assert burnings(None) == {}
    assert burnings('[["phase1", 1, 10, 2, -0.5], ["phase1", 6, 11, 0, null]]') == {
        "phase1": {1: Burning(10, 2, 0.0), 6: Burning(11, 0, None)}
    }
