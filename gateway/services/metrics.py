"""The gateway's metrics for Prometheus. Each application has a registry of its own, so that tests can have many."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from gateway.services.answers import Answers
from schemas.metrics import BUILD
from schemas.process.version import build

_BUCKETS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_STATES: Final = ("closed", "half_open", "open")


class BrokerUp(Collector):
    """A gauge without a sample while it is unknown: a relay on standby does not ask the broker."""

    def __init__(self) -> None:
        self.up: bool | None = None

    def collect(self) -> Iterable[Metric]:
        family = GaugeMetricFamily(
            "marketplace_broker_up",
            "1 while the relay publishes, 0 while it fails; only of the gateway whose relay is at work.",
        )
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
        Gauge(
            BUILD.name,
            BUILD.meaning,
            BUILD.labels,
            registry=self.registry,
        ).labels("gateway", built.version, built.commit).set(1)
        self._requests = Counter(
            "marketplace_http_requests",
            "Requests by route and status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "marketplace_http_request_seconds",
            "Time to answer.",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._commands = Counter(
            "marketplace_commands", "Commands by what became of them.", ("command", "outcome"), registry=self.registry
        )
        self.auth_failures = Counter(
            "marketplace_auth_failures", "Requests with a key or sign-in that is not valid.", registry=self.registry
        )
        self.streams = Gauge("marketplace_live_streams", "Browsers that listen for changes.", registry=self.registry)
        self.outbox_waiting = Gauge(
            "marketplace_outbox_waiting", "Accepted commands that the log has not acknowledged.", registry=self.registry
        )
        self.outbox_oldest = Gauge(
            "marketplace_outbox_oldest_seconds", "Age of the oldest of them.", registry=self.registry
        )
        self.outbox_set_aside = Gauge(
            "marketplace_outbox_set_aside",
            "Events that are set aside: they do not fit their schema.",
            registry=self.registry,
        )
        self.dead_letters = Gauge(
            "marketplace_dead_letters",
            "Records whose dead letters wait for a decision: open, or blocked because they came back three times.",
            ("state",),
            registry=self.registry,
        )
        self.dead_letters_oldest = Gauge(
            "marketplace_dead_letters_oldest_seconds",
            "Since the oldest of them came, 0 without one.",
            registry=self.registry,
        )
        self.retries_waiting = Gauge(
            "marketplace_retries_waiting", "Records that wait for another attempt.", registry=self.registry
        )
        self.stalled = Gauge(
            "marketplace_plans_stalled",
            "Plans that are stalled now, by state: recovering by itself, or escalated, that is waiting for a person.",
            ("state",),
            registry=self.registry,
        )
        self.retries_overdue = Gauge(
            "marketplace_retries_overdue_seconds",
            "Since the turn of the first of them has come, 0 while it is to come.",
            registry=self.registry,
        )
        self.oldest = Gauge(
            "marketplace_oldest_seconds",
            "For how long the oldest plan or task has been in a status that is not the last; 0 without one.",
            ("kind", "status"),
            registry=self.registry,
        )
        self._breakers = Gauge(
            "marketplace_breaker_state",
            "1 for the state of a circuit breaker (closed, half_open, open), 0 for the others; without those of plans.",
            ("name", "state"),
            registry=self.registry,
        )
        self.failed_attempts = Gauge(
            "marketplace_failed_attempts",
            "Attempts at records that failed within the last minute and are made again, by type of the event.",
            ("type",),
            registry=self.registry,
        )
        self.findings = Gauge(
            "marketplace_findings",
            "What is wrong, as the health report says it: how many findings of each kind.",
            ("kind", "severity", "scope", "effect"),
            registry=self.registry,
        )
        self._agents = [
            Gauge(
                f"marketplace_agent_{name}",
                f"{what} of calls to agents in this month (UTC).",
                labels,
                registry=self.registry,
            )
            for name, what, labels in (
                ("calls", "Number", ("agent",)),
                ("tokens", "Tokens", ("agent", "direction")),
                ("seconds", "Seconds", ("agent",)),
                ("cost", "Cost, by the table of prices, with what is put aside for calls under way,", ("agent",)),
            )
        ]
        self.database_up = Gauge("marketplace_database_up", "1 while Postgres answers.", registry=self.registry)
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
        for gauge in (self.dead_letters, self.oldest, self.stalled, self._breakers):
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
