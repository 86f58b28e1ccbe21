"""Where a log was cut is told by its leaders' epochs, however far it has grown since."""

from __future__ import annotations

from streams.watchdog.reach import BEFORE_S, UNNOTED_S, Reach, cut, grown, led_anew, sent_since

A, B, C = ("plan.events", 0), ("plan.events", 1), ("task.events", 0)
NOTED = {A: Reach(3, 105), B: Reach(3, 50)}


def test_another_leader_is_looked_at_with_the_epoch_of_the_one_before() -> None:
    assert led_anew(NOTED, {A: Reach(4, 300), B: Reach(3, 60), C: Reach(0, 1)}) == {A: 3}


def test_a_topic_that_was_made_anew_has_a_shorter_log() -> None:
    assert led_anew(NOTED, {A: Reach(3, 7), B: Reach(0, 900)}) == {A: 3, B: 3}


def test_what_reaches_further_under_the_same_leader_is_noted() -> None:
    seen = {A: Reach(3, 106), B: Reach(3, 50), C: Reach(0, 4)}
    assert grown(NOTED, seen) == {A: Reach(3, 106), C: Reach(0, 4)}


def test_another_leaders_log_is_noted_once_it_is_mended() -> None:
    assert grown(NOTED, {A: Reach(4, 300)}) == {}


def test_a_log_that_ended_before_what_was_seen_of_it_is_cut() -> None:
    assert cut(NOTED, {A: 100, B: 50}) == {A: 100}
    assert cut(NOTED, {A: 120}) == {}


def test_what_was_published_since_the_last_record_that_is_left_is_sent_again() -> None:
    assert sent_since({A: 100, B: 10}, {A: 5000.0, B: 4000.0}, 9000.0) == 4000.0 - BEFORE_S


def test_of_an_empty_partition_all_is_sent_again() -> None:
    assert sent_since({A: 100, B: 0}, {A: 5000.0}, 9000.0) == 0.0


def test_without_a_cut_only_what_was_not_noted_is_sent_again() -> None:
    assert sent_since({}, {}, 9000.0) == 9000.0 - UNNOTED_S
