"""How long the agent's client waits, and for whom: wishes of the server, deadlines, attempts side by side."""

from __future__ import annotations

import asyncio
import socket
import time

import pytest

from streams.analysis.agents.client import AgentClient
from streams.analysis.agents.errors import AgentUnavailable
from streams.analysis.agents.patience import ENOUGH, Patience
from streams.analysis.agents.settings import AgentSettings
from tests.integration.streams.agents.test_agent import Waits
from tests.support.misbehaving_agent import MisbehavingAgent, facts
from tests.support.patience import PATIENCE_S


@pytest.mark.parametrize("behaviour", ["rate-limit:1", "rate-limit-ms:1000", "rate-limit-date:1"])
async def test_the_servers_wish_to_wait_is_kept(server: MisbehavingAgent, behaviour: str) -> None:
    server.behave(behaviour, "good")
    waits = Waits()
    async with AgentClient(server.settings(deadline_s=60), sleep=waits) as client:
        await client.analyse("shopee", facts())
    first, _ = server.served
    [until], [wait] = waits.until, waits.seconds
    assert until - first.at >= 0.99
    assert wait < 2.6


async def test_between_two_attempts_time_really_passes(server: MisbehavingAgent) -> None:
    server.behave("rate-limit-ms:300", "good")
    async with AgentClient(server.settings(deadline_s=60)) as client:
        await client.analyse("shopee", facts())
    first, second = server.served
    assert second.at - first.at >= 0.29


async def test_a_wish_beyond_the_deadline_is_handed_to_the_caller_at_once(server: MisbehavingAgent) -> None:
    server.behave("rate-limit:120", "good")
    waits = Waits()
    async with AgentClient(server.settings(deadline_s=20), sleep=waits) as client:
        with pytest.raises(AgentUnavailable) as caught:
            await client.analyse("shopee", facts())
    assert caught.value.retry_after == 120.0
    assert (len(server.served), waits.seconds) == (1, [])


@pytest.mark.parametrize("behaviour", ["hang", "drip:0.1"])
async def test_the_deadline_ends_a_call_that_does_not_end(server: MisbehavingAgent, behaviour: str) -> None:
    """The server says nothing, or a byte at a time, for longer than a test may take."""
    started = time.monotonic()
    async with AgentClient(server.settings(model=behaviour, deadline_s=0.6)) as client:
        with pytest.raises(AgentUnavailable) as caught:
            await client.analyse("shopee", facts())
    assert caught.value.kind == "timeout"
    assert time.monotonic() - started >= 0.59


async def test_the_callers_deadline_goes_before_the_settings(server: MisbehavingAgent) -> None:
    """By the settings the call would outlive the test: its server hangs for longer."""
    async with AgentClient(server.settings(model="hang", deadline_s=3600)) as client:
        with pytest.raises(AgentUnavailable, match=r"within 0\.4 s"):
            await client.analyse("shopee", facts(), deadline=0.4)


async def test_the_deadline_includes_the_waits(server: MisbehavingAgent) -> None:
    server.behave("rate-limit:60")
    waits = Waits()
    settings = server.settings(deadline_s=100, attempts=10)
    async with AgentClient(settings, sleep=waits, clock=waits.clock) as client:
        with pytest.raises(AgentUnavailable) as caught:
            await client.analyse("shopee", facts())
    assert caught.value.kind == "rate_limit"
    assert len(server.served) == 2
    assert 60 <= waits.clock() < 100


def used_to_quick_answers() -> Patience:
    """An agent that has answered within a tenth of a second so far: longer than three of them is long."""
    known = Patience(least_s=0.3)
    for _ in range(ENOUGH):
        known.answered(0.1)
    return known


class ShortAtFirst(Patience):
    """Gives up the first request after 0.3 s, and no other one: how slow the machine is decides nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def within(self, left: float) -> float:
        self.asked += 1
        return 0.3 if self.asked == 1 else left


async def test_a_request_that_takes_far_longer_than_others_is_given_up_and_asked_anew(server: MisbehavingAgent) -> None:
    server.behave("hang", "good")
    async with AgentClient(server.settings(deadline_s=600), sleep=Waits()) as client:
        client.patience = ShortAtFirst()
        assert len((await client.analyse("shopee", facts())).phases) == 2
    assert len(server.served) == 2


async def test_the_last_attempt_has_all_the_time_that_is_left(server: MisbehavingAgent) -> None:
    server.behave("hang")
    async with AgentClient(server.settings(attempts=2, deadline_s=2.0), sleep=Waits()) as client:
        client.patience = used_to_quick_answers()
        with pytest.raises(AgentUnavailable, match=r"did not answer within 2 s; before that: no answer within 0\.3 s"):
            await client.analyse("shopee", facts())
    assert len(server.served) == 2


async def test_an_agent_learns_how_long_its_answers_take(server: MisbehavingAgent) -> None:
    server.behave("good")
    async with AgentClient(server.settings()) as client:
        client.patience = Patience(least_s=1e-9)
        for _ in range(ENOUGH - 1):
            await client.analyse("shopee", facts())
        assert client.patience.seconds is None
        await client.analyse("shopee", facts())
        assert client.patience.seconds is not None


async def test_what_is_turned_down_at_once_teaches_nothing(server: MisbehavingAgent) -> None:
    server.behave("status:500")
    async with AgentClient(server.settings(), sleep=Waits()) as client:
        client.patience = Patience(least_s=1e-9)
        for _ in range(ENOUGH):
            with pytest.raises(AgentUnavailable):
                await client.analyse("shopee", facts())
        assert client.patience.seconds is None


async def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings = AgentSettings("k", f"http://127.0.0.1:{port}/v1")
    async with AgentClient(settings, sleep=Waits()) as client:
        with pytest.raises(AgentUnavailable) as caught:
            await client.analyse("shopee", facts())
    assert caught.value.kind == "connection"


async def test_calls_run_side_by_side(server: MisbehavingAgent) -> None:
    async with AgentClient(server.settings(model="hang", deadline_s=60)) as client:
        calls = [asyncio.create_task(client.analyse("shopee", facts())) for _ in range(8)]
        async with asyncio.timeout(PATIENCE_S):
            while len(server.served) < 8:
                await asyncio.sleep(0.01)
        ended = [call for call in calls if call.done()]
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
    assert ended == []


async def test_a_cancelled_call_stays_cancelled(server: MisbehavingAgent) -> None:
    async with AgentClient(server.settings(model="hang")) as client:
        call = asyncio.create_task(client.analyse("shopee", facts()))
        async with asyncio.timeout(PATIENCE_S):
            while not server.served:
                await asyncio.sleep(0.01)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call


async def test_the_settings_deadline_bounds_a_longer_one(server: MisbehavingAgent) -> None:
    async with AgentClient(server.settings(model="hang", deadline_s=0.3)) as client:
        with pytest.raises(AgentUnavailable, match=r"within 0\.3 s"):
            await client.analyse("shopee", facts(), deadline=60)
