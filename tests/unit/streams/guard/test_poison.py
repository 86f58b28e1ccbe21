"""The alarm for poison in numbers."""

from __future__ import annotations

from streams.guard.poison import PoisonAlarm


def test_a_few_are_no_alarm() -> None:
    alarm = PoisonAlarm(limit=3, window_s=60)
    assert [alarm.note(float(n)) for n in range(3)] == [False] * 3
    assert alarm.total == 3


def test_many_within_the_window_raise_it_once() -> None:
    alarm = PoisonAlarm(limit=3, window_s=60)
    assert [alarm.note(float(n)) for n in range(10)] == [False] * 3 + [True] + [False] * 6


def test_many_over_a_long_time_do_not() -> None:
    alarm = PoisonAlarm(limit=3, window_s=60)
    assert not any(alarm.note(n * 30.0) for n in range(100))


def test_it_is_raised_again_in_the_next_window() -> None:
    alarm = PoisonAlarm(limit=2, window_s=60)
    raised = [n for n in range(200) if alarm.note(float(n))]
    assert raised == [2, 62, 122, 182]
