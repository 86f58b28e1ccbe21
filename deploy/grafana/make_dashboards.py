"""The Grafana dashboards: `python -m deploy.grafana.make_dashboards` writes them into `dashboards/`.

What each metric means stands in docs/metrics.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from deploy.grafana.panels import Dashboard, Panel, or_none, quantiles, text
from schemas.lifecycle import OF, TASK, TaskAction

FOLDER: Final = Path(__file__).with_name("dashboards")
_STILL: Final = "topk(5, max by (group, topic, partition) (marketplace_lag_still_seconds))"

_GIVEN_UP: Final = 'marketplace_records_total{outcome="dead"}'
_NOT_CLOSED: Final = 'marketplace_breaker_state{state!="closed"}'

#: Events that end a plan or task, and what failed. What puts one aside that has ended already is no end of it.
_ENDS: Final = (
    *(event for life in OF.values() for event in life.ends),
    TASK.rules[TaskAction.FAIL].event,
    "plan.channel.failed",
)


def _failed(failed: str, ended: str) -> str:
    """Return the share of events of one type among those of several."""
    of = "sum(increase(marketplace_events_total{{type=~{!r}}}[1h]))".format
    return f"{of(failed)} / {of(ended)}".replace("'", '"')


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
            "What ended within the last hour",
            {"{{type}}": f'sum by (type) (increase(marketplace_events_total{{type=~"{"|".join(_ENDS)}"}}[1h]))'},
        ),
        Panel(
            "Share that failed within the last hour; nothing where nothing ended",
            {
                "channels": _failed("plan.channel.failed", "plan.channel.(analyzed|failed)"),
                "tasks": _failed("task.failed", "task.(completed|failed)"),
            },
            "percentunit",
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
        Panel(
            "Stalled plans that move again",
            {
                "within an hour": "sum(increase(marketplace_recovered_total[1h]))",
                "within a day": "sum(increase(marketplace_recovered_total[1d]))",
            },
        ),
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
        Panel(
            "Dead letters that came within the last hour",
            {
                "of handling": f"sum(increase({_GIVEN_UP}[1h])) or vector(0)",
                "of the read models": "sum(increase(marketplace_unreadable_total[1h])) or vector(0)",
            },
        ),
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
        Panel("How late they came back", or_none("marketplace_redelivery_late_seconds", 0.5, 0.99), "s"),
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
            "Detection: from the deadline until it is found", or_none("marketplace_detection_seconds", 0.95), "s", 1.0
        ),
        Panel("Recovery: from the deadline until it moves", or_none("marketplace_recovery_seconds", 0.95), "s", 30.0),
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
            "Latest answers of agents, by whether they could be used",
            {"{{agent}} {{outcome}}": "max by (agent, outcome) (marketplace_agent_answers) or vector(NaN)"},
        ),
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
                **or_none("gen_ai_client_operation_duration_seconds", 0.5, 0.99),
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


if __name__ == "__main__":
    for one in DASHBOARDS:
        (FOLDER / f"{one.uid}.json").write_text(text(one), "utf-8")
