"""The gateway's metrics for Prometheus. Each application has a registry of its own, so that tests can have many."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from gateway.services import measured
from gateway.services.answers import Answers
from schemas.metrics import BUILD
from schemas.process.metrics import instrument
from schemas.process.version import build

_STATES: Final = ("closed", "half_open", "open")


class BrokerUp(Collector):
    """A gauge without a sample while it is unknown: a relay on standby does not ask the broker."""

    def __init__(self) -> None:
        self.up: bool | None = None

    def collect(self) -> Iterable[Metric]:
        family = GaugeMetricFamily(measured.BROKER_UP.name, measured.BROKER_UP.meaning)
        if self.up is not None:
            family.add_metric([], float(self.up))
        yield family


class Metrics:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.answers = Answers()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        built = build()
        instrument(BUILD, self.registry).labels("gateway", built.version, built.commit).set(1)
        make = partial(instrument, registry=self.registry)
        self._requests: Counter = make(measured.REQUESTS)
        self._seconds: Histogram = make(measured.ANSWERED)
        self._commands: Counter = make(measured.COMMANDS)
        self.auth_failures: Counter = make(measured.AUTH_FAILURES)
        self.streams: Gauge = make(measured.STREAMS)
        self.outbox_waiting: Gauge = make(measured.OUTBOX_WAITING)
        self.outbox_oldest: Gauge = make(measured.OUTBOX_OLDEST)
        self.outbox_set_aside: Gauge = make(measured.OUTBOX_SET_ASIDE)
        self.dead_letters: Gauge = make(measured.DEAD_LETTERS)
        self.dead_letters_oldest: Gauge = make(measured.DEAD_LETTERS_OLDEST)
        self.retries_waiting: Gauge = make(measured.RETRIES_WAITING)
        self.stalled: Gauge = make(measured.PLANS_STALLED)
        self.retries_overdue: Gauge = make(measured.RETRIES_OVERDUE)
        self.oldest: Gauge = make(measured.OLDEST)
        self._breakers: Gauge = make(measured.BREAKERS)
        self.failed_attempts: Gauge = make(measured.FAILED_ATTEMPTS)
        self.findings: Gauge = make(measured.FINDINGS)
        asked = (measured.AGENT_CALLS, measured.AGENT_TOKENS, measured.AGENT_SECONDS, measured.AGENT_COST)
        self._agents: list[Gauge] = [make(metric) for metric in asked]
        self.agent_answers: Gauge = make(measured.AGENT_ANSWERS)
        self.database_up: Gauge = make(measured.DATABASE_UP)
        self.broker_up = BrokerUp()
        self.registry.register(self.broker_up)
        # finding a child by its labels costs more than counting: children are kept
        self._counters: dict[tuple[str, str, int], Counter] = {}
        self._timers: dict[tuple[str, str], Histogram] = {}
        self._outcomes: dict[tuple[str, str], Counter] = {}

    def request(self, method: str, route: str, status: int, seconds: float, trace: str | None = None) -> None:
        """Count an answer. `trace`: the id of its recorded trace, which the bucket of its time leads to."""
        counter = self._counters.get((method, route, status))
        if counter is None:
            counter = self._counters[method, route, status] = self._requests.labels(method, route, str(status))
        counter.inc()
        self.answers.add(route, status)
        timer = self._timers.get((method, route))
        if timer is None:
            timer = self._timers[method, route] = self._seconds.labels(method, route)
        timer.observe(seconds, {"trace_id": trace} if trace else None)

    def agent(self, name: str, *, calls: int, asked: int, answered: int, seconds: float, cost: float | None) -> None:
        """Set the use of an agent in this month. `cost` None: its prices are unknown."""
        of_calls, of_tokens, of_seconds, of_cost = self._agents
        of_calls.labels(name).set(calls)
        of_tokens.labels(name, "input").set(asked)
        of_tokens.labels(name, "output").set(answered)
        of_seconds.labels(name).set(seconds)
        if cost is not None:
            of_cost.labels(name).set(cost)

    def breakers(self, states: Mapping[str, str]) -> None:
        """Set the state of each breaker by its name, and remove every breaker that is not named."""
        self._breakers.clear()
        for name, now in states.items():
            for state in _STATES:
                self._breakers.labels(name, state).set(state == now)

    def unknown(self) -> None:
        """Remove the figures from the database while it does not answer: old ones would pass for current ones."""
        for gauge in (self.dead_letters, self.oldest, self.stalled, self._breakers, self.agent_answers):
            gauge.clear()
        for gauge in (
            self.outbox_waiting,
            self.outbox_oldest,
            self.outbox_set_aside,
            self.dead_letters_oldest,
            self.retries_waiting,
            self.retries_overdue,
        ):
            gauge.set(math.nan)

    def forget_agents(self) -> None:
        """Take back what was told: a new month begins without any, and without the database it is not known."""
        for gauge in self._agents:
            gauge.clear()

    def command(self, command: str, outcome: str) -> None:
        counter = self._outcomes.get((command, outcome))
        if counter is None:
            counter = self._outcomes[command, outcome] = self._commands.labels(command, outcome)
        counter.inc()

    def exposition(self, accept: str = "") -> tuple[bytes, str]:
        """Return the page and its content type: as OpenMetrics, with exemplars, where the client asks for that."""
        encode, content_type = choose_encoder(accept)
        return encode(self.registry), content_type
