"""Alerts: each asks for metrics that the gateway has, and leads to a runbook's section that exists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.metrics import Metrics

ROOT = Path(__file__).parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
RULES = [
    rule
    for path in sorted(PROMETHEUS.glob("rules/*.yml"))
    for group in yaml.safe_load(path.read_text("utf-8"))["groups"]
    for rule in group["rules"]
]


def unknown(expression: str) -> set[str]:
    """Return the metrics of an expression that the gateway does not have."""
    known = {line.split()[2] for line in Metrics().exposition().decode().splitlines() if line.startswith("# TYPE")}
    return set(re.findall(r"marketplace_\w+", expression)) - known


def test_prometheus_reads_the_rules() -> None:
    settings = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text("utf-8"))

    assert settings["rule_files"] == ["rules/*.yml"]
    assert RULES


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_can_fire_and_says_what_to_do(rule: dict[str, Any]) -> None:
    assert "marketplace_" in rule["expr"]
    assert unknown(rule["expr"]) == set()
    assert rule["labels"]["severity"] in {"warning", "critical"}
    page, _, section = rule["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^## (.+)$", (ROOT / page).read_text("utf-8"), re.MULTILINE)
    assert section in {heading.lower().replace(" ", "-") for heading in headings}


def test_a_metric_that_is_gone_is_seen() -> None:
    assert unknown("max(marketplace_dead_letters) > marketplace_gone") == {"marketplace_gone"}
