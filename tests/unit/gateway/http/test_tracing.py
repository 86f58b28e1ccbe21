"""The trace of a request: its own span where spans are recorded, the caller's context where not."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from starlette.types import Scope

from gateway.http.tracing import traced
from schemas.process import telemetry

ROUTE = "/api/tasks/{task_id}"
CALLER = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"


def scope(traceparent: str | None = None) -> Scope:
    headers = [(b"traceparent", traceparent.encode())] if traceparent else []
    return {"type": "http", "method": "PATCH", "path": "/api/tasks/1", "scheme": "http", "headers": headers}


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "enabled", lambda: True)
    monkeypatch.setattr(telemetry, "tracer", lambda: provider.get_tracer("test"))
    return exporter


def test_a_request_has_a_span_under_the_callers(spans: InMemorySpanExporter) -> None:
    with traced(scope(CALLER), ROUTE, "r-1") as trace:
        trace.answered(202)
    (span,) = spans.get_finished_spans()
    assert span.name == f"PATCH {ROUTE}"
    assert span.kind == SpanKind.SERVER
    assert span.parent is not None
    assert f"{span.parent.span_id:016x}" == "b" * 16
    assert span.attributes is not None
    assert span.attributes["http.response.status_code"] == 202
    assert span.attributes["http.route"] == ROUTE
    assert trace.traceparent == telemetry.format_traceparent(span.context)
    assert span.status.status_code == StatusCode.UNSET


def test_a_failure_is_marked(spans: InMemorySpanExporter) -> None:
    with traced(scope(), ROUTE, "r-1") as trace:
        trace.failed(ValueError("x"))
        trace.answered(500)
    (span,) = spans.get_finished_spans()
    assert span.parent is None
    assert span.status.status_code == StatusCode.ERROR
    assert [e.name for e in span.events] == ["exception"]


def test_without_recording_the_callers_context_goes_on() -> None:
    with traced(scope(CALLER), ROUTE, "r-1") as trace:
        assert trace.traceparent == CALLER
        assert trace.span is None


@pytest.mark.parametrize("given", [None, "", "nonsense", "00-" + "0" * 32 + "-" + "b" * 16 + "-01", CALLER + "-x"])
def test_a_context_that_is_none_is_replaced(given: str | None) -> None:
    with traced(scope(given), ROUTE, "r-1") as trace:
        assert telemetry.parse_traceparent(trace.traceparent) is not None
        assert trace.traceparent != given
