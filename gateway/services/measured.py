"""The gateway's metrics, declared once: name, kind, meaning, labels; the last word of a name says its unit."""

from __future__ import annotations

from typing import Final

from projections.reads.answers import LAST
from schemas.metrics import Kind, Metric

_QUICK: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def _of(name: str, kind: Kind, meaning: str, *labels: str, buckets: tuple[float, ...] = ()) -> Metric:
    return Metric(f"marketplace_{name}", kind, meaning, ("gateway",), labels, buckets)


REQUESTS: Final = _of("http_requests", "counter", "Requests by route and status.", "method", "route", "status")
ANSWERED: Final = _of("http_request_seconds", "histogram", "Time to answer.", "method", "route", buckets=_QUICK)
COMMANDS: Final = _of("commands", "counter", "Commands by what became of them.", "command", "outcome")
AUTH_FAILURES: Final = _of("auth_failures", "counter", "Requests with a key or sign-in that is not valid.")
STREAMS: Final = _of("live_streams", "gauge", "Browsers that listen for changes.")
OUTBOX_WAITING: Final = _of("outbox_waiting", "gauge", "Accepted commands that the log has not acknowledged.")
OUTBOX_OLDEST: Final = _of("outbox_oldest_seconds", "gauge", "Age of the oldest of them.")
OUTBOX_SET_ASIDE: Final = _of("outbox_set_aside", "gauge", "Events that are set aside: they do not fit their schema.")
DEAD_LETTERS: Final = _of(
    "dead_letters",
    "gauge",
    "Records whose dead letters wait for a decision: open, or blocked because they came back three times.",
    "state",
)
DEAD_LETTERS_OLDEST: Final = _of(
    "dead_letters_oldest_seconds", "gauge", "Since the oldest of them came, 0 without one."
)
RETRIES_WAITING: Final = _of("retries_waiting", "gauge", "Records that wait for another attempt.")
PLANS_STALLED: Final = _of(
    "plans_stalled",
    "gauge",
    "Plans that are stalled now, by state: recovering by itself, or escalated, that is waiting for a person.",
    "state",
)
RETRIES_OVERDUE: Final = _of(
    "retries_overdue_seconds", "gauge", "Since the turn of the first of them has come, 0 while it is to come."
)
OLDEST: Final = _of(
    "oldest_seconds",
    "gauge",
    "For how long the oldest plan or task has been in a status that is not the last; 0 without one.",
    "kind",
    "status",
)
BREAKERS: Final = _of(
    "breaker_state",
    "gauge",
    "1 for the state of a circuit breaker (closed, half_open, open), 0 for the others; without those of plans.",
    "name",
    "state",
)
FAILED_ATTEMPTS: Final = _of(
    "failed_attempts",
    "gauge",
    "Attempts at records that failed within the last minute and are made again, by type of the event.",
    "type",
)
FINDINGS: Final = _of(
    "findings",
    "gauge",
    "What is wrong, as the health report says it: how many findings of each kind.",
    "kind",
    "severity",
    "scope",
    "effect",
)
_THIS_MONTH: Final = "in this month (UTC)."
AGENT_CALLS: Final = _of("agent_calls", "gauge", f"Calls to agents {_THIS_MONTH}", "agent")
AGENT_TOKENS: Final = _of("agent_tokens", "gauge", f"Tokens of calls to agents {_THIS_MONTH}", "agent", "direction")
AGENT_SECONDS: Final = _of("agent_seconds", "gauge", f"Time that calls to agents took {_THIS_MONTH}", "agent")
AGENT_COST: Final = _of(
    "agent_cost",
    "gauge",
    f"Cost of calls to agents {_THIS_MONTH[:-1]}, by the table of prices and in its currency, with what is put aside"
    " for calls under way.",
    "agent",
)
AGENT_ANSWERS: Final = _of(
    "agent_answers",
    "gauge",
    f"The latest answers of an agent, at most {LAST}, by outcome: usable or unusable; none where it gave none.",
    "agent",
    "outcome",
)
DATABASE_UP: Final = _of("database_up", "gauge", "1 while Postgres answers.")
BROKER_UP: Final = _of(
    "broker_up", "gauge", "1 while the relay publishes, 0 while it fails; only of the gateway whose relay is at work."
)

#: All of them, in the order of the page.
MEASURED: Final = (
    REQUESTS,
    ANSWERED,
    COMMANDS,
    AUTH_FAILURES,
    STREAMS,
    OUTBOX_WAITING,
    OUTBOX_OLDEST,
    OUTBOX_SET_ASIDE,
    DEAD_LETTERS,
    DEAD_LETTERS_OLDEST,
    RETRIES_WAITING,
    PLANS_STALLED,
    RETRIES_OVERDUE,
    OLDEST,
    BREAKERS,
    FAILED_ATTEMPTS,
    FINDINGS,
    AGENT_CALLS,
    AGENT_TOKENS,
    AGENT_SECONDS,
    AGENT_COST,
    AGENT_ANSWERS,
    DATABASE_UP,
    BROKER_UP,
)
