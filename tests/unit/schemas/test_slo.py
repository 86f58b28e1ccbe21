"""Times are counted under the bound that they did not pass; shares and rates are of what was counted, or unknown."""

from __future__ import annotations

import pytest

from schemas.slo import (
    BEYOND_MS,
    BOUNDS_MS,
    BURNS,
    LIMITS,
    OBJECTIVE,
    OBJECTIVES,
    WINDOWS,
    Kind,
    Measure,
    at_most,
    bound_of,
    burn_rate,
    within,
)


@pytest.mark.parametrize(
    ("micros", "bound"),
    [
        (-7_000_000, 5),  # clocks that disagree
        (0, 5),
        (5_000, 5),
        (5_001, 10),
        (100_000, 100),
        (100_001, 250),
        (5_000_000, 5000),
        (5_000_001, 10_000),
        (7_200_000_000, 7_200_000),
        (7_200_000_001, BEYOND_MS),
    ],
)
def test_a_time_is_counted_under_the_bound_that_it_did_not_pass(micros: int, bound: int) -> None:
    assert bound_of(micros) == bound


def test_each_limit_is_a_bound_so_that_what_missed_it_can_be_counted() -> None:
    assert {LIMITS[m] for m in (Measure.PHASE1, Measure.QUEUE, Measure.STALLED, Measure.RECOVERED)} <= {*BOUNDS_MS}
    assert len(LIMITS) == len([o for o in OBJECTIVES if o.kind is Kind.WITHIN])
    assert list(BOUNDS_MS) == sorted(BOUNDS_MS)
    assert {burn.hours for burn in BURNS} <= set(WINDOWS.values())


@pytest.mark.parametrize(
    ("counts", "share", "bound"),
    [
        ({}, 0.99, None),
        ({5: 99, 5000: 1}, 0.99, 5),
        ({5: 98, 5000: 2}, 0.99, 5000),
        ({5: 95, 1000: 5}, 0.95, 5),
        ({100: 999, 250: 1}, 0.999, 100),
        ({100: 998, 250: 2}, 0.999, 250),
        ({5: 1, BEYOND_MS: 1}, 0.99, BEYOND_MS),
        ({5: 1}, 1.5, BEYOND_MS),
    ],
)
def test_a_share_took_at_most_the_bound_under_which_its_last_one_was_counted(
    counts: dict[int, int], share: float, bound: int | None
) -> None:
    assert at_most(counts, share) == bound


def test_what_is_within_a_limit_is_all_that_did_not_pass_it() -> None:
    assert within({5: 3, 5000: 4, 10_000: 5, BEYOND_MS: 6}, 5000) == 7


def test_a_budget_that_is_spent_as_fast_as_it_may_has_the_rate_1() -> None:
    phase1, stalled = OBJECTIVE["phase1"], OBJECTIVE["stalled"]
    assert burn_rate(phase1, 1, 100, 1) == pytest.approx(1.0)
    assert burn_rate(phase1, 144, 1000, 1) == pytest.approx(14.4)
    assert burn_rate(phase1, 0, 100, 1) == 0.0
    assert burn_rate(phase1, 0, 0, 1) is None  # nothing was measured
    assert burn_rate(stalled, 1, 100, 1) is None  # there is no budget


def test_the_time_is_spent_over_the_whole_window() -> None:
    """A restart of 32 s within the first 20 minutes of a system is 32 s of an hour."""
    time = OBJECTIVE["availability"]
    assert burn_rate(time, 32, 1167, 1) == pytest.approx(32 / 3600 / 0.001)
    assert burn_rate(time, 32, 7200, 1) == pytest.approx(32 / 7200 / 0.001)
    assert burn_rate(time, 0, 0, 1) is None


def test_it_is_judged_from_as_many_as_the_budget_allows_a_single_bad_one_of() -> None:
    assert {one.name: one.least for one in OBJECTIVE.values()} == {
        "phase1": 100, "queue": 1000, "detection": 20, "recovery": 20, "stalled": 1, "availability": 1000,
    }  # fmt: skip
