"""Grafana's dashboards: files of what `make_dashboards.py` says, asked of the data sources that there are."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.grafana.make_dashboards import DASHBOARDS, FOLDER, Dashboard, text
from gateway.services.metrics import Metrics
from schemas.metrics import METRICS

ROOT = Path(__file__).parents[2]
GRAFANA = ROOT / "deploy" / "grafana"


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda one: one.uid)
def test_its_file_is_what_the_code_says(dashboard: Dashboard) -> None:
    assert (FOLDER / f"{dashboard.uid}.json").read_text("utf-8") == text(dashboard), (
        "python deploy/grafana/make_dashboards.py"
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


def test_every_metric_of_a_process_is_shown_or_counts_what_another_shows() -> None:
    asked = " ".join(e for dashboard in DASHBOARDS for panel in dashboard.panels for e in panel.asked.values())
    named = {name.removesuffix("_bucket") for name in re.findall(r"marketplace_\w+", asked)}
    gateways = {f"{f.name}_total" if f.type == "counter" else f.name for f in Metrics().registry.collect()}
    assert named <= {metric.shown for metric in METRICS} | gateways
