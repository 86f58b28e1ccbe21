"""When a waiting record may go, and where to."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from schemas import headers as h
from schemas.topics import REDELIVER, WORK
from streams.pump import due_of, redelivered


def record(**headers: bytes) -> SimpleNamespace:
    return SimpleNamespace(
        key=b"plan-1", value=b"bytes", headers=tuple((k.replace("_", "-"), v) for k, v in headers.items())
    )


@pytest.mark.parametrize(
    ("value", "due"), [(b"1773147845123", 1_773_147_845.123), (b"0", 0.0), (b"soon", 0.0), (b"", 0.0)]
)
def test_due(value: bytes, due: float) -> None:
    assert due_of(record(x_next_attempt_at=value)) == due


def test_a_record_that_does_not_say_is_due() -> None:
    assert due_of(record()) == 0.0


@pytest.mark.parametrize("lane", WORK.values())
def test_a_waiting_analysis_goes_back_to_its_lane(lane: str) -> None:
    assert redelivered(record(x_orig_topic=lane.encode())).topic == lane


@pytest.mark.parametrize("origin", [b"plan.events", b"task.events", b"agents.dlq", b"elsewhere", b""])
def test_everything_else_goes_to_the_agents_alone(origin: bytes) -> None:
    assert redelivered(record(x_orig_topic=origin)).topic == REDELIVER
    assert redelivered(record()).topic == REDELIVER


def test_nothing_else_changes() -> None:
    waiting = record(x_orig_topic=b"plan.events", x_attempt=b"2", traceparent=b"00-1-2-01")
    sent = redelivered(waiting)
    assert (sent.key, sent.value, sent.headers) == (waiting.key, waiting.value, list(waiting.headers))
    assert h.text(sent.headers, h.ATTEMPT) == "2"
