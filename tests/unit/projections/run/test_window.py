"""Records that wait for the projections: in their turn as in the log, the smaller and more urgent part ahead of it."""

from __future__ import annotations

import random
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition

from projections.run.window import Window
from schemas.headers import PRIORITY
from schemas.topics import PLAN_EVENTS, SYSTEM_EVENTS, TASK_EVENTS

PLANS = TopicPartition(PLAN_EVENTS, 0)
OTHERS = TopicPartition(PLAN_EVENTS, 1)
TASKS = TopicPartition(TASK_EVENTS, 0)
SYSTEM = TopicPartition(SYSTEM_EVENTS, 0)


class Log:
    """A log that makes records with rising offsets."""

    def __init__(self) -> None:
        self.ends: dict[TopicPartition, int] = defaultdict(int)

    def records(self, tp: TopicPartition, *said: str, value: bytes | None = b"x") -> dict[TopicPartition, list[Any]]:
        """Return records of `key` or `key:priority`."""
        made = []
        for one in said:
            key, _, priority = one.partition(":")
            headers = [(PRIORITY, priority.encode())] if priority else []
            offset, self.ends[tp] = self.ends[tp], self.ends[tp] + 1
            made.append(SimpleNamespace(offset=offset, key=key.encode() or None, value=value, headers=headers))
        return {tp: made}


def keys(found: dict[TopicPartition, list[Any]]) -> list[str]:
    return [(record.key or b"").decode() for records in found.values() for record in records]


def lows(count: int, name: str = "low") -> list[str]:
    return [f"{name}{n}:low" for n in range(count)]


def test_the_urgent_go_ahead_of_a_flood_each_once_and_all_have_their_turn() -> None:
    window, log = Window(), Log()
    window.add(log.records(PLANS, *lows(10), "a:high", "a", "b:normal", *lows(10)))
    assert keys(window.ahead(5, 100)) == ["a", "a", "b"]
    assert window.ahead(5, 100) == {}
    assert [record.offset for record in window.take(100)[PLANS]] == list(range(23))
    assert (len(window), window.room) == (0, 24_000)


def test_nothing_goes_ahead_where_all_of_it_fits_into_a_turn() -> None:
    window, log = Window(), Log()
    window.add(log.records(PLANS, "low:low", "a:high"))
    assert window.ahead(2, 100) == {}
    assert keys(window.ahead(1, 100)) == ["a"]


def test_where_most_is_as_urgent_nothing_goes_ahead() -> None:
    window, log = Window(), Log()
    window.add(log.records(PLANS, *lows(3), *[f"a{n}:high" for n in range(4)]))
    assert window.ahead(1, 100) == {}


def test_in_a_flood_that_says_nothing_of_its_priority_the_high_go_ahead() -> None:
    window, log = Window(), Log()
    window.add(log.records(PLANS, *"cdefg", "a:high"))
    assert keys(window.ahead(1, 100)) == ["a"]


def test_a_plans_lane_holds_for_what_does_not_say_it_also_later_and_on_the_other_topic() -> None:
    window, log = Window(), Log()
    window.add(log.records(PLANS, *lows(5), "a:high"))
    assert keys(window.ahead(1, 100)) == ["a"]
    window.take(100)
    window.add(log.records(PLANS, *"bcdef") | log.records(TASKS, "a"))
    assert keys(window.ahead(1, 100)) == ["a"]


def test_records_of_one_key_never_overtake_one_another() -> None:
    """One that calls itself more urgent than those before it waits with them: else it would be there without them."""
    window, log = Window(), Log()
    window.add(log.records(PLANS, *lows(5), "a:low", "a:high"))
    assert window.ahead(1, 100) == {}
    window.take(7)
    window.add(log.records(PLANS, *lows(5), "a:high"))
    assert keys(window.ahead(1, 100)) == ["a"]


def test_what_had_to_stay_waits_for_its_turn_and_so_does_what_comes_after_it() -> None:
    window, log = Window(), Log()
    window.add(log.records(PLANS, *lows(9), "a:high", "b:high"))
    window.stay(window.ahead(1, 1))
    window.add(log.records(PLANS, "a"))
    assert keys(window.ahead(1, 100)) == ["b"]
    window.take(100)
    window.add(log.records(PLANS, *lows(9), "a"))
    assert keys(window.ahead(1, 100)) == ["a"]


def test_what_has_had_its_turn_goes_ahead_no_more() -> None:
    window, log = Window(), Log()
    window.add(log.records(PLANS, *lows(9), "a:high", "b:high"))
    assert keys(window.ahead(1, 1)) == ["a"]
    window.take(100)
    window.add(log.records(PLANS, *lows(9), "c:high"))
    assert keys(window.ahead(1, 100)) == ["c"]


def test_only_so_many_go_ahead_at_once_and_those_that_follow_are_next() -> None:
    window, log = Window(), Log()
    window.add(log.records(PLANS, *lows(9), "a:high", "b:high") | log.records(OTHERS, "c:high", *lows(9)))
    assert keys(window.ahead(1, 2)) == ["a", "b"]
    assert keys(window.ahead(1, 2)) == ["c"]


def test_only_plans_and_tasks_go_ahead() -> None:
    window, log = Window(), Log()
    window.add(log.records(SYSTEM, "a:high", *lows(9)) | log.records(PLANS, ":high", *lows(9)))
    assert keys(window.ahead(1, 100)) == [""]


def test_a_turn_takes_its_share_of_each_partition() -> None:
    window, log = Window(), Log()
    window.add(log.records(PLANS, *lows(100)) | log.records(OTHERS, *lows(3, "o")) | log.records(SYSTEM, "s"))
    taken = window.take(30)
    assert {tp: len(records) for tp, records in taken.items()} == {PLANS: 26, OTHERS: 3, SYSTEM: 1}


def test_a_window_has_room_for_so_many_records_and_so_many_bytes() -> None:
    window, log = Window(limit=6, most_bytes=100), Log()
    window.add(log.records(PLANS, *lows(3)))
    assert window.room == 3
    window.add(log.records(PLANS, "a", value=None) | log.records(OTHERS, "b", value=b"x" * 97))
    assert window.room == 0  # one more record, and not one byte
    window.take(5)
    assert window.room == 6
    window.add(log.records(PLANS, *lows(6)))
    assert window.room == 0


def test_so_many_plans_lanes_are_remembered_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.run.window.REMEMBERED", 6)
    window, log = Window(), Log()
    window.add(log.records(PLANS, "a:high", "b:high", *lows(5)))
    assert keys(window.ahead(1, 100)) == ["a", "b"]
    window.take(100)
    window.add(log.records(PLANS, *"bacd"))
    assert keys(window.ahead(1, 100)) == ["b"]
    assert len(window._known) == 6


def test_whatever_comes_in_whatever_portions_each_has_its_turn_in_order_and_keys_stay_in_order_ahead() -> None:
    chance = random.Random(7)
    for _ in range(60):
        window, log = Window(), Log()
        turns: dict[TopicPartition, list[int]] = defaultdict(list)
        shown: set[tuple[TopicPartition, int]] = set()
        sent: dict[tuple[TopicPartition, bytes], list[int]] = defaultdict(list)
        for _ in range(30):
            for tp in chance.sample([PLANS, OTHERS, TASKS], chance.randrange(4)):
                said = [f"k{chance.randrange(12)}{chance.choice(['', ':high', ':low', ':?'])}" for _ in range(9)]
                found = log.records(tp, *said)
                for record in found[tp]:
                    sent[tp, record.key].append(record.offset)
                window.add(found)
            for tp, records in window.ahead(chance.randrange(20), chance.randrange(1, 9)).items():
                for record in records:
                    before = [one for one in sent[tp, record.key] if one < record.offset]
                    assert all((tp, one) in shown or one < len(turns[tp]) for one in before)
                    assert record.offset >= len(turns[tp])
                    shown.add((tp, record.offset))
            for tp, records in window.take(chance.randrange(1, 25)).items():
                turns[tp] += [record.offset for record in records]
        for tp, records in window.take(10_000).items():
            turns[tp] += [record.offset for record in records]
        assert {tp: list(range(end)) for tp, end in log.ends.items()} == turns
        assert len(window) == window._bytes == sum(window._waiting.values()) == len(window._of_key) == 0
