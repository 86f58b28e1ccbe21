"""Beyond the limits little is written down, and never nothing of an address, or of a key that there is."""

from __future__ import annotations

import pytest

from gateway.access import recorded_failures
from gateway.access.limits import Limit
from gateway.access.recorded_failures import RecordedFailures


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_address_has_an_entry_a_minute() -> None:
    clock = Clock()
    told = RecordedFailures(clock)
    assert [told.beyond("a", "") for _ in range(3)] == [True, False, False]
    assert told.beyond("b", "")
    clock.now = 61
    assert [told.beyond("a", "") for _ in range(2)] == [True, False]


def test_one_within_the_limits_is_an_entry_too() -> None:
    clock = Clock()
    told = RecordedFailures(clock)
    told.within("a")
    assert not told.beyond("a", "")
    clock.now = 61
    assert told.beyond("a", "")


def test_addresses_beyond_so_many_have_none_and_a_key_that_there_is_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded_failures, "BEYOND", {**recorded_failures.BEYOND, "beyond": Limit("beyond", 1, 5)})
    clock = Clock()
    told = RecordedFailures(clock)
    assert [told.beyond(f"a{number}", "") for number in range(7)] == [True] * 5 + [False] * 2
    assert [told.beyond("of the thief", "known") for _ in range(2)] == [True, False]
    assert told.beyond("of another", "known, too")
    clock.now = 1
    assert [told.beyond(f"b{number}", "") for number in range(2)] == [True, False]
