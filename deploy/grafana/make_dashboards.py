"""The Grafana dashboards: `python deploy/grafana/make_dashboards.py` writes them into `dashboards/`.

A panel is its title, its question to Prometheus and its unit. What each metric means stands in docs/metrics.md.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).with_name("dashboards")
_SOURCE: Final = {"type": "prometheus", "uid": "prometheus"}
_JAEGER: Final = "jaeger"
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


def _or_none(metric: str, *wanted: float) -> dict[str, str]:
    """Ask for quantiles of what may not have happened; then nothing is drawn, and the panel answers."""
    return {legend: f"({asked}) or vector(NaN)" for legend, asked in quantiles(metric, *wanted).items()}


_STILL: Final = "topk(5, max by (group, topic, partition) (marketplace_lag_still_seconds))"

_NOT_CLOSED: Final = 'marketplace_breaker_state{state!="closed"}'

FLOW: Final = Dashboard(
    "marketplace-flow",
    "Plans: how they flow",
    (
        Panel(
            "What is wrong, by the health report", {"{{kind}}": "max by (kind) (marketplace_findings) > 0 or vector(0)"}
        ),
        Panel(
            "Approvals and uploads a second",
            {"{{command}} {{outcome}}": "sum by (command, outcome) (rate(marketplace_commands_total[5m]))"},
            "ops",
        ),
        Panel("Phase 1: from the approval to its tasks", quantiles("marketplace_phase1_seconds", 0.5, 0.99), "s", 5.0),
        Panel(
            "Queue: from the decision to the worker",
            quantiles("marketplace_queue_delay_seconds", 0.5, 0.99, 0.999),
            "s",
            0.1,
        ),
        Panel("Analysis of a channel", quantiles("marketplace_analysis_seconds", 0.5, 0.99, by="by"), "s"),
        Panel(
            "Projection: from the log to the page",
            quantiles("marketplace_projection_delay_seconds", 0.5, 0.99),
            "s",
        ),
        Panel(
            "Lag, by group",
            {"{{group}}": "sum by (group) (max by (group, topic, partition) (marketplace_lag_records))"},
        ),
        Panel(
            "Lag: how long the oldest waits, by group",
            {"{{group}}": "max by (group) (marketplace_lag_seconds)"},
            "s",
            60.0,
        ),
        Panel(
            "Records taken up, by outcome",
            {"{{outcome}}": "sum by (outcome) (rate(marketplace_records_total[5m]))"},
            "ops",
        ),
        Panel(
            "Records whose rows are written",
            {"{{topic}}": "sum by (topic) (rate(marketplace_projected_total[5m]))"},
            "ops",
        ),
        Panel("Records taken that wait for their turn", {"{{job}} {{process}}": "marketplace_backlog_records"}),
        Panel(
            "Outbox: what the log has not acknowledged",
            {"events": "max(marketplace_outbox_waiting)", "oldest, s": "max(marketplace_outbox_oldest_seconds)"},
        ),
    ),
)

TROUBLE: Final = Dashboard(
    "marketplace-trouble",
    "Trouble: what failed, and how it healed",
    (
        Panel(
            "Plans found stalled",
            {"{{cause}}": "sum by (cause) (increase(marketplace_stalled_total[1h])) > 0 or vector(0)"},
        ),
        Panel("Plans for which a person has to act", {"plans": "sum(increase(marketplace_escalated_total[1h]))"}),
        Panel("Plans that move again", {"plans": "sum(increase(marketplace_recovered_total[1h]))"}),
        Panel(
            "Circuit breakers that are not closed",
            {"{{name}} {{state}}": f"max by (name, state) ({_NOT_CLOSED}) > 0 or vector(0)"},
        ),
        Panel(
            "Failed attempts, by the tier in which they wait",
            {"{{tier}}": "sum by (tier) (rate(marketplace_retried_total[5m])) or vector(0)"},
            "ops",
        ),
        Panel(
            "Attempts that failed within the last minute, by type",
            {"{{type}}": "max by (type) (marketplace_failed_attempts) or vector(0)"},
        ),
        Panel("Dead letters", {"{{state}}": "max by (state) (marketplace_dead_letters)"}),
        Panel("Dead letters: since the oldest came", {"oldest": "max(marketplace_dead_letters_oldest_seconds)"}, "s"),
        Panel(
            "Set aside, unreadable, failed channels",
            {
                "events set aside": "max(marketplace_outbox_set_aside)",
                "records nobody can read, an hour": "sum(increase(marketplace_unreadable_total[1h])) or vector(0)",
                "channels that failed, an hour": "sum(increase(marketplace_failed_channels_total[1h])) or vector(0)",
            },
        ),
        Panel(
            "Records that came back from a tier",
            {
                "{{tier}}": "sum by (tier) (rate(marketplace_redelivered_total[5m])) or vector(0)",
                "sent again, long overdue": "sum(rate(marketplace_redelivered_overdue_total[5m])) or vector(0)",
            },
            "ops",
        ),
        Panel("How late they came back", _or_none("marketplace_redelivery_late_seconds", 0.5, 0.99), "s"),
        Panel(
            "Retries that wait",
            {"records": "max(marketplace_retries_waiting)", "overdue, s": "max(marketplace_retries_overdue_seconds)"},
        ),
        Panel(
            "Partitions that stand still, s",
            {"{{group}} {{topic}}/{{partition}}": _STILL},
            "s",
            60.0,
        ),
        Panel("Processes that answer", {"{{job}} {{process}}": 'up{job=~"gateway|processes"}'}),
        Panel(
            "Broker and Postgres",
            {"broker": "max(marketplace_broker_reached)", "Postgres": "max(marketplace_database_up)"},
        ),
        Panel("Memory", {"{{job}} {{process}}": 'process_resident_memory_bytes{job=~"gateway|processes"}'}, "bytes"),
    ),
)

PEOPLE: Final = Dashboard(
    "marketplace-gateway",
    "Gateway: requests",
    (
        Panel(
            "Requests a second", {"{{status}}": "sum by (status) (rate(marketplace_http_requests_total[5m]))"}, "ops"
        ),
        Panel("Time to answer", quantiles("marketplace_http_request_seconds", 0.5, 0.99), "s"),
        Panel("Wrong keys and sign-ins an hour", {"refused": "sum(increase(marketplace_auth_failures_total[1h]))"}),
        Panel("Open pages that listen", {"pages": "sum(marketplace_live_streams)"}),
        Panel(
            "Processor",
            {"{{job}} {{process}}": 'rate(process_cpu_seconds_total{job=~"gateway|processes"}[5m])'},
            "percentunit",
        ),
        Panel("Versions", {"{{process}} {{version}}": "marketplace_build_info"}),
    ),
)

_USABLE: Final = (
    "1 - sum(increase(marketplace_unusable_seconds_total[{window}]))"
    " / (sum(increase(marketplace_looked_seconds_total[{window}])) > 0)"
)

OBJECTIVES: Final = Dashboard(
    "marketplace-objectives",
    "Objectives, alerts, agents",
    (
        Panel(
            "Objectives: share within the promise, last hour",
            {
                "{{sloth_slo}}": "1 - slo:sli_error:ratio_rate1h or NaN * slo:objective:ratio",
                "{{sloth_slo}}, its target": "slo:objective:ratio",
            },
            "percentunit",
        ),
        Panel(
            "Error budgets: how many times as fast as they may (5 min)",
            {"{{sloth_slo}}": "slo:current_burn_rate:ratio or NaN * slo:objective:ratio"},
            limit=14.4,
        ),
        Panel(
            "Error budgets that are left of 30 days",
            {"{{sloth_slo}}": "slo:period_error_budget_remaining:ratio or NaN * slo:objective:ratio"},
            "percentunit",
        ),
        Panel(
            "Detection: from the deadline until it is found", _or_none("marketplace_detection_seconds", 0.95), "s", 1.0
        ),
        Panel("Recovery: from the deadline until it moves", _or_none("marketplace_recovery_seconds", 0.95), "s", 30.0),
        Panel("Plans that are stalled now", {"{{state}}": "max by (state) (marketplace_plans_stalled)"}),
        Panel(
            "Availability",
            {
                "last hour": f"{_USABLE.format(window='1h')} or vector(NaN)",
                "last day": f"{_USABLE.format(window='1d')} or vector(NaN)",
            },
            "percentunit",
        ),
        Panel(
            "Notices: tries to tell somebody, in five minutes",
            {
                "{{notifier}} {{outcome}}": "sum by (notifier, outcome) (increase(marketplace_notices_total[5m]))"
                " or vector(0)"
            },
        ),
        Panel("Alert engines at work (one is)", {"engines": "sum(marketplace_alerts_active)"}),
        Panel(
            "Oldest in each state that is not the last",
            {"{{kind}} {{status}}": "max by (kind, status) (marketplace_oldest_seconds)"},
            "s",
        ),
        Panel("Calls to agents, this month", {"{{agent}}": "max by (agent) (marketplace_agent_calls) or vector(NaN)"}),
        Panel(
            "Tokens of agents, this month",
            {
                "{{agent}} {{direction}}": "max by (agent, direction) (marketplace_agent_tokens) or vector(NaN)",
                "{{gen_ai_request_model}} {{gen_ai_token_type}}, five minutes": "sum by (gen_ai_request_model,"
                " gen_ai_token_type) (increase(gen_ai_client_token_usage_sum[5m])) or vector(0)",
            },
        ),
        Panel(
            "Cost of agents, this month; not there where a price is unknown",
            {"{{agent}}": "max by (agent) (marketplace_agent_cost) or vector(NaN)"},
        ),
        Panel(
            "Requests to agents' servers: time, and those that failed",
            {
                **_or_none("gen_ai_client_operation_duration_seconds", 0.5, 0.99),
                "waited for at most, {{agent}}": "max by (agent) (marketplace_agent_patience_seconds) or vector(NaN)",
                "failed, {{error_type}}": "sum by (error_type)"
                ' (increase(gen_ai_client_operation_duration_seconds_count{error_type!=""}[5m])) or vector(0)',
            },
            "s",
        ),
        Panel(
            "Time of calls to agents, this month",
            {"{{agent}}": "max by (agent) (marketplace_agent_seconds) or vector(NaN)"},
            "s",
        ),
    ),
)

DASHBOARDS: Final = (FLOW, TROUBLE, PEOPLE, OBJECTIVES)


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


if __name__ == "__main__":
    for one in DASHBOARDS:
        (FOLDER / f"{one.uid}.json").write_text(text(one), "utf-8")
