"""How much one turn of the projections takes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka import TopicPartition

from projections.run import runner
from projections.run.runner import Runner
from projections.run.turns import BATCH, TURN
from projections.run.window import Window
from projections.settings import Settings
from schemas.headers import PRIORITY
from schemas.process.kafka import Brokers
from schemas.topics import PLAN_EVENTS
from tests.support.letters import CODEC

PLANS = TopicPartition(PLAN_EVENTS, 0)


def made() -> Runner:
    return Runner(Settings(Brokers(""), "http://127.0.0.1:1", "postgresql://"), CODEC)


def records(count: int, begin: int = 0) -> list[Any]:
    """Return records of plans of low priority, the last of them high."""
    return [
        SimpleNamespace(
            topic=PLAN_EVENTS,
            partition=0,
            offset=begin + n,
            timestamp=0,
            key=b"%d" % n,
            value=b"",
            headers=[(PRIORITY, b"high" if n + 1 == count else b"low")],
        )
        for n in range(count)
    ]


class Clock:
    now = 0.0

    def monotonic(self) -> float:
        return self.now


async def test_turns_are_short_for_a_while_after_something_was_shown_before_its_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, turns, shown = Clock(), list[int](), list[int]()
    monkeypatch.setattr(runner, "time", clock)
    tested, window = made(), Window()

    async def mapped(found: list[Any], *, ahead: bool) -> Any:
        assert ahead
        shown.extend(record.offset for record in found)
        return [], [], []

    async def written(*_: Any) -> bool:
        return True

    async def batch(_: Any, taken: dict[TopicPartition, list[Any]], __: Any) -> None:
        turns.append(sum(map(len, taken.values())))
        clock.now += turns[-1] / 1024

    monkeypatch.setattr(tested, "_map", mapped)
    monkeypatch.setattr(tested, "_batch", batch)
    monkeypatch.setattr(runner, "write_ahead", written)
    window.add({PLANS: records(5000)})
    for _ in range(6):
        await tested._turn(cast("Any", None), window, {(PLAN_EVENTS, 0): 0})
    assert turns == [2000, 64, 64, 128, 256, 512]  # two seconds later more with each turn
    assert shown == [4999]


async def test_where_a_turn_takes_long_the_next_ones_are_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, turns = Clock(), list[int]()
    monkeypatch.setattr(runner, "time", clock)
    tested, window = made(), Window()

    async def batch(_: Any, taken: dict[TopicPartition, list[Any]], __: Any) -> None:
        turns.append(sum(map(len, taken.values())))
        clock.now += turns[-1] / 500

    monkeypatch.setattr(tested, "_batch", batch)
    window.add({PLANS: [one for one in records(4001) if one.offset < 4000]})
    for _ in range(2):
        await tested._turn(cast("Any", None), window, {(PLAN_EVENTS, 0): 0})
    assert turns == [2000, 500]


async def test_a_turn_of_few_records_says_nothing_of_how_many_one_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, tested, window = Clock(), made(), Window()
    monkeypatch.setattr(runner, "time", clock)

    async def batch(*_: Any) -> None:
        clock.now += 60

    monkeypatch.setattr(tested, "_batch", batch)
    for few in (TURN - 1, TURN):
        window.add({PLANS: records(few)})
        assert tested._portions.most == BATCH
        await tested._turn(cast("Any", None), window, {})
    assert tested._portions.most == TURN
