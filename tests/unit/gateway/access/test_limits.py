"""Token buckets, with a clock of our own."""

from __future__ import annotations

from itertools import pairwise

import pytest

from gateway.access import limits
from gateway.access.limits import DEFAULT_LIMITS, EVERYBODY, PAUSE_S, Limit, RateLimiter, parse_limits


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_then_the_rate() -> None:
    clock = Clock()
    limiter = RateLimiter({"reads": Limit("reads", 2, 4)}, clock)
    assert [limiter.take("reads", "a").wait for _ in range(5)] == [0, 0, 0, 0, 0.5]
    clock.now = 0.5
    assert limiter.take("reads", "a").wait == 0
    assert limiter.take("reads", "a").wait == 0.5
    clock.now = 1000
    assert [limiter.take("reads", "a").wait for _ in range(5)] == [0, 0, 0, 0, 0.5]


def test_who_goes_on_far_above_its_rate_waits_for_each_refusal() -> None:
    clock = Clock()
    limiter = RateLimiter({"reads": Limit("reads", 2, 4)}, clock)
    asked = [limiter.take("reads", "a") for _ in range(10)]
    assert [grant.wait > 0 for grant in asked] == [False] * 4 + [True] * 6
    assert [grant.pause > 0 for grant in asked] == [False] * 8 + [True] * 2, "refusals up to its burst are told at once"
    assert limiter.take("reads", "b").pause == 0
    clock.now = 0.5
    again = [limiter.take("reads", "a") for _ in range(3)]
    assert [(grant.wait > 0, grant.pause > 0) for grant in again] == [(False, False), (True, False), (True, True)]


def test_no_two_refusals_are_held_for_the_same_time() -> None:
    limiter = RateLimiter({"reads": Limit("reads", 1, 1)}, Clock())
    pauses = sorted(limiter.take("reads", "a").pause for _ in range(102))[2:]
    assert PAUSE_S[0] <= pauses[0] < pauses[-1] <= PAUSE_S[1]
    assert max(b - a for a, b in pairwise(pauses)) < 0.03


def test_who_asks_at_twice_its_rate_is_refused_at_once_for_ever() -> None:
    clock = Clock()
    limiter = RateLimiter({"reads": Limit("reads", 2, 4)}, clock)
    pauses = []
    for _ in range(1000):
        clock.now += 0.25
        pauses.append(limiter.take("reads", "a").pause)
    assert set(pauses) == {0.0}


def test_callers_and_limits_do_not_share() -> None:
    limiter = RateLimiter({"reads": Limit("reads", 1, 1), "commands": Limit("commands", 1, 1)}, Clock())
    assert limiter.take("reads", "a").wait == 0
    assert limiter.take("reads", "b").wait == 0
    assert limiter.take("commands", "a").wait == 0
    assert limiter.take("reads", "a").wait == 1


def test_the_headers_say_what_is_left() -> None:
    limiter = RateLimiter({"reads": Limit("reads", 2, 4)}, Clock())
    assert limiter.take("reads", "a").headers == (
        (b"ratelimit-policy", b'"reads";q=4;w=2'),
        (b"ratelimit", b'"reads";r=3;t=1'),
    )


def test_looking_costs_nothing() -> None:
    clock = Clock()
    limiter = RateLimiter({"failures": Limit("failures", 0.5, 1)}, clock)
    assert limiter.empty("failures", "a") == 0
    limiter.take("failures", "a")
    assert limiter.empty("failures", "a") == limiter.empty("failures", "a") == 2
    clock.now = 2
    assert limiter.empty("failures", "a") == 0


def test_a_flood_of_callers_takes_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_CALLERS", 100)
    limiter = RateLimiter({"reads": Limit("reads", 0.001, 2)}, Clock())
    for n in range(1000):
        limiter.take("reads", str(n))
    assert len(limiter._buckets) <= 100
    limiter.take("reads", "999")
    assert limiter.take("reads", "999").wait > 0


@pytest.mark.parametrize("kept", [limits.EVERYBODY, limits.OF_KEY + "aimed-at"])
def test_a_flood_of_callers_makes_nobody_forget_what_is_counted_of_them_together(
    kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_CALLERS", 100)
    limiter = RateLimiter({"failures": Limit("failures", 1e-6, 1)}, Clock())
    limiter.take("failures", kept)
    for n in range(1000):
        limiter.take("failures", str(n))
    assert limiter.take("failures", kept).wait > 0


def test_limits_are_read_over_the_defaults() -> None:
    read = parse_limits("commands=50/100, reads=off")
    assert read["commands"] == Limit("commands", 50, 100)
    assert read["uploads"] == DEFAULT_LIMITS["uploads"]
    limiter = RateLimiter(read, Clock())
    assert {limiter.take("reads", "a").wait for _ in range(5000)} == {0.0}


@pytest.mark.parametrize(
    "text", ["speed=1/2", "reads=1", "reads=a/b", "reads=0/5", "reads=5/0", "reads=nan/3", "reads"]
)
def test_a_limit_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"reads|speed"):
        parse_limits(text)


def test_what_all_do_together_stays_counted_however_many_callers_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_CALLERS", 5)
    limiter = RateLimiter({"guesses": Limit("guesses", 1, 1), "failures": Limit("failures", 1, 2)}, Clock())
    limiter.take("guesses", EVERYBODY)
    for number in range(20):
        limiter.take("failures", f"caller {number}")
    assert limiter.empty("guesses", EVERYBODY) > 0
