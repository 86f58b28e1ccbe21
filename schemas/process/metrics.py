"""The metrics of this process, and the page on which Prometheus reads them.

`schemas/metrics.py` declares what there is; here it is counted. Each process has a page of its own, because a page that
is gone is the first sign of a process that is gone: one that a gateway collected for all would hide that, and end with
the gateway. The gateway serves its metrics itself, behind its keys.

Without `begin` nothing is counted, as in tests of units and in commands.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter as Counts
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import structlog
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    start_http_server,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.core import Metric as Family
from prometheus_client.registry import Collector

from schemas.metrics import BUILD, METRICS, Metric
from schemas.process.settings import SettingsError, whole
from schemas.process.version import build

PORT: Final = "MARKETPLACE_METRICS_PORT"
HOST: Final = "MARKETPLACE_METRICS_HOST"
#: The name by which the deployments of before switch metrics off.
ENABLED: Final = "PROMETHEUS_ENABLED"

#: Values of labels -> value, of a metric that is asked for when Prometheus asks.
Asked: TypeAlias = Callable[[], Iterable[tuple[tuple[str, ...], float]]]


@dataclass(frozen=True, slots=True)
class Page:
    """Where this process tells its metrics; port 0: nowhere."""

    host: str = "127.0.0.1"
    port: int = 0


def page_of(env: Mapping[str, str]) -> Page:
    """Read the settings. Raises SettingsError."""
    enabled = (env.get(ENABLED) or "true").strip().lower()
    if enabled not in ("true", "false", "1", "0", "yes", "no", "on", "off"):
        raise SettingsError(f"{ENABLED} must be true or false, not {enabled!r}")
    port = whole(env, PORT, 0, 0, 65535)
    return Page(env.get(HOST) or "127.0.0.1", port if enabled in ("true", "1", "yes", "on") else 0)


class Meter:
    """Counts what is declared for one process."""

    def __init__(self, process: str) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._made: dict[Metric, Any] = {m: instrument(m, self.registry) for m in METRICS if process in m.of}
        # finding a child by its labels costs more than counting: children are kept
        self._children: dict[tuple[Metric, tuple[str, ...]], Any] = {}
        if BUILD in self._made:
            built = build()
            self._made[BUILD].labels(process, built.version, built.commit).set(1)

    def of(self, metric: Metric, labels: tuple[str, ...]) -> Any:
        """Return the instrument of a metric. Raises KeyError for a metric that is not declared for this process."""
        child = self._children.get((metric, labels))
        if child is None:
            made = self._made[metric]
            child = self._children[metric, labels] = made.labels(*labels) if labels else made
        return child

    def ask(self, metric: Metric, asked: Asked) -> None:
        """Ask for the values of a gauge each time that somebody wants them."""
        self.registry.unregister(self._made.pop(metric))
        self.registry.register(_AskedGauge(metric, asked))


_meter: dict[str, Meter] = {}
_THIS: Final = "this process"


def begin(process: str, page: Page) -> Callable[[], None]:
    """Count from now on, and serve the page, where it has a port; return what stops serving it.

    A port that is taken stops nobody: it is logged.
    """
    if not any(process in metric.of for metric in METRICS) or not page.port:
        return lambda: None
    meter = _meter[_THIS] = Meter(process)
    try:
        server, thread = start_http_server(page.port, page.host, meter.registry)
    except OSError as error:
        structlog.get_logger(process).error(
            "nobody can read the metrics of this process",
            setting=f"{PORT}={page.port}",
            error=f"{type(error).__name__}: {error}",
        )
        return lambda: None

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return stop


def count(metric: Metric, *labels: str, by: float = 1) -> None:
    """Add to a counter."""
    meter = _meter.get(_THIS)
    if meter is not None:
        meter.of(metric, labels).inc(by)


def observe(metric: Metric, value: float, *labels: str, trace: str | None = None) -> None:
    """Put a value into a histogram; below zero, which only clocks that differ make, counts as zero.

    `trace` is the id of a recorded trace: an exemplar that leads from the bucket to it.
    """
    meter = _meter.get(_THIS)
    if meter is None:
        return
    histogram = meter.of(metric, labels)
    value = max(0.0, value)
    if trace:
        histogram.observe(value, {"trace_id": trace})
        return
    # what the library does, for half: it asks the buckets one by one
    histogram._sum.inc(value)  # noqa: SLF001
    histogram._buckets[bisect_left(histogram._upper_bounds, value)].inc(1)  # noqa: SLF001


def observe_all(metric: Metric, values: Iterable[float], *labels: str) -> None:
    """Put many values into a histogram. A lock is taken for each bucket that gets some of them, not twice for each."""
    meter = _meter.get(_THIS)
    if meter is None:
        return
    histogram = meter.of(metric, labels)
    found = [max(0.0, value) for value in values]
    histogram._sum.inc(sum(found))  # noqa: SLF001 - the library takes one value at a time
    for bucket, number in Counts(bisect_left(histogram._upper_bounds, value) for value in found).items():  # noqa: SLF001
        histogram._buckets[bucket].inc(number)  # noqa: SLF001


def ask(metric: Metric, asked: Asked) -> None:
    """Let a gauge be asked for its values whenever the page is read."""
    meter = _meter.get(_THIS)
    if meter is not None:
        meter.ask(metric, asked)


def instrument(metric: Metric, registry: CollectorRegistry) -> Any:
    """Return what counts a metric, on a page of its own or the gateway's."""
    match metric.kind:
        case "counter":
            return Counter(metric.name, metric.meaning, metric.labels, registry=registry)
        case "gauge":
            return Gauge(metric.name, metric.meaning, metric.labels, registry=registry)
        case "histogram":
            return Histogram(metric.name, metric.meaning, metric.labels, buckets=metric.buckets, registry=registry)


class _AskedGauge(Collector):
    def __init__(self, metric: Metric, asked: Asked) -> None:
        self._metric = metric
        self._asked = asked

    def collect(self) -> Iterable[Family]:
        family = GaugeMetricFamily(self._metric.name, self._metric.meaning, labels=self._metric.labels)
        for labels, value in self._asked():
            family.add_metric(labels, value)
        yield family
