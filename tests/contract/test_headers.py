"""Headers follow the Kafka protocol binding of CloudEvents 1.0, binary mode: a foreign tool can read them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from schemas import headers
from schemas.catalogue import versions
from schemas.events import Event, record_name
from schemas.wire import from_record
from tests.contract.golden import golden

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
ATTRIBUTE = re.compile(r"^ce_[a-z0-9]{1,20}$")


def event_of(type_: str) -> Event:
    return from_record(type_, dict(golden(type_, 1).record))


@pytest.mark.parametrize("type_", versions())
def test_the_required_attributes_are_there(type_: str) -> None:
    event = event_of(type_)
    written = dict(headers.for_event(event, TRACEPARENT))
    assert written["ce_specversion"] == b"1.0"
    assert written["ce_id"].decode() == event.event_id
    assert written["ce_type"].decode() == type_
    assert written["ce_source"].decode() == event.actor
    assert written["ce_dataschema"].decode() == record_name(type_)
    assert written["content-type"] == b"application/avro"
    assert written["traceparent"].decode() == TRACEPARENT


@pytest.mark.parametrize("type_", versions())
def test_names_and_values_are_legal(type_: str) -> None:
    pairs = headers.for_event(event_of(type_), None)
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names))
    assert [n for n in names if n != "content-type" and not ATTRIBUTE.match(n)] == []
    assert all(isinstance(value, bytes) and value for _, value in pairs)


def test_no_trace_no_header() -> None:
    assert headers.TRACEPARENT not in dict(headers.for_event(event_of("plan.uploaded"), None))


def test_time_is_rfc3339_with_microseconds() -> None:
    written = headers.rfc3339(1_773_147_845_123_456)
    assert written == "2026-03-10T13:04:05.123456+00:00"
    assert datetime.fromisoformat(written) == datetime(2026, 3, 10, 13, 4, 5, 123456, UTC)
    assert headers.rfc3339(1_773_147_845_000_000) == "2026-03-10T13:04:05.000000+00:00"


def test_text_takes_the_last_and_never_raises() -> None:
    pairs = [("a", b"1"), ("b", None), ("a", b"2"), ("c", b"\xff")]
    assert headers.text(pairs, "a") == "2"
    assert headers.text(pairs, "b") is None
    assert headers.text(pairs, "c") == "\ufffd"
    assert headers.text({"a": b"3"}, "a") == "3"
    assert headers.text([], "a") is None


def test_headers_survive_json_byte_by_byte() -> None:
    pairs = [
        ("a", b"text"),
        ("b", b"\xff\xfe"),
        ("c", b"with \0"),
        ("d", "ção".encode()),
        ("a", b""),
        ("e", b'{"base64"}'),
    ]
    assert headers.from_json(headers.to_json(pairs)) == pairs
    assert headers.from_json(headers.to_json([("gone", None)])) == [("gone", b"")]


def test_a_number_is_a_number_or_the_default() -> None:
    pairs = [("n", b"17"), ("neg", b"-1"), ("word", b"x"), ("long", b"9" * 30), ("arabic", "\u0663".encode())]
    assert headers.number(pairs, "n") == 17
    assert [headers.number(pairs, name, 5) for name in ("neg", "word", "long", "arabic", "none")] == [5] * 5
