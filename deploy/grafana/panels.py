"""How a dashboard of Grafana is made: panels, what they ask Prometheus, and the file that Grafana reads.

A panel is its title, its question to Prometheus and its unit. Which dashboards there are stands in make_dashboards.py.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

_SOURCE: Final = {"type": "prometheus", "uid": "prometheus"}
#: Grafana's grid has 24 columns; three panels stand side by side.
_WIDTH, _HEIGHT, _ACROSS = 8, 7, 3


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart: legend -> expression. `limit` is a red line, in the panel's unit."""

    title: str
    asked: dict[str, str]
    unit: str = "short"
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A page of panels."""

    uid: str
    title: str
    panels: Sequence[Panel]


def quantiles(metric: str, *wanted: float, by: str = "") -> dict[str, str]:
    """Ask for quantiles of a histogram over five minutes."""
    group = f"le, {by}" if by else "le"
    prefix = f"{{{{{by}}}}} " if by else ""
    return {
        f"{prefix}p{100 * q:g}": f"histogram_quantile({q:g}, sum by ({group}) (rate({metric}_bucket[5m])))"
        for q in wanted
    }


def or_none(metric: str, *wanted: float) -> dict[str, str]:
    """Ask for quantiles of what may not have happened; then nothing is drawn, and the panel answers."""
    return {legend: f"({asked}) or vector(NaN)" for legend, asked in quantiles(metric, *wanted).items()}


def built(dashboard: Dashboard) -> dict[str, Any]:
    """Return the dashboard as Grafana reads it."""
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "tags": ["marketplace"],
        "schemaVersion": 41,
        "editable": False,
        "refresh": "10s",
        "time": {"from": "now-1h", "to": "now"},
        "panels": [_panel(n, panel) for n, panel in enumerate(dashboard.panels)],
    }


def _panel(n: int, panel: Panel) -> dict[str, Any]:
    defaults: dict[str, Any] = {"unit": panel.unit, "min": 0}
    if panel.limit is not None:
        defaults["custom"] = {"thresholdsStyle": {"mode": "line"}}
        steps = [{"color": "green", "value": None}, {"color": "red", "value": panel.limit}]
        defaults["thresholds"] = {"mode": "absolute", "steps": steps}
    return {
        "id": n + 1,
        "type": "timeseries",
        "title": panel.title,
        "datasource": _SOURCE,
        "gridPos": {"x": n % _ACROSS * _WIDTH, "y": n // _ACROSS * _HEIGHT, "w": _WIDTH, "h": _HEIGHT},
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
        "targets": [
            {"refId": chr(65 + i), "expr": expression, "legendFormat": legend, "exemplar": "_bucket" in expression}
            for i, (legend, expression) in enumerate(panel.asked.items())
        ],
    }


def text(dashboard: Dashboard) -> str:
    """Return the file of a dashboard."""
    return json.dumps(built(dashboard), indent=2, ensure_ascii=False) + "\n"
