"""Which ids a log line is given: those of the innermost context, those of the span, and never what is no id."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
import structlog
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

from schemas import headers as h
from schemas.process.log_context import (
    NAMED,
    Ids,
    LogContext,
    job,
    of_plan,
    of_record,
    of_records,
    of_rows,
    raised_in,
    within_job,
)
from tests.support.log_lines import IDS, log_lines

log = structlog.get_logger("test")

PLAN = "0190a3c1-0000-7000-8000-00000000000a"
OTHER = "0190a3c1-0000-7000-8000-00000000000b"
TRACE = "a" * 32
TRACEPARENT = f"00-{TRACE}-{'1' * 16}-01"


@dataclass
class Record:
    headers: list[tuple[str, bytes | None]]
    key: bytes | str | None = None


def record(cause: str = "request-1", plan: str = PLAN, traceparent: str = TRACEPARENT) -> Record:
    named = [(h.CAUSATION, cause), (h.CORRELATION, plan), (h.TRACEPARENT, traceparent)]
    return Record([(name, value.encode()) for name, value in named])


def ids_within(context: Any) -> dict[str, Any]:
    """Return what a line within the context has besides what it says."""
    with log_lines() as lines, context:
        log.info("x")
    (line,) = lines
    return {name: value for name, value in line.items() if name not in ("event", "log_level")}


def test_a_record_has_what_its_headers_say() -> None:
    assert ids_within(of_record(record())) == {"request_id": "request-1", "plan_id": PLAN, "trace_id": TRACE}


def test_without_headers_its_key_is_the_plan() -> None:
    assert ids_within(of_record(Record([], PLAN.encode()))) == {"plan_id": PLAN}
    assert ids_within(of_record(Record([], PLAN))) == {"plan_id": PLAN}
    assert ids_within(of_record(Record([]))) == {}


@pytest.mark.parametrize(
    "foreign",
    [
        Record([(h.CAUSATION, b"ana@example.com"), (h.CORRELATION, b"Ana Souza")]),
        Record([(h.CAUSATION, b"x" * 65), (h.TRACEPARENT, b"00-secret")]),
        Record([(h.CAUSATION, b"\xff\xfe"), (h.TRACEPARENT, None)], b"ana@example.com"),
        Record([(h.CAUSATION, b"two\nlines")], b"12345678900"),
    ],
)
def test_what_is_no_id_is_left_out(foreign: Record) -> None:
    """A record comes from anybody, and a log holds no personal data."""
    assert ids_within(of_record(foreign)) == {}


def test_records_together_name_each_id_once_and_count_the_rest() -> None:
    assert ids_within(of_records([record(), record("request-2"), record()])) == {
        "request_id": ["request-1", "request-2"],
        "plan_id": PLAN,
        "trace_id": TRACE,
    }
    many = ids_within(of_records([record(f"request-{n}") for n in range(NAMED + 5)], "relay"))
    assert many["request_id"] == [f"request-{n}" for n in range(NAMED)]
    assert (many["plan_id"], many["ids_left_out"], many["job"]) == (PLAN, 5, "relay")


def test_rows_of_the_outbox_have_their_columns() -> None:
    rows = [{"causation_id": "request-1", "key": PLAN, "traceparent": None}]
    assert ids_within(of_rows(rows, "relay")) == {"job": "relay", "request_id": "request-1", "plan_id": PLAN}


def test_a_go_of_a_job_has_ids_of_its_own() -> None:
    first, second = job("housekeeping"), job("housekeeping")
    said, again, other = ids_within(first), ids_within(first), ids_within(second)
    assert said == again
    assert set(said) == {"job", "request_id", "trace_id"}
    assert said["request_id"].startswith("housekeeping-")
    assert said["request_id"] != other["request_id"]
    assert len(said["trace_id"]) == 32


def test_a_plans_turn_in_a_job_has_the_jobs_request_and_its_own_trace() -> None:
    with job("watchdog") as whole:
        assert ids_within(of_plan(PLAN, TRACEPARENT)) == whole.fields() | {"plan_id": PLAN, "trace_id": TRACE}
        assert ids_within(of_plan(PLAN)) == whole.fields() | {"plan_id": PLAN}
    assert ids_within(of_plan(PLAN, TRACEPARENT)) == {"plan_id": PLAN, "trace_id": TRACE}


def test_what_a_job_sees_to_has_the_jobs_ids_where_it_has_none() -> None:
    """A trace may be known without any span of it."""
    with job("webhooks") as whole:
        event = ids_within(within_job(lambda: (Ids(None, PLAN, None, TRACE),)))
        summary = ids_within(within_job(lambda: ()))
    assert event == whole.fields() | {"plan_id": PLAN, "trace_id": TRACE}
    assert summary == whole.fields()
    assert ids_within(within_job(lambda: (Ids(None, None, None, "ana@example.com"),))) == {}


def test_the_innermost_context_counts_and_ends_with_its_block() -> None:
    with log_lines() as lines, of_record(record()):
        with of_record(record("request-2", OTHER)):
            log.info("inner")
        log.info("outer")
    with log_lines() as after:
        log.info("none")
    assert [line["request_id"] for line in lines] == ["request-2", "request-1"]
    assert not set(after[0]) & set(IDS)


def test_a_span_says_the_trace_and_a_line_may_say_its_own() -> None:
    span = NonRecordingSpan(SpanContext(0xB, 1, is_remote=False, trace_flags=TraceFlags(1)))
    with trace.use_span(span):
        assert ids_within(of_record(record()))["trace_id"] == "0" * 31 + "b"
    with log_lines() as lines, of_record(record()):
        log.info("x", plan_id=OTHER)
    assert lines[0]["plan_id"] == OTHER


async def test_tasks_do_not_share_a_context() -> None:
    async def work(n: int) -> None:
        with of_record(record(f"request-{n}")):
            await asyncio.sleep(0)
            log.info("x", n=n)

    with log_lines() as lines:
        await asyncio.gather(*(work(n) for n in range(20)))
    assert [line["request_id"] for line in lines] == [f"request-{line['n']}" for line in lines]


def fails() -> None:
    with of_records([record("outer")]), of_record(record("inner")):
        raise ValueError


def test_an_error_that_is_logged_further_out_keeps_where_it_was_raised() -> None:
    with pytest.raises(ValueError) as raised:
        fails()
    assert ids_within(raised_in(raised.value))["request_id"] == "inner"
    assert ids_within(raised_in(ValueError())) == {}


def test_nothing_is_asked_where_nothing_is_logged() -> None:
    asked: list[int] = []

    def ids() -> list[Ids]:
        asked.append(1)
        return []

    with LogContext(ids):
        pass
    assert asked == []
