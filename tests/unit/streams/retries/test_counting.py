"""What is counted of an attempt that failed."""

from __future__ import annotations

import pytest

from schemas.process import metrics
from schemas.topics import AGENTS_DLQ, PLAN_EVENTS
from streams.retries.counting import count_failed


def test_a_retry_is_counted_by_its_tier_and_a_dead_letter_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    meter = metrics.Meter("worker")
    monkeypatch.setitem(metrics._meter, metrics._THIS, meter)
    for goes_to in ("agents.retry.1s", "agents.retry.1s", "agents.retry.5s", AGENTS_DLQ):
        count_failed(PLAN_EVENTS, goes_to)

    def told(name: str, **labels: str) -> float | None:
        return meter.registry.get_sample_value(f"marketplace_{name}_total", labels)

    assert [told("retried", tier=f"agents.retry.{tier}") for tier in ("1s", "5s", "30s")] == [2.0, 1.0, None]
    assert told("retried", tier=AGENTS_DLQ) is None
    assert [told("records", topic=PLAN_EVENTS, outcome=outcome) for outcome in ("retried", "dead")] == [3.0, 1.0]
