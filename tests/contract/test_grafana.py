"""Grafana's dashboards: files of what `make_dashboards.py` says, asked of the data sources that there are."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.grafana.make_dashboards import DASHBOARDS, FOLDER
from deploy.grafana.panels import Dashboard, text
from gateway.services.metrics import Metrics
from schemas.metrics import METRICS
from tests.support.prometheus import LABELS, OF_SERIES, rules

ROOT = Path(__file__).parents[2]
GRAFANA = ROOT / "deploy" / "grafana"


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda one: one.uid)
def test_its_file_is_what_the_code_says(dashboard: Dashboard) -> None:
    assert (FOLDER / f"{dashboard.uid}.json").read_text("utf-8") == text(dashboard), (
        "python -m deploy.grafana.make_dashboards"
    )


def test_there_are_no_others_and_grafana_finds_them() -> None:
    assert {path.stem for path in FOLDER.glob("*")} == {dashboard.uid for dashboard in DASHBOARDS}
    provided = yaml.safe_load((GRAFANA / "provisioning" / "dashboards" / "dashboards.yml").read_text("utf-8"))
    (path,) = [provider["options"]["path"] for provider in provided["providers"]]
    compose: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    assert f"./deploy/grafana/dashboards:{path}:ro" in compose["services"]["grafana"]["volumes"]


def test_its_panels_ask_a_source_that_is_provided() -> None:
    sources = yaml.safe_load((GRAFANA / "provisioning" / "datasources" / "datasources.yml").read_text("utf-8"))
    uids = {source["uid"] for source in sources["datasources"]}
    for dashboard in DASHBOARDS:
        panels = json.loads(text(dashboard))["panels"]
        assert {panel["datasource"]["uid"] for panel in panels} <= uids
        places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
        assert len(places) == len(set(places))


#: Metrics that no panel shows, and why.
NOT_SHOWN = {
    "marketplace_broker_up": "only of the gateway whose relay is at work; marketplace_broker_reached is always there",
    "process_max_fds": "a limit of the machine",
    "process_open_fds": "a sum of files and connections that no panel explains",
    "process_start_time_seconds": "the versions show what began anew",
    "process_virtual_memory_bytes": "the resident memory is what a process takes",
    "python_info": "the same for all of an image",
}


def shown(names: set[str], expressions: str) -> set[str]:
    """Return the metrics that these expressions ask for, a histogram by whichever of its parts."""
    return {name for name in names if re.search(rf"\b{name}(_bucket|_sum|_count)?\b", expressions)}


def test_every_metric_of_a_process_is_shown_or_has_a_reason_why_not() -> None:
    asked = " ".join(e for dashboard in DASHBOARDS for panel in dashboard.panels for e in panel.asked.values())
    gateways = {f"{f.name}_total" if f.type == "counter" else f.name for f in Metrics().registry.collect()}
    known = {metric.shown for metric in METRICS} | gateways
    assert known - shown(known, asked) == set(NOT_SHOWN)
    named = {
        re.sub("_(bucket|sum|count)$", "", name) for name in re.findall(r"(?:marketplace|gen_ai|process)_\w+", asked)
    }
    assert named - {name for name in named if name.startswith("gen_ai_")} <= known, "and none is asked for that is gone"


def test_a_metric_that_no_panel_asks_for_is_seen() -> None:
    assert shown({"marketplace_a", "marketplace_b"}, "sum(rate(marketplace_a_bucket[5m]))") == {"marketplace_a"}


def strange(expression: str, legend: str = "") -> set[str]:
    """Return the labels that an expression or its legend names, and none of the metrics in it has.

    Nothing says so: a matcher finds nothing, and `by` makes one sum of all. A panel with `or vector(0)` shows 0.
    """
    names = [name for name in re.findall(r"\w+", expression) if name in LABELS]
    if not names:
        return set()  # of recorded series
    known = set().union(*(LABELS[name] for name in names)) | OF_SERIES
    by = {label.strip() for group in re.findall(r"by \(([^)]*)\)", expression) for label in group.split(",")}
    matched = {
        label
        for name, matchers in re.findall(r"(\w+)\{([^}]*)\}", expression)
        for label in re.findall(r'(\w+)\s*(?:=~|!=|!~|=)\s*"', matchers)
        if label not in LABELS.get(name, {label}) | OF_SERIES
    }
    return (by - known) | matched | (set(re.findall(r"\{\{(\w+)\}\}", legend)) - (by or known))


def test_panels_and_rules_name_labels_that_their_metrics_have() -> None:
    asked = [one for dashboard in DASHBOARDS for panel in dashboard.panels for one in panel.asked.items()]
    asked += [("", rule["expr"]) for rule in rules()]
    assert {expression: found for legend, expression in asked if (found := strange(expression, legend))} == {}


def test_a_label_that_no_metric_has_is_seen() -> None:
    assert strange("sum by (tiers) (rate(marketplace_retried_total[5m])) or vector(0)") == {"tiers"}
    assert strange('sum(increase(marketplace_records_total{outcom="dead"}[1h])) or vector(0)') == {"outcom"}
    assert strange("max by (agent) (marketplace_agent_calls)", "{{name}}") == {"name"}


def test_objectives_have_what_sloth_records_of_them() -> None:
    asked = " ".join(e for dashboard in DASHBOARDS for panel in dashboard.panels for e in panel.asked.values())
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    assert set(re.findall(r"slo:[\w:]+", asked)) <= recorded
