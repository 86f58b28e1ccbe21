"""What the processes measure: each metric once, with its unit and what it means. docs/metrics.md is made from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["counter", "gauge", "histogram"]

#: What a unit is called at the end of a name, as Prometheus asks for base units.
_UNITS: Final = {"seconds": "s", "bytes": "B", "records": "records", "plans": "plans"}

QUICK: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
PATIENT: Final = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 1800.0, 7200.0)

ALL: Final = ("worker", "runner", "pump", "watchdog", "projections", "alerts")


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric of the processes in `of`. A counter's name has no `_total`: the exposition adds it."""

    name: str
    kind: Kind
    meaning: str
    of: tuple[str, ...]
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()

    @property
    def unit(self) -> str:
        """The unit of its values, empty where it counts."""
        return _UNITS.get(self.name.rsplit("_", 1)[-1], "")

    @property
    def shown(self) -> str:
        """The name by which it is asked for."""
        return f"{self.name}_total" if self.kind == "counter" else self.name


BUILD: Final = Metric(
    "marketplace_build_info",
    "gauge",
    "1, with process, version and commit, of the gateway as well; the commit is empty where nobody said it.",
    ALL,
    ("process", "version", "commit"),
)
RECORDS: Final = Metric(
    "marketplace_records",
    "counter",
    "Records that were taken up, by their outcome: `done`, `retried`, `dead` (a letter), `postponed` (not tried).",
    ("worker", "runner"),
    ("topic", "outcome"),
)
RETRIED: Final = Metric(
    "marketplace_retried",
    "counter",
    "Attempts that failed and are made again, by the tier in which the record waits for that.",
    ("worker", "runner"),
    ("tier",),
)
BACKLOG: Final = Metric(
    "marketplace_backlog_records", "gauge", "Records that were taken and wait for their turn.", ("worker", "runner")
)
QUEUE_DELAY: Final = Metric(
    "marketplace_queue_delay_seconds",
    "histogram",
    "From an event's decision to the moment in which the worker takes it up; first attempts only.",
    ("worker",),
    ("type",),
    QUICK,
)
PHASE1: Final = Metric(
    "marketplace_phase1_seconds",
    "histogram",
    "From the approval's decision until Phase 1 and its tasks are in the log, attempts and waits included.",
    ("worker",),
    (),
    (*QUICK, 30.0, 60.0, 300.0),
)
ANALYSIS: Final = Metric(
    "marketplace_analysis_seconds",
    "histogram",
    "Time that the analysis of a channel took, by who wrote the result: agent or rules.",
    ("runner",),
    ("by",),
    (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0),
)
AGENT_PATIENCE: Final = Metric(
    "marketplace_agent_patience_seconds",
    "gauge",
    "How long one request to an agent is waited for before another one is made; none while too little is known of it.",
    ("runner",),
    ("agent",),
)
GEN_AI_DURATION: Final = Metric(
    "gen_ai_client_operation_duration_seconds",
    "histogram",
    "Time of one request to an agent's server; `error_type` is empty where it answered.",
    ("runner",),
    ("gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "error_type"),
    tuple(0.01 * 2**n for n in range(15)),
)
GEN_AI_TOKENS: Final = Metric(
    "gen_ai_client_token_usage",
    "histogram",
    "Tokens of one request to an agent's server, as it told them: `gen_ai_token_type` is input or output.",
    ("runner",),
    ("gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "gen_ai_token_type"),
    tuple(float(4**n) for n in range(14)),
)
FAILED_CHANNELS: Final = Metric(
    "marketplace_failed_channels", "counter", "Channels that neither an agent nor the rules could analyse.", ("runner",)
)
PROJECTED: Final = Metric(
    "marketplace_projected", "counter", "Records whose rows are written, by topic.", ("projections",), ("topic",)
)
EVENTS: Final = Metric(
    "marketplace_events",
    "counter",
    "Events of plans and tasks whose rows are written, by type, such as `task.completed`.",
    ("projections",),
    ("type",),
)
UNREADABLE: Final = Metric(
    "marketplace_unreadable", "counter", "Records that nobody can read: each is a dead letter.", ("projections",)
)
SHOWN: Final = Metric(
    "marketplace_projection_delay_seconds",
    "histogram",
    "From a record's arrival in the log until its rows can be read.",
    ("projections",),
    ("topic",),
    QUICK,
)
REDELIVERED: Final = Metric(
    "marketplace_redelivered", "counter", "Records that came back from a tier at their time.", ("pump",), ("tier",)
)
REDELIVERED_LATE: Final = Metric(
    "marketplace_redelivery_late_seconds", "histogram", "How late they came back.", ("pump",), (), QUICK
)
OVERDUE: Final = Metric(
    "marketplace_redelivered_overdue", "counter", "Records that were long overdue and were sent again.", ("pump",)
)
STALLED: Final = Metric("marketplace_stalled", "counter", "Plans found stalled, by cause.", ("watchdog",), ("cause",))
DETECTED: Final = Metric(
    "marketplace_detection_seconds",
    "histogram",
    "From the moment in which a plan was due until it was found stalled.",
    ("watchdog",),
    (),
    QUICK,
)
RECOVERED: Final = Metric(
    "marketplace_recovered", "counter", "Stalled plans that move again, by cause.", ("watchdog",), ("cause",)
)
HEALED: Final = Metric(
    "marketplace_recovery_seconds",
    "histogram",
    "From the moment in which a plan was due until it moved again, of plans that were found stalled.",
    ("watchdog",),
    (),
    PATIENT,
)
ESCALATED: Final = Metric(
    "marketplace_escalated",
    "counter",
    "Stalled plans for which a person has to act, by cause.",
    ("watchdog",),
    ("cause",),
)
LAG: Final = Metric(
    "marketplace_lag_records",
    "gauge",
    "Records that a consumer group has before it, by partition, as the broker tells it. Not there while the broker (of"
    " the projections: Postgres) does not answer: then it is not known. So are the other two.",
    ("watchdog",),
    ("group", "topic", "partition"),
)
LAG_SECONDS: Final = Metric(
    "marketplace_lag_seconds",
    "gauge",
    "For how long the first record that a consumer group has not taken has been in the log, by partition, as this"
    " process saw it come: of what was there before its start, since then. 0 where none waits.",
    ("watchdog",),
    ("group", "topic", "partition"),
)
STILL: Final = Metric(
    "marketplace_lag_still_seconds",
    "gauge",
    "For how long a partition has stood still in which records wait; not those that the pump lets wait on purpose.",
    ("watchdog",),
    ("group", "topic", "partition"),
)
NOTICES: Final = Metric(
    "marketplace_notices",
    "counter",
    "Tries to tell somebody of an alert, by notifier and by whether it was taken: sent, failed.",
    ("alerts",),
    ("notifier", "outcome"),
)
ALERTS_ACTIVE: Final = Metric(
    "marketplace_alerts_active",
    "gauge",
    "1 while this process decides what is told, 0 while it stands by.",
    ("alerts",),
)
LOOKED: Final = Metric(
    "marketplace_looked_seconds",
    "counter",
    "Time for which the alert engine saw how the system is; what the availability is a share of.",
    ("alerts",),
)
UNUSABLE: Final = Metric(
    "marketplace_unusable_seconds",
    "counter",
    "Of it, time in which the system could not be used: no gateway, or Postgres did not answer or store commands.",
    ("alerts",),
)
BROKER_UP: Final = Metric(
    "marketplace_broker_reached",
    "gauge",
    "1 while the broker answers this process's questions, 0 while it does not.",
    ("watchdog",),
)

METRICS: Final = (
    BUILD,
    RECORDS,
    RETRIED,
    BACKLOG,
    QUEUE_DELAY,
    PHASE1,
    ANALYSIS,
    AGENT_PATIENCE,
    GEN_AI_DURATION,
    GEN_AI_TOKENS,
    FAILED_CHANNELS,
    PROJECTED,
    EVENTS,
    UNREADABLE,
    SHOWN,
    REDELIVERED,
    REDELIVERED_LATE,
    OVERDUE,
    STALLED,
    DETECTED,
    RECOVERED,
    HEALED,
    ESCALATED,
    LAG,
    LAG_SECONDS,
    STILL,
    NOTICES,
    ALERTS_ACTIVE,
    LOOKED,
    UNUSABLE,
    BROKER_UP,
)
