"""The gateway's page for Prometheus: as text, or as OpenMetrics with exemplars, as the client asks."""

from __future__ import annotations

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from gateway.services.metrics import Metrics

TRACE = "ab" * 16
OPENMETRICS = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"


@pytest.fixture
def metrics() -> Metrics:
    made = Metrics()
    made.request("GET", "/api/channels", 200, 0.3, TRACE)
    made.request("GET", "/api/channels", 200, 0.7)
    made.unknown()
    return made


def test_who_asks_for_openmetrics_gets_the_traces_of_requests(metrics: Metrics) -> None:
    page, content_type = metrics.exposition(OPENMETRICS)
    assert content_type.startswith("application/openmetrics-text")
    families = text_string_to_metric_families(page.decode())  # type: ignore[no-untyped-call]
    found = [
        (sample.labels["le"], sample.exemplar.labels["trace_id"])
        for family in families
        for sample in family.samples
        if sample.exemplar is not None
    ]
    assert found == [("0.5", TRACE)]


@pytest.mark.parametrize("accept", ["", "*/*", "text/plain;version=0.0.4"])
def test_who_does_not_gets_the_text_of_before(metrics: Metrics, accept: str) -> None:
    page, content_type = metrics.exposition(accept)
    assert content_type.startswith("text/plain")
    assert b"trace_id" not in page
    assert b'marketplace_http_request_seconds_count{method="GET",route="/api/channels"} 2.0' in page
