"""A host whose name cannot be looked up delays only its own webhook, and what was not tried is no failure."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import asyncpg
import pytest

from gateway.alerts.notifiers.base import Failed, NotTried
from gateway.alerts.webhooks import endpoint
from gateway.alerts.webhooks.endpoint import Endpoint
from tests.support.receivers import HttpReceiver
from tests.support.webhooks import HERE, History, Told, registered


@pytest.fixture
def dead(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Collect the hosts that are looked up; the nameserver for `dead.test` does not answer."""
    asked: list[str] = []
    answers = threading.Event()

    def look_up(host: str, _port: int) -> list[str]:
        asked.append(host)
        if host.endswith("dead.test"):
            answers.wait()
            raise OSError("no answer")
        return ["127.0.0.1"]

    monkeypatch.setattr(endpoint, "_look_up", look_up)
    monkeypatch.setattr(endpoint, "_UNDER_WAY", set())
    with ThreadPoolExecutor(endpoint.LOOKUPS) as threads:
        monkeypatch.setattr(endpoint, "_lookups", lambda: threads)
        yield asked
        answers.set()


def of(host: str) -> Endpoint:
    return Endpoint(f"http://{host}/", "s" * 20, HERE)


async def hangs(one: Endpoint) -> None:
    """Start to look a host up, and stop waiting once the look-up is under way."""
    looking = asyncio.create_task(one._address("dead.test", 80, tls=False))
    await asyncio.sleep(0)  # its first step goes as far as that
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking


async def given(pool: asyncpg.Pool, history: History, hook: HttpReceiver) -> Told:
    """A webhook with one event that waits for it."""
    told = await registered(pool, hook.url)
    await history.event("plan.uploaded", uuid4())
    await told.take()
    return told


async def test_a_webhook_looks_its_host_up_once_at_a_time_and_holds_up_no_other(dead: list[str]) -> None:
    one = of("dead.test")
    for _ in range(5):
        await hangs(one)
    assert len(endpoint._UNDER_WAY) == 1
    for n in range(19):
        await hangs(of(f"{n}.dead.test"))
    assert len(endpoint._UNDER_WAY) == 20
    assert await of("erp.test")._address("erp.test", 80, tls=False) == "127.0.0.1"


async def test_a_host_is_called_where_it_was_seen(dead: list[str], hook: HttpReceiver) -> None:
    """A second look-up could lead elsewhere: whoever serves the name answers as he likes."""
    one = Endpoint(hook.url.replace("127.0.0.1", "erp.test"), "s" * 20, HERE)
    assert await one._post(b"{}", {}) == "HTTP 200: ok"
    assert dead == ["erp.test"]
    (got,) = hook.got
    assert got.headers["Host"].partition(":")[0] == "erp.test"


async def test_a_host_is_looked_up_anew_each_time(dead: list[str]) -> None:
    one = of("erp.test")
    for _ in range(2):
        await one._address("erp.test", 80, tls=False)
    assert dead == ["erp.test"] * 2
    with pytest.raises(Failed, match="not called"):
        await Endpoint("http://erp.test/", "s" * 20, ())._address("erp.test", 80, tls=False)


async def test_what_cannot_be_looked_up_for_want_of_a_thread_is_put_off_and_costs_no_try(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver, dead: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = await given(pool, history, hook)
    monkeypatch.setattr(endpoint, "LOOKUPS", 1)
    await hangs(of("dead.test"))
    with pytest.raises(NotTried):
        await of("erp.test")._address("erp.test", 80, tls=False)
    assert await told.send() == 1
    row = await pool.fetchrow("select state, attempts, error from flow.webhook_delivery")
    assert row is not None
    assert tuple(row) == ("waiting", 0, "too many hosts are being looked up")
    assert await pool.fetchval("select count(*) from flow.breaker where failures > 0") == 0
    monkeypatch.undo()
    await pool.execute("update flow.webhook set held_until = null")
    assert await told.send() == 1
    assert len(hook.got) == 1


async def test_a_probe_that_was_not_tried_gives_its_turn_to_the_next(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = await given(pool, history, hook)
    await pool.execute("select flow.breaker_trip('webhook:erp', 'a test', 0, 'test')")
    with monkeypatch.context() as patched:
        patched.setattr(endpoint, "LOOKUPS", 0)
        assert await told.send() == 1
    assert await pool.fetchval("select state from flow.breaker") == "half_open"
    assert hook.got == []
    await pool.execute("update flow.webhook set held_until = null")
    assert await told.send() == 1
    assert len(hook.got) == 1
    assert await pool.fetchval("select state from flow.breaker") == "closed"
