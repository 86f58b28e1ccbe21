"""What the database tells is not told as that of now while it tells nothing."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

from gateway.routes.health import _gauge
from gateway.services.metrics import Metrics
from gateway.verdict.judge import judge
from gateway.verdict.kinds import Kind
from projections.reads.agent_spend import AgentSpend
from tests.unit.gateway.verdict.examples import EXAMPLES

OF_THE_DATABASE = (
    "marketplace_outbox_waiting",
    "marketplace_outbox_oldest_seconds",
    "marketplace_outbox_set_aside",
    "marketplace_dead_letters",
    "marketplace_dead_letters_oldest_seconds",
    "marketplace_retries_waiting",
    "marketplace_retries_overdue_seconds",
    "marketplace_oldest_seconds",
    "marketplace_breaker_state",
)


def told(metrics: Metrics) -> dict[str, list[float]]:
    return {
        family.name: [sample.value for sample in family.samples if not math.isnan(sample.value)]
        for family in metrics.registry.collect()
    }


def look(metrics: Metrics, kind: Kind) -> dict[str, list[float]]:
    services: Any = SimpleNamespace(metrics=metrics)
    _gauge(services, judge(EXAMPLES[kind]))
    return told(metrics)


def test_figures_of_a_database_that_is_away_are_not_told() -> None:
    metrics = Metrics()
    before = look(metrics, Kind.BREAKER_OPEN)
    assert all(before[name] for name in OF_THE_DATABASE)
    away = look(metrics, Kind.DATABASE_AWAY)
    assert [name for name in OF_THE_DATABASE if away[name]] == []
    assert away["marketplace_database_up"] == [0.0]
    after = look(metrics, Kind.BREAKER_OPEN)
    assert all(after[name] for name in OF_THE_DATABASE)


def test_what_tokens_cost_is_told_where_somebody_has_said_it() -> None:
    assert AgentSpend("agent:a/m", 4, 100, 50, 1.0, 0.0).unpriced
    assert not AgentSpend("agent:a/m", 4, 100, 50, 1.0, 0.2).unpriced
    assert not AgentSpend("agent:a/m", 4, 0, 0, 1.0, 0.0).unpriced, "none was answered"
    metrics = Metrics()
    metrics.agent("agent:a/m", calls=4, asked=100, answered=50, seconds=1.0, cost=None)
    assert (told(metrics)["marketplace_agent_calls"], told(metrics)["marketplace_agent_cost"]) == ([4.0], [])
