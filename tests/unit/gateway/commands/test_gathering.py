"""For how long commands wait for each other."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import asyncpg
import orjson
import pytest

from gateway.commands import gathering
from gateway.commands.calling import NoRelay
from gateway.commands.commands import Command, Commands
from gateway.commands.gathering import ENOUGH, FROM_PER_S, GAP_S, Gathering


def after(per_s: float, seconds: float = 5.0) -> tuple[Gathering, float]:
    """Return what is known after so long at a steady rate, each command in a call of its own; and when that was."""
    known, now = Gathering(), 0.0
    for number in range(int(per_s * seconds)):
        now = number / per_s
        known.came(1, now)
        known.begun(now)
    return known, now


def test_few_commands_do_not_wait_for_each_other() -> None:
    assert Gathering().wait_s(1, 0.0) == 0.0
    known, now = after(FROM_PER_S / 2)
    known.came(1, now)
    assert known.wait_s(1, now) == 0.0


def test_where_many_come_calls_begin_a_gap_apart() -> None:
    known, now = after(2 * FROM_PER_S)
    assert known.wait_s(1, now) == pytest.approx(GAP_S)
    assert known.wait_s(1, now + GAP_S / 4) == pytest.approx(GAP_S * 3 / 4)
    assert known.wait_s(1, now + 2 * GAP_S) == 0.0


def test_a_call_that_is_large_enough_begins_at_once() -> None:
    known, now = after(2 * FROM_PER_S)
    assert known.wait_s(ENOUGH - 1, now) > 0
    assert known.wait_s(ENOUGH, now) == 0.0


def test_a_flood_that_is_over_is_forgotten() -> None:
    known, now = after(10 * FROM_PER_S)
    later = now + 5.0
    known.came(1, later)
    known.begun(later)
    assert known.wait_s(1, later) == 0.0


class Database:
    """Answers each call as if all of its commands were accepted, and keeps how many it had."""

    def __init__(self) -> None:
        self.calls: list[int] = []

    async def fetchval(self, _: str, rows: str, addresses: list[str]) -> str:
        self.calls.append(len(addresses))
        answer: dict[str, Any] = {"outcome": "accepted", "status": "approved", "version": 3}
        return orjson.dumps([{**answer, "plan_id": one["id"]} for one in orjson.loads(rows)]).decode()


async def test_commands_that_came_while_others_were_waited_for_go_in_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "FROM_PER_S", 0.0)
    monkeypatch.setattr(gathering, "GAP_S", 3600.0)  # what ends the wait is that there are enough
    database = Database()
    commands = Commands(cast("asyncpg.Pool", database), NoRelay())

    async def run(number: int) -> None:
        assert (await commands.run(Command("plan.approve", f"plan-{number}", "ana", "ana", {}))).outcome == "accepted"

    await run(0)
    async with asyncio.TaskGroup() as group:
        for number in range(1, gathering.ENOUGH + 1):
            group.create_task(run(number))
    assert database.calls == [1, gathering.ENOUGH]


async def test_commands_do_not_wait_for_others_that_do_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "FROM_PER_S", 0.0)
    database = Database()
    commands = Commands(cast("asyncpg.Pool", database), NoRelay())

    for number in range(3):
        await commands.run(Command("plan.approve", f"plan-{number}", "ana", "ana", {}))

    assert database.calls == [1, 1, 1]
