"""What is counted of an attempt that failed."""

from __future__ import annotations

import pytest

from schemas.topics import AGENTS_DLQ, PLAN_EVENTS
from streams.retries.counting import count_failed
from tests.support.counted import counted


def test_a_retry_is_counted_by_its_tier_and_a_dead_letter_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    told = counted(monkeypatch, "worker")
    for goes_to in ("agents.retry.1s", "agents.retry.1s", "agents.retry.5s", AGENTS_DLQ):
        count_failed(PLAN_EVENTS, goes_to)

    assert [told("retried_total", tier=f"agents.retry.{tier}") for tier in ("1s", "5s", "30s")] == [2.0, 1.0, None]
    assert told("retried_total", tier=AGENTS_DLQ) is None
    assert [told("records_total", topic=PLAN_EVENTS, outcome=outcome) for outcome in ("retried", "dead")] == [3.0, 1.0]
