"""What watchdogs say of the broker, for all others: one that is gone is not believed for ever; and more."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import pytest

from projections.migrate import migrate
from schemas.process.kafka import Brokers
from streams.settings import Settings
from streams.watchdog import watch
from streams.watchdog.broker import BrokerView
from streams.watchdog.settings import Patience
from streams.watchdog.watch import Watch

SETTINGS = Settings(Brokers("127.0.0.1:1"), "http://127.0.0.1:1", "", 6.0, 4, None, None)
ANSWERS = SimpleNamespace(away_s=0.0, seen=False, error="")
AWAY = SimpleNamespace(away_s=3.0, seen=False, error="no route to host")


def watchdog(sees: SimpleNamespace) -> Watch:
    made = Watch(SETTINGS, Patience(), cast("asyncpg.Pool", None))
    made._broker = cast("BrokerView", sees)
    return made


@pytest.fixture
async def connection(new_database: Any) -> Any:
    url = await new_database()
    await migrate(url)
    made = await asyncpg.connect(url)
    yield made
    await made.close()


async def state(connection: asyncpg.Connection) -> tuple[str, int]:
    """Return the breaker's state, and how often it has changed."""
    row = await connection.fetchrow(
        "select state, (select count(*) from decide.outbox where type like 'breaker.%') as changes"
        " from flow.breaker where name = 'broker'"
    )
    assert row is not None
    return row["state"], row["changes"]


async def test_what_a_watchdog_said_that_is_gone_is_put_right_by_the_next(
    connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "ANSWERS_S", 0.0)
    well, cut_off = watchdog(ANSWERS), watchdog(AWAY)
    await well._tell_of_broker(connection)

    await cut_off._tell_of_broker(connection)  # and its host dies
    assert await state(connection) == ("open", 1)
    await well._tell_of_broker(connection)

    assert await state(connection) == ("closed", 2)
    await well._tell_of_broker(connection)
    assert await state(connection) == ("closed", 2), "what is so already is no event"


async def test_it_is_not_said_with_every_look(connection: asyncpg.Connection) -> None:
    well, cut_off = watchdog(ANSWERS), watchdog(AWAY)
    await well._tell_of_broker(connection)
    await cut_off._tell_of_broker(connection)

    await well._tell_of_broker(connection)

    assert (await state(connection))[0] == "open"


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
