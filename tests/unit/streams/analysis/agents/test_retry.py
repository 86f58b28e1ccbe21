"""When to ask again, and when not."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from streams.analysis.agents.retry import RETRY_AFTER_LIMIT, Backoff, retry_after

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "Sun, 01 Mar 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Sun, 01 Mar 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "Sun, 01 Mar 2026 09:00:30 -0300"}, 30.0),
        ({"retry-after-ms": "1500", "retry-after": "60"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "60"}, 60.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, RETRY_AFTER_LIMIT),
        ({"retry-after": "999999999999"}, RETRY_AFTER_LIMIT),
    ],
)
def test_retry_after_in_every_form(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


def test_waits_grow_up_to_the_longest_and_attempts_are_bounded() -> None:
    backoff = Backoff(attempts=6, first_s=1.0, longest_s=4.0)
    waits = [backoff.wait(n, None, 100.0, lambda: 1.0) for n in range(1, 7)]
    assert waits == [1.0, 2.0, 4.0, 4.0, 4.0, None]


def test_chance_spreads_a_wait_but_never_to_nothing() -> None:
    backoff = Backoff(first_s=1.0)
    assert backoff.wait(1, None, 100.0, lambda: 0.0) == 0.5
    assert backoff.wait(1, None, 100.0, lambda: 0.5) == 0.75


def test_the_servers_wish_is_never_shortened() -> None:
    for chance in (0.0, 0.5, 1.0):
        wait = Backoff().wait(1, 3.0, 100.0, itertools.repeat(chance).__next__)
        assert wait is not None
        assert 3.0 <= wait <= 3.25


def test_a_wait_that_does_not_fit_into_the_time_left_is_no_wait() -> None:
    assert Backoff().wait(1, 10.0, 10.0, lambda: 0.0) is None
    assert Backoff().wait(1, None, 0.1, lambda: 0.0) is None
    assert Backoff().wait(1, 10.0, 10.1, lambda: 0.0) == 10.0
