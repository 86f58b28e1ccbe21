"""Records a SERVER span for each request, if spans are recorded at all, and gives its commands the trace context."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, SpanKind, Status, StatusCode
from starlette.types import Scope

from schemas.process import telemetry


@dataclass(slots=True)
class RequestTrace:
    """The trace of a request. `traceparent` goes with its commands."""

    traceparent: str
    span: trace.Span | None = None

    def answered(self, status: int) -> None:
        if self.span is not None:
            self.span.set_attribute("http.response.status_code", status)
            if status >= 500:
                self.span.set_status(Status(StatusCode.ERROR))

    @property
    def recorded(self) -> str | None:
        """The id of the trace; None if this process does not record it."""
        return None if self.span is None else telemetry.recorded(self.traceparent)

    def failed(self, error: BaseException) -> None:
        if self.span is not None:
            self.span.record_exception(error)


@contextmanager
def traced(scope: Scope, route: str, request_id: str) -> Iterator[RequestTrace]:
    """Open the span of one request, named by method and route; the caller's `traceparent` is its parent."""
    given = next((v for n, v in scope["headers"] if n == b"traceparent"), None)
    traceparent = given.decode("latin-1") if given is not None else None
    parent = telemetry.parse_traceparent(traceparent)
    if not telemetry.enabled():
        yield RequestTrace(traceparent if parent is not None and traceparent else telemetry.new_traceparent())
        return
    context = Context() if parent is None else trace.set_span_in_context(NonRecordingSpan(parent))
    with telemetry.tracer().start_as_current_span(
        f"{scope['method']} {route}",
        context=context,
        kind=SpanKind.SERVER,
        record_exception=False,
        set_status_on_exception=False,
        attributes={
            "http.request.method": scope["method"],
            "http.route": route,
            "url.path": scope["path"],
            "url.scheme": scope["scheme"],
            "client.address": scope["client"][0] if scope.get("client") else "",
            "marketplace.request.id": request_id,
        },
    ) as span:
        yield RequestTrace(telemetry.format_traceparent(span.get_span_context()), span)
