"""A chat server that misbehaves, the agent's client, and the spans of its calls."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from streams.analysis.agents.client import AgentClient
from tests.support.misbehaving_agent import MisbehavingAgent


@pytest.fixture(scope="module")
def server() -> Iterator[MisbehavingAgent]:
    with MisbehavingAgent() as running:
        yield running


@pytest.fixture
async def agent(server: MisbehavingAgent) -> AsyncIterator[AgentClient]:
    server.behave("good")
    async with AgentClient(server.settings()) as client:
        yield client


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """The spans of the calls, as a collector gets them."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr("streams.analysis.agents.client._tracer", provider.get_tracer("test"))
    return exporter
