"""The states of circuit breakers as Prometheus reads them."""

from __future__ import annotations

from gateway.services.metrics import Metrics


def test_a_breaker_is_in_one_state_and_one_that_is_gone_is_in_none() -> None:
    metrics = Metrics()

    def states(name: str) -> list[float | None]:
        of = metrics.registry.get_sample_value
        return [
            of("marketplace_breaker_state", {"name": name, "state": state}) for state in ("closed", "half_open", "open")
        ]

    metrics.breakers({"agent:x/m": "open", "webhook:erp": "closed"})
    assert (states("agent:x/m"), states("webhook:erp")) == ([0.0, 0.0, 1.0], [1.0, 0.0, 0.0])
    metrics.breakers({"agent:x/m": "half_open"})
    assert (states("agent:x/m"), states("webhook:erp")) == ([0.0, 1.0, 0.0], [None] * 3)
