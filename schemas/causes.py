"""Causes of stalls, recoveries and advice for a person: the words of `plan.stalled` and its kin.

The watchdog finds a cause, the gateway words it: both read it here. A text has places (`%(name)s`) for what the
evidence says, and is translated where it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Cause = Literal[
    "broker-away",
    "event-held",
    "relay-gone",
    "relay-stuck",
    "processing-off",
    "worker-gone",
    "worker-deaf",
    "runner-gone",
    "runner-deaf",
    "breaker-open",
    "agent-slow",
    "record-parked",
    "dead-lettered",
    "poison-record",
    "result-unfinished",
    "projections-gone",
    "projections-behind",
    "queue-behind",
    "output-missing",
]
Action = Literal["make-phase1", "request-again", "fail-channels", "finish-analysis", "restart-projections", "wait"]

#: A pause that a person made and knows of: its plans are stalled, and none is escalated for it.
PAUSED: Final[Cause] = "processing-off"
#: A process runs and handles nothing, though the broker has just answered.
DEAF: Final[frozenset[str]] = frozenset({"worker-deaf", "runner-deaf"})
#: Causes that a person ends: the watchdog starts nothing for them.
ASK_A_PERSON: Final[frozenset[str]] = frozenset({PAUSED, "event-held"})

CAUSES: Final[Mapping[Cause, str]] = {
    "broker-away": "the broker is away",
    "event-held": "an event of the plan is set aside as unfit",
    "relay-gone": "no gateway carries events to the broker",
    "relay-stuck": "events do not get to the broker",
    "processing-off": "queue processing is switched off",
    "worker-gone": "no worker runs",
    "worker-deaf": "the worker runs and handles nothing",
    "runner-gone": "no runner runs",
    "runner-deaf": "the runner runs and analyses nothing",
    "breaker-open": "calls to the agent are held back",
    "agent-slow": "the agent does not answer in time",
    "record-parked": "the record waits for a retry",
    "dead-lettered": "the record is a dead letter",
    "poison-record": "nobody can read the record",
    "result-unfinished": "every channel ended, the plan was not put together",
    "projections-gone": "no projections run",
    "projections-behind": "the read models are behind",
    "queue-behind": "more comes in than is worked off",
    "output-missing": "what was made was not seen",
}
ACTIONS: Final[Mapping[Action, str]] = {
    "make-phase1": "Phase 1 is made by the watchdog",
    "request-again": "the analysis is requested again",
    "fail-channels": "the rules analyse the missing channels",
    "finish-analysis": "the plan is put together",
    "restart-projections": "the projections are started again",
    "wait": "the watchdog waits for the cause to go",
}
_RESTARTS: Final = "Its supervisor starts it again within seconds. If it stays away: "
RECOMMENDATIONS: Final[Mapping[Cause, str]] = {
    "broker-away": "It comes back by itself where a supervisor starts it. If it stays away, `marketplace logs broker`"
    " says why. Accepted commands are kept in the database and go out in order then.",
    "event-held": "`marketplace outbox list` names the event; `marketplace outbox edit` mends it, and it goes out.",
    "relay-gone": f"{_RESTARTS}`marketplace logs gateway` says why, `marketplace up` starts one.",
    "relay-stuck": "Look at the gateway's log for the outbox row that cannot be published.",
    "processing-off": "Queue processing is switched off: `marketplace flags on queue_processing` switches it on again.",
    "worker-gone": f"{_RESTARTS}`marketplace logs worker` says why, `marketplace up` starts one.",
    "worker-deaf": "It is told to end and starts again where its supervisor can. If it stays so, look at its log.",
    "runner-gone": f"{_RESTARTS}`marketplace logs runner` says why, `marketplace up` starts one.",
    "runner-deaf": "It is told to end and starts again where its supervisor can. If it stays so, look at its log.",
    "breaker-open": "Check the provider's status page; `marketplace breaker list` shows when it is tried again.",
    "agent-slow": "The agent does not answer in time. Check its status page, or configure a faster model.",
    "record-parked": "The record waits for its next attempt: `marketplace retries list` shows why it failed.",
    "dead-lettered": "Mend the cause and replay the record: `marketplace letters list`.",
    "poison-record": "Nobody can read the record: `marketplace letters list` says why. Mend who wrote it, then it.",
    "result-unfinished": "Look at the runner's log: every channel ended, and the plan was not put together.",
    "projections-gone": f"{_RESTARTS}`marketplace logs projections` says why. What is decided goes on.",
    "projections-behind": "Look at the projections' log; what is decided goes on, it is only not shown.",
    "queue-behind": "More comes in than is worked off: start more workers or runners; `marketplace doctor` shows it.",
    "output-missing": "Run `marketplace verify`: an event that must be in the log was not seen.",
}
_ADVICE: Final[Mapping[str, str]] = {str(cause): text for cause, text in RECOMMENDATIONS.items()}
#: Instead, where the evidence says more: what holds one event says nothing of the next.
HELD_BACK: Final = (
    "Calls are held back on purpose (%(held_back)s). The plan waits and goes on by itself then; `marketplace breaker"
    " reset` lets it go on at once."
)
MEND: Final = "Mend it with `marketplace outbox edit %(outbox_seq)s`: it goes out by itself then. %(held)s"


def advice(cause: str, evidence: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return the advice for a person: a text and the values of its places. Empty for an unknown cause."""
    if "held_back" in evidence:
        return HELD_BACK, {"held_back": evidence["held_back"]}
    if "held" in evidence:
        return MEND, {"outbox_seq": evidence.get("outbox_seq", "SEQ"), "held": evidence["held"]}
    return _ADVICE.get(cause, ""), {}
