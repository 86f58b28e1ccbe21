"""Trace contexts travel with events whether spans are recorded or not, and garbage stops nobody."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from schemas.process import telemetry

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
GOOD = f"00-{TRACE}-{SPAN}-01"


def test_a_context_goes_there_and_back() -> None:
    context = telemetry.parse_traceparent(GOOD)
    assert context is not None
    assert context.is_remote
    assert context.trace_flags.sampled
    assert telemetry.format_traceparent(context) == GOOD
    assert telemetry.trace_id(GOOD) == TRACE


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "garbage",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE}-{SPAN}-01 ",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-+{TRACE[1:]}-{SPAN}-01",
        f"00-{TRACE[:15]}_{TRACE[16:]}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-zz",
    ],
)
def test_what_is_no_context_is_none(value: str | None) -> None:
    assert telemetry.parse_traceparent(value) is None
    assert telemetry.trace_id(value) is None


def test_a_later_version_is_read_as_far_as_it_is_known() -> None:
    assert telemetry.trace_id(f"01-{TRACE}-{SPAN}-01-more") == TRACE


@settings(deadline=None)
@given(st.text(max_size=80))
def test_no_text_raises(value: str) -> None:
    telemetry.parse_traceparent(value)


def test_a_new_context_is_valid_fresh_and_not_recorded() -> None:
    one, other = telemetry.new_traceparent(), telemetry.new_traceparent()
    context = telemetry.parse_traceparent(one)
    assert context is not None
    assert not context.trace_flags.sampled
    assert telemetry.trace_id(one) != telemetry.trace_id(other)


@pytest.mark.parametrize("broken", ["garbage", "\0", GOOD + "\0"])
def test_a_context_that_nobody_can_read_goes_no_further(broken: str) -> None:
    with telemetry.process("plan.events", broken, {}) as hop:
        assert (hop.traceparent, hop.outgoing("task.events", "task.created", "p")) == (None, None)


@pytest.mark.parametrize("traceparent", [GOOD, None])
def test_where_nothing_is_recorded_the_context_is_handed_on_as_it_came(traceparent: str | None) -> None:
    assert not telemetry.enabled()
    with telemetry.process("plan.events", traceparent, {}) as hop:
        assert hop.span is None
        assert hop.traceparent == hop.outgoing("task.events", "task.created", "p") == traceparent
        hop.failed(ValueError("nobody looks"))
    sending = telemetry.send("plan.events", "plan.approved", "p", traceparent)
    assert (sending.traceparent, sending.span) == (traceparent, None)
    sending.end()


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": ""},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_SDK_DISABLED": "true"},
    ],
)
def test_without_an_endpoint_nothing_is_recorded(env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_SDK_DISABLED"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert telemetry.configure("test") is False
    assert not telemetry.enabled()


def test_what_a_receiver_answers_is_in_no_span(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library's words have its address in them, which is a secret of many receivers."""
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setitem(telemetry._state, "enabled", True)
    monkeypatch.setattr(telemetry, "tracer", lambda: provider.get_tracer("test"))

    with pytest.raises(OSError, match="s3cret"), telemetry.notice("slack", "m1", [GOOD, "", GOOD]):
        raise OSError("https://hooks.example/s3cret does not answer")
    (span,) = kept.get_finished_spans()
    assert (span.name, span.status.status_code, span.status.description) == ("tell slack", StatusCode.ERROR, None)
    assert span.events == ()
    assert [telemetry.format_traceparent(link.context) for link in span.links] == [GOOD]
    assert span.parent is None
