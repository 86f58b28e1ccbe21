"""The causes for which a plan waits too long, what is done about each, and what a person is told to do."""

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

RECOMMENDATIONS: Final[Mapping[Cause, str]] = {
    "broker-away": "Bring the broker back. Accepted commands are kept in the database and go out in order then.",
    "event-held": "`marketplace outbox list` names the event; `marketplace outbox edit` mends it, and it goes out.",
    "relay-gone": "Start a gateway: it carries accepted commands to the broker.",
    "relay-stuck": "Look at the gateway's log for the outbox row that cannot be published.",
    "processing-off": "Queue processing is switched off: `marketplace flags on queue_processing` switches it on again.",
    "worker-gone": "Start a worker; its log says why the last one ended.",
    "worker-deaf": "Look at the worker's log: it lives and handles nothing. It is restarted where its supervisor can.",
    "runner-gone": "Start a runner; its log says why the last one ended.",
    "runner-deaf": "Look at the runner's log: it lives and analyses nothing.",
    "breaker-open": "Check the provider's status page; `marketplace breaker list` shows when it is tried again.",
    "agent-slow": "The agent does not answer in time. Check its status page, or configure a faster model.",
    "record-parked": "The record waits for its next attempt: `marketplace retries list` shows why it failed.",
    "dead-lettered": "Mend the cause and replay the record: `marketplace dead list`.",
    "poison-record": "Nobody can read the record: `marketplace dead list` says why. Mend who wrote it, then it.",
    "result-unfinished": "Look at the runner's log: every channel ended, and the plan was not put together.",
    "projections-gone": "Start the projections; what is decided goes on, it is only not shown.",
    "projections-behind": "Look at the projections' log; what is decided goes on, it is only not shown.",
    "queue-behind": "More comes in than is worked off: start more workers or runners; `marketplace doctor` shows it.",
    "output-missing": "Run `python -m projections.verify`: an event that must be in the log was not seen.",
}
