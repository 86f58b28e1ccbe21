"""Causes, features and kinds of processes in words."""

from __future__ import annotations

from typing import Final

from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark

CAUSES: Final[dict[str, str]] = {
    "broker-away": mark("the broker is away"),
    "event-held": mark("an event of the plan is set aside as unfit"),
    "relay-gone": mark("no gateway carries events to the broker"),
    "relay-stuck": mark("events do not get to the broker"),
    "processing-off": mark("queue processing is switched off"),
    "worker-gone": mark("no worker runs"),
    "worker-deaf": mark("the worker runs and handles nothing"),
    "runner-gone": mark("no runner runs"),
    "runner-deaf": mark("the runner runs and analyses nothing"),
    "breaker-open": mark("calls to the agent are held back"),
    "agent-slow": mark("the agent does not answer in time"),
    "record-parked": mark("the record waits for a retry"),
    "dead-lettered": mark("the record is a dead letter"),
    "poison-record": mark("nobody can read the record"),
    "result-unfinished": mark("every channel ended, the plan was not put together"),
    "projections-gone": mark("no projections run"),
    "projections-behind": mark("the read models are behind"),
    "queue-behind": mark("more comes in than is worked off"),
    "output-missing": mark("what was made was not seen"),
}
ACTIONS: Final[dict[str, str]] = {
    "make-phase1": mark("Phase 1 is made by the watchdog"),
    "request-again": mark("the analysis is requested again"),
    "fail-channels": mark("the plan goes on without the missing channels"),
    "finish-analysis": mark("the plan is put together"),
    "restart-projections": mark("the projections are started again"),
}
#: name -> (its title, what happens while it is off)
FLAGS: Final[dict[str, tuple[str, str]]] = {
    "queue_processing": (
        mark("Queue processing"),
        mark("Off: nothing is taken from the queues, what waits there waits on."),
    ),
    "circuit_breaker": (mark("Circuit breakers"), mark("Off: failing agents are called again and again.")),
    "automatic_recovery": (mark("Automatic recovery"), mark("Off: what is stuck is found and told, and not healed.")),
}
ROLES: Final[dict[str, str]] = {
    "gateway": mark("Gateway"),
    "worker": mark("Worker"),
    "runner": mark("Analysis runner"),
    "projections": mark("Projections"),
    "pump": mark("Retry pump"),
    "watchdog": mark("Watchdog"),
}


def cause(name: str) -> str:
    """Return a cause in words; one of a later version keeps its name."""
    return _(CAUSES[name]) if name in CAUSES else name


def action(name: str) -> str:
    """Return a recovery in words."""
    return _(ACTIONS[name]) if name in ACTIONS else name


def flag(name: str) -> tuple[str, str]:
    """Return a feature's title, and what its being off means."""
    title, meaning = FLAGS.get(name, (name, ""))
    return _(title), _(meaning) if meaning else ""


def role(name: str) -> str:
    """Return a kind of process in words."""
    return _(ROLES[name]) if name in ROLES else name
