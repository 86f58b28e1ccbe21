"""A receiver of traces: OTLP over HTTP with protobuf, as Jaeger and every collector take it."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1 import trace_pb2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.ports import free_port
from tests.support.patience import PATIENCE_S


@dataclass(frozen=True)
class Span:
    """One finished span. Ids are hex digits; `parent_id` is empty for a root. Times in nanoseconds since 1970 UTC."""

    service: str
    name: str
    kind: str  # SERVER, CLIENT, PRODUCER, CONSUMER or INTERNAL
    trace_id: str
    span_id: str
    parent_id: str
    start: int
    end: int
    failed: bool
    links: tuple[tuple[str, str], ...]  # (trace id, span id) of each
    attributes: dict[str, Any] = field(hash=False)
    version: str = ""  # of the process that sent it

    def __str__(self) -> str:
        return f"{self.service}: {self.name} {self.attributes.get('marketplace.event.type', '')}".strip()


class Receiver:
    """Keeps every span that was sent to `endpoint`."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        #: What was sent, as it came: events and stack traces of spans, too.
        self.bodies: list[bytes] = []
        self._spans: dict[tuple[str, str], Span] = {}
        self._lock = threading.Lock()

    @property
    def spans(self) -> list[Span]:
        """Every span so far, in the order of their start."""
        with self._lock:
            return sorted(self._spans.values(), key=lambda span: span.start)

    def wait_for(self, found: Callable[[list[Span]], bool], within_s: float = PATIENCE_S) -> list[Span]:
        """Return all spans once `found` says so and each has its parent; each process sends its own when it likes.

        Raises TimeoutError with the tree of what came.
        """
        deadline = time.monotonic() + within_s
        while not (found(self.spans) and no_orphan(self.spans)):
            if time.monotonic() > deadline:
                raise TimeoutError("these spans came:\n" + "\n".join(drawn(self.spans)))
            time.sleep(0.1)
        return self.spans

    async def take(self, request: Request) -> Response:
        """Answer an export request."""
        body = await request.body()
        if request.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        sent = ExportTraceServiceRequest.FromString(body)
        with self._lock:
            self.bodies.append(body)
            for span in _spans(sent):
                self._spans[span.trace_id, span.span_id] = span
        return Response(ExportTraceServiceResponse().SerializeToString(), media_type="application/x-protobuf")


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Receive traces on a free port of this machine."""
    port = free_port()
    receiving = Receiver(f"http://127.0.0.1:{port}")
    app = Starlette(routes=[Route("/v1/traces", receiving.take, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, name="otlp", daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the receiver of traces did not start")
        time.sleep(0.01)
    try:
        yield receiving
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)


def children(spans: list[Span], parent: Span) -> list[Span]:
    """Return the spans that hang on this one."""
    return [span for span in spans if span.trace_id == parent.trace_id and span.parent_id == parent.span_id]


def no_orphan(spans: list[Span]) -> bool:
    """Say whether the parent of every span is there."""
    known = {(span.trace_id, span.span_id) for span in spans}
    return all(not span.parent_id or (span.trace_id, span.parent_id) in known for span in spans)


def drawn(spans: list[Span]) -> list[str]:
    """Return the spans as indented lines, trees one after the other; for a message that a person reads."""
    known = {(span.trace_id, span.span_id) for span in spans}

    def tree(span: Span, depth: int) -> Iterator[str]:
        yield f"{'  ' * depth}{span} [{span.kind}]"
        for child in children(spans, span):
            yield from tree(child, depth + 1)

    roots = [span for span in spans if (span.trace_id, span.parent_id) not in known]
    return [line for root in roots for line in tree(root, 0)]


def _spans(sent: ExportTraceServiceRequest) -> Iterator[Span]:
    for of_resource in sent.resource_spans:
        resource = {pair.key: _value(pair.value) for pair in of_resource.resource.attributes}
        for of_scope in of_resource.scope_spans:
            for span in of_scope.spans:
                yield Span(
                    service=str(resource.get("service.name", "")),
                    name=span.name,
                    kind=trace_pb2.Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
                    trace_id=span.trace_id.hex(),
                    span_id=span.span_id.hex(),
                    parent_id=span.parent_span_id.hex(),
                    start=span.start_time_unix_nano,
                    end=span.end_time_unix_nano,
                    failed=span.status.code == trace_pb2.Status.STATUS_CODE_ERROR,
                    links=tuple((link.trace_id.hex(), link.span_id.hex()) for link in span.links),
                    attributes={pair.key: _value(pair.value) for pair in span.attributes},
                    version=str(resource.get("service.version", "")),
                )


def _value(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    return None if kind is None else getattr(value, kind)
