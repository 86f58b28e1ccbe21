"""Traces: one per plan, from the upload request through its approval to the projected tasks, across every topic.

The requests that decide about a plan later have traces of their own, and links lead from one to the other.

Every span and attribute name of messaging stands here, because the conventions are still moving
(OpenTelemetry semantic conventions for messaging, 1.45). Without an OTLP endpoint in the environment nothing is
recorded, but a trace context still travels with every event, so that logs can be joined.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from schemas.process.version import build

SYSTEM: Final = "messaging.system"
DESTINATION: Final = "messaging.destination.name"
PARTITION: Final = "messaging.destination.partition.id"
OFFSET: Final = "messaging.kafka.offset"
GROUP: Final = "messaging.consumer.group.name"
OPERATION: Final = "messaging.operation.name"
OPERATION_TYPE: Final = "messaging.operation.type"
PLAN: Final = "marketplace.plan.id"
EVENT_TYPE: Final = "marketplace.event.type"
ATTEMPT: Final = "marketplace.attempt"
NOTICE: Final = "marketplace.notice.id"

_NAME: Final = "marketplace"
#: W3C Trace Context; a later version may have more to say at the end.
_TRACEPARENT: Final = re.compile(r"(?!00-.{53})([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?")
_state = {"enabled": False}


def configure(service: str) -> bool:
    """Record spans where OTEL_EXPORTER_OTLP_ENDPOINT (or _TRACES_ENDPOINT) is set; return whether they are.

    Exporter, batching and sampling follow the standard OTEL_* variables. Call once per process.
    """
    wanted = os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")
    if not wanted or os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    # imported here: the exporter costs a quarter of a second that a process without it should not pay
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    provider = TracerProvider(resource=Resource.create(_resource(service)))
    # ours where the standard variables say nothing: an argument would overrule them
    os.environ.setdefault("OTEL_BSP_SCHEDULE_DELAY", "1000")
    os.environ.setdefault("OTEL_BSP_MAX_QUEUE_SIZE", "8192")
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    _state["enabled"] = True
    return True


def _resource(service: str) -> dict[str, str]:
    built = build()
    told = {"service.name": f"marketplace-{service}", "service.version": built.version}
    return told | ({"vcs.ref.head.revision": built.commit} if built.commit else {})


def shutdown() -> None:
    """Send the spans that are not sent yet."""
    provider = trace.get_tracer_provider()
    stop = getattr(provider, "shutdown", None)
    if stop is not None:
        stop()


def enabled() -> bool:
    """Return whether spans are recorded in this process."""
    return _state["enabled"]


def tracer() -> trace.Tracer:
    """Return the tracer of this system."""
    return trace.get_tracer(_NAME)


def new_traceparent() -> str:
    """Return a fresh trace context that is not recorded."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"


def format_traceparent(context: SpanContext) -> str:
    """Return a W3C traceparent."""
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"


@lru_cache(maxsize=1024)
def parse_traceparent(value: str | None) -> SpanContext | None:
    """Return the context of a W3C traceparent, None where it is missing or malformed."""
    match = _TRACEPARENT.fullmatch(value) if value else None
    if match is None or match[1] == "ff":
        return None
    context = SpanContext(
        int(match[2], 16), int(match[3], 16), is_remote=True, trace_flags=TraceFlags(int(match[4], 16))
    )
    return context if context.is_valid else None


def trace_id(traceparent: str | None) -> str | None:
    """Return the 32 hex digits that find the trace in Jaeger, None where there is no trace context."""
    context = parse_traceparent(traceparent)
    return None if context is None else f"{context.trace_id:032x}"


def recorded(traceparent: str | None) -> str | None:
    """Return the id of the trace of a context that somebody records, None for others: what an exemplar leads to."""
    context = parse_traceparent(traceparent)
    return f"{context.trace_id:032x}" if context is not None and context.trace_flags.sampled else None


def current() -> str | None:
    """Return the id of the trace that is recorded here and now, None where none is."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid and context.trace_flags.sampled else None


@dataclass(slots=True)
class Sending:
    """A record on its way to the log: `traceparent` goes with it. `end` it when the log has it."""

    traceparent: str | None
    span: trace.Span | None

    def end(self) -> None:
        """Say that the record is acknowledged."""
        if self.span is not None:
            self.span.end()


def send(topic: str, event_type: str, plan_id: str, traceparent: str | None, link: str | None = None) -> Sending:
    """Span the sending of one record: a PRODUCER span whose parent is `traceparent`, what caused the record.

    `link` is another context that the record belongs to, such as the request that decided about a plan.
    """
    if not _state["enabled"]:
        return Sending(traceparent, None)
    context = parse_traceparent(traceparent)
    if context is not None and not context.trace_flags.sampled:
        return Sending(traceparent, None)
    span = tracer().start_span(
        f"send {topic}",
        context=Context() if context is None else trace.set_span_in_context(NonRecordingSpan(context)),
        kind=SpanKind.PRODUCER,
        attributes={
            SYSTEM: "kafka",
            DESTINATION: topic,
            OPERATION: "send",
            OPERATION_TYPE: "send",
            EVENT_TYPE: event_type,
            PLAN: plan_id,
        },
        links=_links(link),
    )
    return Sending(format_traceparent(span.get_span_context()), span)


@contextmanager
def notice(notifier: str, message_id: str, traceparents: Iterable[str]) -> Iterator[None]:
    """Span the telling of alerts to somebody outside: a trace of its own, linked to those of the plans it is about."""
    if not _state["enabled"]:
        yield
        return
    links = [found for one in dict.fromkeys(traceparents) for found in _links(one)]
    with tracer().start_as_current_span(
        f"tell {notifier}",
        context=Context(),
        kind=SpanKind.CLIENT,
        attributes={NOTICE: message_id},
        links=links,
        record_exception=False,  # what a receiver's library says may have its address, which is a secret
        set_status_on_exception=False,
    ) as span:
        try:
            yield
        except BaseException:
            span.set_status(Status(StatusCode.ERROR))
            raise


def link(traceparent: str | None) -> None:
    """Link the current span to another trace. Does nothing where there is no context, or where it is the same trace."""
    span = trace.get_current_span()
    context = parse_traceparent(traceparent) if span.is_recording() else None
    if context is not None and context.trace_id != span.get_span_context().trace_id:
        span.add_link(context)


def _links(traceparent: str | None) -> list[Link]:
    context = parse_traceparent(traceparent)
    return [] if context is None else [Link(context)]


@dataclass(slots=True)
class Hop:
    """One record on its way through a process: gives the trace context for what comes out of it."""

    incoming: str | None
    span: trace.Span | None

    @property
    def traceparent(self) -> str | None:
        """The trace context to store with a row that another process sends, which opens the sending span itself."""
        return self.own or self.incoming

    @property
    def own(self) -> str | None:
        """The context of the span of this hop, None where there is none."""
        return None if self.span is None else format_traceparent(self.span.get_span_context())

    def outgoing(self, topic: str, event_type: str, plan_id: str) -> str | None:
        """Return the traceparent for a record that this process sends: the context of a PRODUCER span of its own."""
        if self.span is None:
            return self.incoming
        sending = send(topic, event_type, plan_id, self.traceparent)
        sending.end()  # records are sent in batches: the broker's share of the time is in no single one
        return sending.traceparent

    def about(self, plan_id: str, event_type: str) -> None:
        """Say in the span what the record is."""
        if self.span is not None:
            self.span.set_attributes({PLAN: plan_id, EVENT_TYPE: event_type})

    def failed(self, error: BaseException) -> None:
        """Mark the span as failed."""
        if self.span is not None:
            self.span.record_exception(error)
            self.span.set_status(Status(StatusCode.ERROR, str(error)[:200]))


@contextmanager
def process(
    topic: str, traceparent: str | None, attributes: Mapping[str, str | int], failed: str | None = None
) -> Iterator[Hop]:
    """Span the processing of one record: a CONSUMER span whose parent is the record's own context.

    The convention allows a parent for single records; with it a plan is one trace in Jaeger. The attempts at a record
    are siblings, each linked to the one before that `failed`. Without recording, or for a record that is not sampled,
    no span is made.
    """
    context = parse_traceparent(traceparent)
    if not _state["enabled"] or (context is not None and not context.trace_flags.sampled):
        # handed on as it came, unless nobody can read it: then it may not even be stored
        yield Hop(None if context is None else traceparent, None)
        return
    parent = Context() if context is None else trace.set_span_in_context(NonRecordingSpan(context))
    with tracer().start_as_current_span(
        f"process {topic}",
        context=parent,
        kind=SpanKind.CONSUMER,
        attributes={SYSTEM: "kafka", DESTINATION: topic, OPERATION: "process", OPERATION_TYPE: "process", **attributes},
        links=_links(failed),
    ) as span:
        yield Hop(None if context is None else traceparent, span)
