"""Calls to agents are told in the names of OpenTelemetry's conventions for generative AI."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry

from schemas.process import metrics
from streams.analysis.agents.client import AgentClient
from streams.analysis.agents.errors import AgentRejected
from streams.analysis.agents.genai import provider_of
from streams.analysis.agents.settings import AgentSettings
from tests.support.misbehaving_agent import MisbehavingAgent, facts

LABELS = {
    "gen_ai_operation_name": "chat", "gen_ai_provider_name": "openai_compatible", "gen_ai_request_model": "stand-in",
}  # fmt: skip


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> CollectorRegistry:
    """What a runner's page of metrics is made from."""
    meter = metrics.Meter("runner")
    monkeypatch.setitem(metrics._meter, metrics._THIS, meter)
    return meter.registry


async def test_a_span_says_who_was_asked_and_how_the_answer_ended(
    agent: AgentClient, spans: InMemorySpanExporter
) -> None:
    await agent.analyse("shopee", facts())

    [span] = spans.get_finished_spans()
    said = dict(span.attributes or {})
    assert said["gen_ai.provider.name"] == "openai_compatible"
    assert (said["gen_ai.request.model"], said["gen_ai.response.model"]) == ("stand-in", "stand-in")
    assert said["gen_ai.response.finish_reasons"] == ("stop",)
    assert "error.type" not in said


async def test_a_span_says_why_there_is_no_answer(server: MisbehavingAgent, spans: InMemorySpanExporter) -> None:
    server.behave("status:401")
    async with AgentClient(server.settings()) as client:
        with pytest.raises(AgentRejected):
            await client.analyse("shopee", facts())

    [span] = spans.get_finished_spans()
    said = dict(span.attributes or {})
    assert said["error.type"] == "key"
    assert "gen_ai.response.model" not in said


async def test_time_and_tokens_of_a_request_are_measured(agent: AgentClient, counted: CollectorRegistry) -> None:
    [use] = (await agent.analyse("shopee", facts())).use

    assert counted.get_sample_value("gen_ai_client_operation_duration_seconds_count", {**LABELS, "error_type": ""}) == 1
    tokens = [
        counted.get_sample_value("gen_ai_client_token_usage_sum", {**LABELS, "gen_ai_token_type": kind})
        for kind in ("input", "output")
    ]
    assert tokens == [use.input_tokens, use.output_tokens]


async def test_each_request_that_failed_is_measured_with_its_reason(
    server: MisbehavingAgent, counted: CollectorRegistry
) -> None:
    server.behave("status:503", "good")

    async def at_once(_seconds: float) -> None:
        pass

    async with AgentClient(server.settings(), sleep=at_once) as client:
        await client.analyse("shopee", facts())

    for error in ("503", ""):
        found = counted.get_sample_value(
            "gen_ai_client_operation_duration_seconds_count", {**LABELS, "error_type": error}
        )
        assert found == 1, error


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://api.openai.com/v1", "openai"),
        ("https://shop.openai.azure.com/openai/v1", "azure.ai.openai"),
        ("http://llm.internal:8080/v1", "openai_compatible"),
        ("https://api.openai.com.example.net/v1", "openai_compatible"),
        ("https://notapi.groq.com/v1", "openai_compatible"),
    ],
)
def test_who_answers_is_told_by_the_host(url: str, name: str) -> None:
    assert provider_of(AgentSettings("key", base_url=url)) == name
