"""The request, plan and trace of a log line: lines logged `with` a context here have its ids.

Nothing is worked out before a line is logged, since most records and requests log none: entering costs a ContextVar.
What only looks like an id is left out. A record comes from anybody, and a log holds no personal data.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Any, Final, NamedTuple, Protocol, Self

from opentelemetry import trace

from schemas import headers
from schemas.events import ID_TEXT
from schemas.process import telemetry

#: Ids of each kind that a line of a batch names, since a person reads it; `ids_left_out` counts the rest.
NAMED: Final = 3
#: The same as the gateway takes from its callers.
_REQUEST: Final = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_PLAN: Final = re.compile(ID_TEXT)
_TRACE: Final = re.compile(r"(?!0{32})[0-9a-f]{32}")
_RAISED_IN: Final = "_marketplace_log_context"


class Ids(NamedTuple):
    """`request_id` of a record is what caused it: the request, or the id of the event before it.

    `trace_id`: the trace, where nobody knows which span of it.
    """

    request_id: str | None
    plan_id: str | None
    traceparent: str | None
    trace_id: str | None = None


_NO_IDS: Final = Ids(None, None, None)


class Record(Protocol):
    """A record as consumers and producers have it."""

    @property
    def key(self) -> bytes | str | None: ...
    @property
    def headers(self) -> Iterable[tuple[str, bytes | None]]: ...


class Row(Protocol):
    """A row of the outbox."""

    def __getitem__(self, column: str, /) -> Any: ...


class LogContext:
    """Lines within have the ids that `ids` gives when it is asked, and the name of the `job`, if it is one."""

    __slots__ = ("_ids", "_job", "_token")
    _token: Token[LogContext | None]

    def __init__(self, ids: Callable[[], Iterable[Ids]], job: str = "") -> None:
        self._ids = ids
        self._job = job

    def __enter__(self) -> Self:
        self._token = _current.set(self)
        return self

    def __exit__(
        self, _type: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        _current.reset(self._token)
        if error is not None and not hasattr(error, _RAISED_IN):
            setattr(error, _RAISED_IN, self)

    def fields(self) -> dict[str, Any]:
        """Return the fields of a log line within the context."""
        found: dict[str, dict[str, None]] = {"request_id": {}, "plan_id": {}, "trace_id": {}}
        for ids in self._ids():
            if ids.request_id and _REQUEST.fullmatch(ids.request_id):
                found["request_id"][ids.request_id] = None
            if ids.plan_id and _PLAN.fullmatch(ids.plan_id):
                found["plan_id"][ids.plan_id] = None
            trace_id = telemetry.trace_id(ids.traceparent) or ids.trace_id
            if trace_id and _TRACE.fullmatch(trace_id):
                found["trace_id"][trace_id] = None
        fields: dict[str, Any] = {"job": self._job} if self._job else {}
        for kind, several in found.items():
            named = list(several)[:NAMED]
            if named:
                fields[kind] = named[0] if len(several) == 1 else named
        left_out = max(len(several) for several in found.values()) - NAMED
        return fields | ({"ids_left_out": left_out} if left_out > 0 else {})


_current: ContextVar[LogContext | None] = ContextVar("log_context", default=None)


def of_record(record: Record) -> LogContext:
    """Return the context of one record."""
    return LogContext(lambda: (_ids_of(record),))


def of_records(records: Sequence[Record], job: str = "") -> LogContext:
    """Return the context of records that are handled or sent together."""
    return LogContext(lambda: (_ids_of(record) for record in records), job)


def of_rows(rows: Sequence[Row], job: str = "") -> LogContext:
    """Return the context of rows of the outbox."""
    return LogContext(lambda: (Ids(row["causation_id"], row["key"], row["traceparent"]) for row in rows), job)


def job(name: str) -> LogContext:
    """Return the context of one round of a background job, with a request id and a trace of its own."""
    made: list[Ids] = []

    def ids() -> list[Ids]:
        if not made:
            made.append(Ids(f"{name}-{secrets.token_hex(6)}", None, telemetry.new_traceparent()))
        return made

    return LogContext(ids, name)


def of_plan(plan_id: str, traceparent: str | None = None) -> LogContext:
    """Return the context of one plan's turn within a job: its own trace where it has one, else the job's."""
    return within_job(lambda: (Ids(None, plan_id, traceparent),))


def within_job(ids: Callable[[], Iterable[Ids]]) -> LogContext:
    """Return the context of something that a job sees to. What it has no id of is the job's; so is all, if none."""
    around = _current.get()

    def filled() -> Iterator[Ids]:
        of_job = next(iter(() if around is None else around._ids()), _NO_IDS)  # noqa: SLF001 - its own kind
        for own in tuple(ids()) or (_NO_IDS,):
            traced = own if own.traceparent or own.trace_id else of_job
            plan_id = own.plan_id or of_job.plan_id
            yield Ids(own.request_id or of_job.request_id, plan_id, traced.traceparent, traced.trace_id)

    return LogContext(filled, "" if around is None else around._job)  # noqa: SLF001


def raised_in(error: BaseException) -> AbstractContextManager[object]:
    """Return the innermost context that an error came out of, for whoever logs it further out."""
    found: LogContext | None = getattr(error, _RAISED_IN, None)
    return nullcontext() if found is None else LogContext(found._ids, found._job)  # noqa: SLF001


def add_ids(_logger: object, _method: str, event: Any) -> Any:
    """Give a line its ids, unless it says them itself: the processor of schemas/process/logs.py."""
    context = _current.get()
    fields = {} if context is None else context.fields()
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        fields["trace_id"] = f"{span.trace_id:032x}"
    for name, value in fields.items():
        event.setdefault(name, value)
    return event


def _ids_of(record: Record) -> Ids:
    said = list(record.headers)
    key = record.key.decode("utf-8", "replace") if isinstance(record.key, bytes) else record.key
    return Ids(
        headers.text(said, headers.CAUSATION),
        headers.text(said, headers.CORRELATION) or key,
        headers.text(said, headers.TRACEPARENT),
    )
