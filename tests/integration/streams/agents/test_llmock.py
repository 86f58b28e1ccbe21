"""The agent's client judged by llmock, which knows how the real providers fail and grades what a client does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.llm.answers import good_plan
from streams.analysis.agents.client import AgentClient
from streams.analysis.agents.errors import AgentRejected, AgentUnavailable
from streams.analysis.agents.settings import AgentSettings
from tests.support.misbehaving_agent import facts

ANSWER = json.dumps(good_plan("Write the plan for the channel Shopee (shopee)."))


def settings(llmock: Any, **changes: Any) -> AgentSettings:
    return AgentSettings(
        "test-key", llmock.base_url("openai"), **{"model": "gpt-4o-mini", "deadline_s": 10.0, **changes}
    )


async def test_a_scripted_answer(llmock: Any) -> None:
    llmock.reply(ANSWER)
    async with AgentClient(settings(llmock)) as client:
        analysis = await client.analyse("shopee", facts())
    assert analysis.phases[0].name == json.loads(ANSWER)["phases"][0]["name"]
    llmock.assert_resilient(strict=True)


async def test_a_rate_limit_is_kept_as_the_provider_asks(llmock: Any) -> None:
    llmock.rate_limit(times=2, retry_after=0.5)
    llmock.reply(ANSWER)
    async with AgentClient(settings(llmock)) as client:
        assert (await client.analyse("shopee", facts())).source == "agent"
    assert len(llmock.requests) == 3
    llmock.assert_resilient()


async def test_an_outage_ends_after_the_attempts_without_a_storm(llmock: Any) -> None:
    llmock.outage()
    async with AgentClient(settings(llmock)) as client:
        with pytest.raises(AgentUnavailable):
            await client.analyse("shopee", facts())
    assert len(llmock.requests) == 3
    llmock.assert_resilient()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_a_final_no_is_not_asked_again(llmock: Any, status: int) -> None:
    llmock.fail(status)
    async with AgentClient(settings(llmock)) as client:
        with pytest.raises(AgentRejected) as caught:
            await client.analyse("shopee", facts())
    assert caught.value.status == status
    assert len(llmock.requests) == 1
    llmock.assert_resilient()


async def test_a_prompt_that_is_too_long_is_final(llmock: Any) -> None:
    llmock.context_overflow()
    async with AgentClient(settings(llmock)) as client:
        with pytest.raises(AgentRejected) as caught:
            await client.analyse("shopee", facts())
    assert caught.value.kind == "too_long"
    llmock.assert_resilient()


async def test_a_slow_provider_is_waited_for_within_the_deadline(llmock: Any) -> None:
    llmock.delay(0.5)
    llmock.reply(ANSWER)
    async with AgentClient(settings(llmock)) as client:
        assert (await client.analyse("shopee", facts())).phases
    llmock.assert_resilient(strict=True)
