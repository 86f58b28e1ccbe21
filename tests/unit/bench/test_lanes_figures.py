"""What the priority benchmark makes of its samples."""

from __future__ import annotations

import pytest

from bench.lanes.figures import Spread, expected_shares, legs, shares, thinned
from streams.guard.lanes import WEIGHTS


def test_a_spread_says_where_most_are_and_where_the_worst_is() -> None:
    assert Spread.of(range(100, 0, -1)) == Spread(100, 50.5, 91.0, 100.0, 100.0)
    assert Spread.of([7.04]) == Spread(1, 7.0, 7.0, 7.0, 7.0)


def test_a_spread_is_written_down_with_its_units() -> None:
    written = {"count": 1, "p50_ms": 7.0, "p90_ms": 7.0, "p99_ms": 7.0, "max_ms": 7.0}
    assert Spread.of([7.04]).to_dict() == written


def test_nothing_measured_is_no_latency_of_zero() -> None:
    with pytest.raises(ValueError, match="nothing"):
        Spread.of([])


def test_a_ratio_is_taken_at_each_percentile() -> None:
    idle, flood = Spread(9, 10.0, 20.0, 40.0, 50.0), Spread(9, 15.0, 60.0, 60.0, 900.0)
    assert flood.over(idle) == {"p50": 1.5, "p90": 3.0, "p99": 1.5}


def test_shares_count_only_while_every_lane_has_something() -> None:
    done = ["high"] * 2 + ["low"] + ["high"] + ["low"] * 40
    assert shares(done, {"high": 3, "low": 41}) == {"high": 0.75, "low": 0.25}


def test_a_starved_lane_has_no_share() -> None:
    assert shares(["high"] * 5 + ["low"] * 5, {"high": 5, "low": 5}) == {"high": 1.0, "low": 0.0}
    assert shares([], {"high": 1, "low": 1}) == {"high": 0.0, "low": 0.0}


def test_shares_by_weight_add_up() -> None:
    assert sum(expected_shares(WEIGHTS).values()) == pytest.approx(1.0, abs=0.002)
    assert expected_shares({"a": 3, "b": 1}) == {"a": 0.75, "b": 0.25}


def test_a_leg_is_the_median_over_the_samples_that_were_seen_everywhere() -> None:
    moments: list[list[float | None]] = [
        [1.0, 1.010, 1.030],
        [2.0, 2.020, 2.080],
        [3.0, 3.030, 3.090],
        [4.0, None, 9.0],
    ]
    assert legs(moments, ["relay", "worker"]) == {"relay": 20.0, "worker": 60.0}
    assert legs([[1.0, None, 2.0]], ["relay", "worker"]) == {}


def test_a_long_course_is_thinned_and_keeps_both_ends() -> None:
    course = [{"s": float(n)} for n in range(100)]
    kept = thinned(course, 12)
    assert len(kept) == 12
    assert (kept[0], kept[-1]) == (course[0], course[-1])
    assert thinned(course[:5], 12) == course[:5]
