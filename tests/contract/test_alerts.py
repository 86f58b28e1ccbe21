"""Alerts: each asks for metrics that a process has, and leads to a runbook's section that exists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.alerts.patience import Patience
from gateway.services.metrics import Metrics
from gateway.verdict.judge import RECORDS_LATE_S
from gateway.verdict.kinds import TRAITS
from gateway.verdict.kinds import Kind as Finding
from schemas.metrics import METRICS
from tests.support.prometheus import rules

ROOT = Path(__file__).parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
RULES = list(rules())
ALERTS = [rule for rule in RULES if "alert" in rule]
RECORDED = [rule for rule in RULES if "record" in rule]


def unknown(expression: str) -> set[str]:
    """Return the metrics of an expression that no process has."""
    known = {line.split()[2] for line in Metrics().exposition()[0].decode().splitlines() if line.startswith("# TYPE")}
    known |= {metric.shown for metric in METRICS}
    known |= {
        f"{metric.name}_{part}" for metric in METRICS if metric.kind == "histogram" for part in ("bucket", "count")
    }
    known |= {rule["record"] for rule in RECORDED}
    return set(re.findall(r"(?:marketplace_|slo:)[\w:]+", expression)) - known


def test_prometheus_reads_the_rules() -> None:
    settings = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text("utf-8"))

    assert settings["rule_files"] == ["rules/*.yml"]
    assert RULES


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_an_alert_asks_for_what_there_is_and_says_what_to_do(rule: dict[str, Any]) -> None:
    assert re.search(r"marketplace_|slo:", rule["expr"]) or "up{" in rule["expr"]
    assert unknown(rule["expr"]) == set()
    finding = rule["labels"]["finding"]
    if "$labels" in finding:  # the verdict's own, with its traits
        assert {"severity", "scope"} & rule["labels"].keys() == set()
        assert "by (kind, severity, scope)" in rule["expr"]
    else:
        traits = TRAITS[Finding(finding)]
        assert rule["labels"]["scope"] == traits.scope
        # what the verdict calls a warning calls nobody from elsewhere; a budget that is gone within two days does
        fast = finding == Finding.SLO_BURNING and rule["labels"]["sloth_severity"] == "page"
        assert rule["labels"]["severity"] == ("critical" if fast else traits.severity)
    page, _, section = rule["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^## (.+)$", (ROOT / page).read_text("utf-8"), re.MULTILINE)
    assert section in {heading.lower().replace(" ", "-") for heading in headings}


def test_prometheus_tells_of_records_that_wait_by_the_limits_of_the_verdict() -> None:
    (rule,) = [rule for rule in ALERTS if rule["alert"] == "RecordsWaitLong"]
    hold = Patience().hold(Finding.RECORDS_LATE, TRAITS[Finding.RECORDS_LATE].severity)
    assert float(rule["expr"].rpartition(">")[2]) == RECORDS_LATE_S
    assert rule["for"] == f"{hold.opens_s / 60:g}m"


@pytest.mark.parametrize("rule", RECORDED, ids=lambda rule: f"{rule['record']}-{rule['labels']['sloth_slo']}")
def test_a_recorded_series_is_of_what_there_is(rule: dict[str, Any]) -> None:
    assert unknown(rule["expr"]) == set()


def test_a_metric_that_is_gone_is_seen() -> None:
    assert unknown("max(marketplace_dead_letters) > marketplace_gone") == {"marketplace_gone"}
