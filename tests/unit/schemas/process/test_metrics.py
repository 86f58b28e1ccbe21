"""What a process counts, and the page on which it tells it."""

from __future__ import annotations

import urllib.request

import pytest
from prometheus_client import generate_latest
from prometheus_client.openmetrics import exposition as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from local.ports import free_port
from schemas import metrics as measured
from schemas.process import metrics
from schemas.process.metrics import Meter, Page, page_of
from schemas.process.settings import SettingsError
from tests.support.patience import PATIENCE_S


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> dict[str, Meter]:
    """The module without a meter, whatever a test before has begun."""
    made: dict[str, Meter] = {}
    monkeypatch.setattr(metrics, "_meter", made)
    return made


def samples(meter: Meter) -> dict[tuple[str, tuple[str, ...]], float]:
    families = text_string_to_metric_families(generate_latest(meter.registry).decode())
    return {(s.name, tuple(s.labels.values())): s.value for family in families for s in family.samples}


@pytest.mark.parametrize(
    ("env", "page"),
    [
        ({}, Page()),
        ({"MARKETPLACE_METRICS_PORT": "9100"}, Page("127.0.0.1", 9100)),
        ({"MARKETPLACE_METRICS_PORT": "9100", "MARKETPLACE_METRICS_HOST": "0.0.0.0"}, Page("0.0.0.0", 9100)),
        ({"MARKETPLACE_METRICS_PORT": "9100", "PROMETHEUS_ENABLED": "false"}, Page()),
        ({"MARKETPLACE_METRICS_PORT": "9100", "PROMETHEUS_ENABLED": "True"}, Page("127.0.0.1", 9100)),
    ],
)
def test_the_page_is_where_the_settings_say(env: dict[str, str], page: Page) -> None:
    assert page_of(env) == page


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"MARKETPLACE_METRICS_PORT": "high"}, "MARKETPLACE_METRICS_PORT"),
        ({"MARKETPLACE_METRICS_PORT": "70000"}, "MARKETPLACE_METRICS_PORT"),
        ({"PROMETHEUS_ENABLED": "maybe"}, "PROMETHEUS_ENABLED"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(env: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        page_of(env)


def test_without_a_page_nothing_is_counted(alone: dict[str, Meter]) -> None:
    metrics.begin("worker", Page())
    metrics.count(measured.RECORDS, "plan.events", "done")
    metrics.observe(measured.PHASE1, 1.0)
    metrics.ask(measured.BACKLOG, lambda: [((), 1.0)])
    assert alone == {}


def test_what_is_counted_is_on_the_page(alone: dict[str, Meter]) -> None:
    port = free_port()
    stop = metrics.begin("worker", Page("127.0.0.1", port))
    metrics.count(measured.RECORDS, "plan.events", "done")
    metrics.count(measured.RECORDS, "plan.events", "done", by=2)
    metrics.ask(measured.BACKLOG, lambda: [((), 7.0)])
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE_S) as answer:
            page = answer.read().decode()
    finally:
        stop()
    assert 'marketplace_records_total{outcome="done",topic="plan.events"} 3.0' in page
    assert "marketplace_backlog_records 7.0" in page
    assert "marketplace_build_info{commit=" in page
    assert 'process="worker"' in page


def test_a_port_that_is_taken_stops_nobody(alone: dict[str, Meter], capsys: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    stop = metrics.begin("worker", Page("127.0.0.1", port))
    metrics.begin("pump", Page("127.0.0.1", port))()
    metrics.count(measured.OVERDUE)
    stop()
    assert f"MARKETPLACE_METRICS_PORT={port}" in capsys.readouterr().out


def test_a_value_below_zero_is_a_clock_that_differs(alone: dict[str, Meter]) -> None:
    alone["this process"] = meter = Meter("worker")
    metrics.observe(measured.QUEUE_DELAY, -3.0, "plan.approved")
    told = samples(meter)
    assert told["marketplace_queue_delay_seconds_sum", ("plan.approved",)] == 0.0
    assert told["marketplace_queue_delay_seconds_count", ("plan.approved",)] == 1.0


def test_a_recorded_trace_is_an_exemplar(alone: dict[str, Meter]) -> None:
    alone["this process"] = meter = Meter("worker")
    metrics.observe(measured.PHASE1, 0.3, trace="ab" * 16)
    metrics.observe(measured.PHASE1, 0.7)
    page: str = openmetrics.generate_latest(meter.registry).decode()  # type: ignore[no-untyped-call]
    assert f'le="0.5"}} 1.0 # {{trace_id="{"ab" * 16}"}} 0.3' in page
    assert page.count("trace_id") == 1


def test_a_metric_of_another_process_is_a_mistake(alone: dict[str, Meter]) -> None:
    alone["this process"] = Meter("pump")
    with pytest.raises(KeyError):
        metrics.count(measured.STALLED, "agent")


def test_values_count_as_the_library_counts_them(alone: dict[str, Meter]) -> None:
    bounds = [b for b in measured.SHOWN.buckets if b != float("inf")]
    values = [-1.0, 0.0, *bounds, *(b + 1e-9 for b in bounds), 1e9]
    found = []
    for way in ("together", "one by one", "the library's"):
        alone["this process"] = meter = Meter("projections")
        if way == "together":
            metrics.observe_all(measured.SHOWN, values, "plan.events")
        for value in values:
            if way == "one by one":
                metrics.observe(measured.SHOWN, value, "plan.events")
            elif way == "the library's":
                meter.of(measured.SHOWN, ("plan.events",)).observe(max(0.0, value))
        found.append(samples(meter))
    of_shown = [{k: v for k, v in one.items() if k[0].startswith(measured.SHOWN.name)} for one in found]
    assert of_shown[0] == pytest.approx(of_shown[2])
    assert of_shown[1] == pytest.approx(of_shown[2])
    assert of_shown[0][(f"{measured.SHOWN.name}_count", ("plan.events",))] == len(values)


def test_without_a_meter_many_values_are_nothing(alone: dict[str, Meter]) -> None:
    metrics.observe_all(measured.SHOWN, [1.0], "plan.events")
