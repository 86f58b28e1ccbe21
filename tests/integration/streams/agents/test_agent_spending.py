"""What a call to an agent costs, and what a budget does not bear."""

from __future__ import annotations

from datetime import date

import pytest

from streams.analysis.agents.client import AgentClient
from streams.analysis.agents.errors import AgentNotCalled, AgentRejected, AgentUnavailable
from streams.analysis.agents.meter import Taken, Ticket
from streams.analysis.agents.prices import Price
from streams.analysis.failing import use_of
from tests.integration.streams.agents.test_agent import Waits
from tests.support.misbehaving_agent import MisbehavingAgent, facts


class Purse:
    """A meter with so much money, that remembers."""

    def __init__(self, money: float) -> None:
        self.left = money
        self.aside: list[float] = []
        self.taken: list[Taken] = []

    async def reserve(self, agent: str, cost: float) -> Ticket | None:
        if cost > self.left:
            return None
        self.left -= cost
        self.aside.append(cost)
        return Ticket(agent, date(2026, 3, 1), cost)

    async def settle(self, ticket: Ticket, taken: Taken) -> None:
        self.taken.append(taken)
        self.left += 0.0 if taken.cost is None else ticket.cost - taken.cost


PRICE = Price(1_000.0, 2_000.0)


async def test_a_call_costs_what_its_tokens_cost(server: MisbehavingAgent) -> None:
    server.behave("not-json", "good")
    purse = Purse(1_000.0)
    async with AgentClient(server.settings(price=PRICE), meter=purse, sleep=Waits()) as client:
        [use] = (await client.analyse("shopee", facts())).use
    assert use.calls == 2
    assert use.cost == pytest.approx(PRICE.of(use.input_tokens, use.output_tokens))
    assert use.cost == pytest.approx(1_000.0 - purse.left)


async def test_what_is_put_aside_covers_letters_that_are_tokens_of_their_own(server: MisbehavingAgent) -> None:
    server.behave("good")
    told, purse = "\u4ef7\u683c" * 300, Purse(10_000.0)  # "price", in Chinese
    async with AgentClient(server.settings(price=PRICE), meter=purse) as client:
        await client.analyse("shopee", facts())
        await client.analyse("shopee", facts(told))
    without, with_it = purse.aside
    assert with_it - without == pytest.approx(PRICE.of(len(told.encode()), 0), rel=0.01)


@pytest.mark.parametrize("behaviour", ["no-usage", "close"])
async def test_what_nobody_counted_stays_put_aside(server: MisbehavingAgent, behaviour: str) -> None:
    server.behave(behaviour)
    purse = Purse(1_000.0)
    async with AgentClient(server.settings(price=PRICE, attempts=1), meter=purse) as client:
        try:
            [use] = (await client.analyse("shopee", facts())).use
        except AgentUnavailable as error:
            [use] = use_of(error)
    assert use.cost is None
    assert 1_000.0 - purse.left > PRICE.of(0, 6_000)


@pytest.mark.parametrize("behaviour", ["status:503", "bad-key"])
async def test_who_turns_a_request_away_is_paid_nothing(server: MisbehavingAgent, behaviour: str) -> None:
    server.behave(behaviour)
    purse = Purse(1_000.0)
    async with AgentClient(server.settings(price=PRICE, attempts=1), meter=purse) as client:
        with pytest.raises((AgentUnavailable, AgentRejected)) as caught:
            await client.analyse("shopee", facts())
    assert caught.value.use is not None
    assert caught.value.use.cost == 0.0
    assert purse.left == 1_000.0


async def test_a_budget_that_does_not_bear_a_call_stops_it_before_it_is_made(server: MisbehavingAgent) -> None:
    server.behave("good")
    async with AgentClient(server.settings(price=PRICE), meter=Purse(PRICE.of(0, 6_000))) as client:
        with pytest.raises(AgentNotCalled) as caught:
            await client.analyse("shopee", facts())
    assert (caught.value.kind, caught.value.use) == ("budget", None)
    assert server.served == []
