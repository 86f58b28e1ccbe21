"""What watchdogs say of the broker, for all others; and which plans they look at."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import pytest

from schemas.process.kafka import Brokers
from streams.settings import Settings
from streams.watchdog import watch
from streams.watchdog.broker import BrokerView
from streams.watchdog.settings import Patience
from streams.watchdog.watch import Watch

SETTINGS = Settings(Brokers("127.0.0.1:1"), "http://127.0.0.1:1", "", 6.0, 4, None, None)
NO_LAG = {"still": dict, "behind": dict, "waited": dict, "known": lambda _: False}
ANSWERS = SimpleNamespace(away_s=0.0, seen=False, error="", **NO_LAG)
AWAY = SimpleNamespace(away_s=3.0, seen=False, error="no route to host", **NO_LAG)


def watchdog(sees: SimpleNamespace) -> Watch:
    made = Watch(SETTINGS, Patience(), cast("asyncpg.Pool", None))
    made._broker = cast("BrokerView", sees)
    return made


@pytest.fixture
async def connection(new_migrated: Any) -> Any:
    made = await asyncpg.connect(await new_migrated())
    yield made
    await made.close()


async def test_a_watchdog_says_of_the_broker_with_its_own_beats() -> None:
    """A watchdog that is gone says nothing any more, so nobody goes on believing it."""
    well, cut_off = watchdog(ANSWERS).progress(), watchdog(AWAY).progress()

    assert (well["broker_away_s"], well["broker_error"]) == (0.0, "")
    assert (cut_off["broker_away_s"], cut_off["broker_error"]) == (3.0, "no route to host")


async def test_all_plans_are_looked_at_at_the_start_and_once_an_hour(connection: asyncpg.Connection) -> None:
    """A watchdog that was away for more than a day leaves no plan executing for ever."""
    asked: list[bool] = []
    slow = False

    class Spy:
        async def fetchval(self, sql: str, *args: object, timeout: float) -> object:
            asked.append(bool(args[-1]))
            if slow:
                raise TimeoutError
            return await connection.fetchval(sql, *args, timeout=timeout)

    made = watchdog(ANSWERS)
    for _ in range(3):
        await made._complete(cast("asyncpg.Connection", Spy()))
    made._completed_all_at -= watch.COMPLETE_ALL_S
    await made._complete(cast("asyncpg.Connection", Spy()))

    slow = True
    made._completed_all_at -= watch.COMPLETE_ALL_S
    for _ in range(2):
        await made._complete(cast("asyncpg.Connection", Spy()))

    assert asked == [True, False, False, True, True, False], "not again and again where it takes too long"
