"""Since when waiting records are known: never earlier than the truth."""

from __future__ import annotations

from aiokafka import TopicPartition

from streams.retries.first_seen import FirstSeen

ONE, OTHER = TopicPartition("t", 0), TopicPartition("t", 1)


def test_a_record_is_known_since_the_first_time_that_it_was_here() -> None:
    seen = FirstSeen()
    seen.note(ONE, 4, 10.0)
    seen.note(ONE, 4, 11.0)  # the same once more, as after a seek
    seen.note(ONE, 7, 12.0)
    seen.note(OTHER, 9, 13.0)

    assert [seen.since(ONE, offset, 20.0) for offset in (0, 4, 5, 7)] == [10.0, 10.0, 12.0, 12.0]
    assert seen.since(OTHER, 3, 20.0) == 13.0


def test_what_is_not_known_is_known_from_now_on() -> None:
    seen = FirstSeen()
    seen.note(ONE, 4, 10.0)

    assert seen.since(ONE, 5, 20.0) == 20.0
    assert seen.since(OTHER, 0, 20.0) == 20.0


def test_one_before_those_that_are_forgotten_is_never_older_than_they_are() -> None:
    seen = FirstSeen()
    seen.note(ONE, 4, 10.0)
    seen.note(ONE, 7, 12.0)
    assert seen.since(ONE, 6, 20.0) == 12.0

    assert seen.since(ONE, 2, 20.0) == 12.0  # after a rebalance from an older offset


def test_nothing_is_known_any_more_once_it_is_cleared() -> None:
    seen = FirstSeen()
    seen.note(ONE, 4, 10.0)
    seen.clear()

    assert seen.since(ONE, 4, 20.0) == 20.0
