"""Latency counts from the moment when a request was due."""

from __future__ import annotations

import pytest

from bench.load.spread import at, due, latencies, mean, spread


def test_requests_are_due_at_a_steady_rate() -> None:
    assert due(50, 0.1) == pytest.approx([0.0, 0.02, 0.04, 0.06, 0.08])
    assert due(0.5, 1) == [0.0]


def test_who_waits_because_others_are_late_waits_from_when_it_was_due() -> None:
    # one stall of a second: a client that waits for it would have sent the second one only then
    dues = {"a": 10.0, "b": 10.1, "c": 10.2}
    ends = {"a": 11.0, "b": 11.001, "c": 11.002}
    assert latencies(dues, ends) == pytest.approx([802, 901, 1000])


def test_one_without_an_end_is_an_error_and_no_short_latency() -> None:
    with pytest.raises(KeyError):
        latencies({"a": 1.0}, {})


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 5), (0.9, 9), (0.91, 10), (1.0, 10)])
def test_a_percentile_is_a_value_that_was_measured(share: float, value: float) -> None:
    assert at(list(range(1, 11)), share) == value


def test_a_percentile_that_so_few_values_cannot_tell_is_left_out() -> None:
    assert spread([1.0, 2.0, 3.0]) == {"p50_ms": 2.0, "max_ms": 3.0}
    hundred = [float(n) for n in range(1, 101)]
    assert spread(hundred) == {"p50_ms": 50.0, "p99_ms": 99.0, "max_ms": 100.0}
    thousand = [float(n) for n in range(1, 1001)]
    assert spread(thousand)["p99.9_ms"] == 999.0


def test_the_mean_is_of_all_values() -> None:
    assert mean(n for n in (1.0, 2.0, 6.0)) == 3.0
