"""A decision and the read that it makes for the relay are one call; the relay hears what came of it in any case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import asyncpg
import pytest

from gateway.commands.answer import Answer, answer_of
from gateway.commands.calling import NoRelay, decided
from gateway.commands.deadlock_retry import GIVEN_UP_MOST, tried_again
from gateway.commands.uploader import demand_working
from gateway.problems.problem import Problem

ROWS, ADDRESSES = '[{"action": "plan.approve"}]', ["127.0.0.1"]


class Database:
    """Answers a decision, with these rows of the outbox where it is asked for them, or raises."""

    def __init__(self, *found: Any, error: Exception | None = None) -> None:
        self._found, self._error = found, error
        self.asked: list[tuple[Any, ...]] = []

    async def fetchval(self, statement: str, *given: Any) -> str:
        self.asked.append((statement.split("(", maxsplit=1)[0], *given))
        if self._error is not None:
            raise self._error
        return "answers"

    async def fetch(self, statement: str, *given: Any) -> list[Any]:
        await self.fetchval(statement, *given)
        return [{"answers": "answers"}, *self._found]


class Relay:
    """A relay that rests: it lends its read."""

    known: Sequence[int] = (4, 5)
    most = 16

    def __init__(self) -> None:
        self.given: list[Any] = []

    def lend(self) -> Relay:
        return self

    def wake(self) -> None:
        self.given.append("woken")

    def give(self, rows: Any) -> None:
        self.given.append(rows)


async def test_the_read_of_a_resting_relay_goes_with_the_decision() -> None:
    database, relay = Database("one", "two"), Relay()

    assert await decided(cast("Any", database), relay, ROWS, ADDRESSES) == "answers"
    assert database.asked == [("select * from decide.run_and_read", ROWS, ADDRESSES, (4, 5), 16)]
    assert relay.given == [["one", "two"]]


async def test_a_relay_hears_of_a_call_that_failed() -> None:
    relay = Relay()

    with pytest.raises(OSError, match="away"):
        await decided(cast("Any", Database(error=OSError("away"))), relay, ROWS, ADDRESSES)
    assert relay.given == [None]


async def test_without_a_relay_the_decision_reads_nothing() -> None:
    database = Database()

    assert await decided(cast("Any", database), NoRelay(), ROWS, ADDRESSES) == "answers"
    assert database.asked == [("select decide.run_all", ROWS, ADDRESSES)]


async def test_a_relay_that_reads_by_itself_is_woken_after_the_decision() -> None:
    class Reading(Relay):
        def lend(self) -> Any:
            return None

    relay = Reading()
    await decided(cast("Any", Database()), relay, ROWS, ADDRESSES)
    assert relay.given == ["woken"]

    relay.given.clear()
    with pytest.raises(OSError, match="away"):
        await decided(cast("Any", Database(error=OSError("away"))), relay, ROWS, ADDRESSES)
    assert relay.given == []


def test_a_repeat_gives_the_answer_of_the_first_time() -> None:
    said = {
        "outcome": "accepted",
        "status": "approved",
        "version": 3,
        "plan_id": "p",
        "event_id": "e",
        "replayed": True,
    }
    assert answer_of(said) == Answer("accepted", "approved", 3, "p", "e", repeated=True)


def test_an_answer_that_says_little_leaves_the_rest_empty() -> None:
    assert answer_of({"outcome": "not_found"}) == Answer("not_found")
    assert answer_of({"outcome": "unknown_person", "people": ["ana", "bia"]}).people == ("ana", "bia")


@pytest.mark.parametrize("failures", range(GIVEN_UP_MOST + 1))
async def test_a_transaction_that_lost_to_another_is_tried_three_times_in_all(failures: int) -> None:
    tried: list[int] = []

    async def whole() -> int:
        tried.append(1)
        if len(tried) <= failures:
            raise asyncpg.DeadlockDetectedError("deadlock detected")
        return len(tried)

    if failures < GIVEN_UP_MOST:
        assert await tried_again(whole) == failures + 1
    else:
        with pytest.raises(asyncpg.DeadlockDetectedError):
            await tried_again(whole)
    assert len(tried) == min(failures + 1, GIVEN_UP_MOST)


async def test_another_error_is_not_tried_again() -> None:
    tried: list[int] = []

    async def whole() -> None:
        tried.append(1)
        raise asyncpg.UniqueViolationError("duplicate key")

    with pytest.raises(asyncpg.UniqueViolationError):
        await tried_again(whole)
    assert tried == [1]


@pytest.mark.parametrize(("ended", "refused"), [(True, True), (False, False), (None, False)])
async def test_an_upload_of_a_person_who_ended_meanwhile_is_refused(ended: bool | None, refused: bool) -> None:
    class People:
        async def fetchval(self, _statement: str, handle: str) -> bool | None:
            assert handle == "ana"
            return ended

    if not refused:
        await demand_working(cast("Any", People()), "ana")
        return
    with pytest.raises(Problem, match="ended meanwhile"):
        await demand_working(cast("Any", People()), "ana")
