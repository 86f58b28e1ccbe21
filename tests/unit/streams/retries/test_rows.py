"""A parked record as a row of the index: each value is in its column, and comes back as it was."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson

from streams.retries import index
from streams.retries.order import Parked
from streams.retries.rows import columns_of, whole, without_bytes

ROW = Parked(
    record_id="agents|plan.events|3|17",
    group="agents",
    key="plan-1",
    orig_topic="plan.events",
    orig_partition=3,
    orig_offset=17,
    tier="agents.retry.5s",
    replay=2,
    attempt=1,
    type="plan.approved",
    code="LookupError",
    error_class="KeyError",
    message="it is not there",
    behind="agents|plan.events|3|12",
    due_ms=1_773_147_845_123,
    since_ms=1_773_147_840_001,
    value=b"\x00bytes",
    headers=[("ce_type", b"plan.approved"), ("odd", b"\xff\x00")],
    traceparent="00-" + "ab" * 16 + "-" + "cd" * 8 + "-01",
)
OTHER = replace(ROW, record_id="agents|plan.events|3|18", key="", value=None, headers=[], traceparent=None)


def stored(*rows: Parked) -> list[Any]:
    """Return the rows as the database gives them back: by the names that the statement has for its columns."""
    named = re.search(r"v \((record_id.*?)\)", " ".join(index._VALUES.split()))
    assert named is not None
    columns = dict(zip(named[1].split(", "), columns_of(rows), strict=True))
    found = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return [{**row, "state": "waiting", "due_ms": _ms(row["due_at"]), "since_ms": _ms(row["since"])} for row in found]


def _ms(at: datetime) -> int:
    assert at.tzinfo is UTC
    return round(at.timestamp() * 1000)


def test_rows_come_back_as_they_were() -> None:
    assert [whole(row) for row in stored(ROW, OTHER)] == [ROW, OTHER]


def test_without_its_bytes_it_is_the_same_but_for_these() -> None:
    [found] = stored(ROW)
    assert without_bytes(found) == replace(ROW, value=None, headers=Parked("", "", "", "", 0, 0, "").headers)


def test_headers_that_no_database_could_hold_are_stored_as_text() -> None:
    [found] = stored(ROW)
    assert "\0" not in found["headers"]
    assert orjson.loads(found["headers"])[0] == ["ce_type", "plan.approved"]
