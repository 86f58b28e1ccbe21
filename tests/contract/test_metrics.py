"""Metrics: declared once, named as Prometheus asks for, and listed in docs/metrics.md."""

from __future__ import annotations

import re

import pytest

from gateway.services.measured import MEASURED
from gateway.services.metrics import Metrics
from schemas.metrics import ALL, METRICS, Metric
from tests.support.metrics_table import DOC, tables


def test_the_docs_list_what_there_is() -> None:
    assert tables() in DOC.read_text("utf-8"), "python -m tests.support.metrics_table"


@pytest.mark.parametrize("metric", [*METRICS, *MEASURED], ids=lambda metric: metric.name)
def test_a_metric_is_well_named(metric: Metric) -> None:
    # those of calls to agents are named as OpenTelemetry names them
    assert re.fullmatch(r"(marketplace|gen_ai_client)(_[a-z0-9]+)+", metric.name)
    assert metric.name.endswith("_seconds") == (metric.unit == "s")
    assert not metric.name.endswith("_total")
    assert metric.meaning.endswith(".")
    assert metric.of
    assert set(metric.of) <= {*ALL, "gateway"}
    assert (metric.kind == "histogram") == bool(metric.buckets)
    assert list(metric.buckets) == sorted(set(metric.buckets))


def test_no_name_means_two_things() -> None:
    names = [metric.name for metric in METRICS]
    declared = {metric.name for metric in MEASURED}
    assert len(names) == len(set(names))
    assert not declared & set(names)
    shown = {family.name for family in Metrics().registry.collect() if family.name.startswith("marketplace_")}
    assert shown == {*declared, "marketplace_build_info"}
