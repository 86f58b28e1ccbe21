"""The names of values (processes, flags, causes), and phrases for unknown ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from schemas.causes import ACTIONS, CAUSES, HELD_BACK, MEND, RECOMMENDATIONS
from schemas.flags import Flag

#: role -> what it is called within a sentence, what is not done while none of it runs
ROLES: Final[Mapping[str, tuple[str, str]]] = {
    "gateway": ("gateway", "accepted commands are not carried to the broker"),
    "worker": ("worker", "uploads are not handed out and Phase 1 is made by the watchdog only"),
    "runner": ("runner", "nothing is analysed"),
    "projections": ("projections", "what is decided does not appear"),
    "pump": ("pump", "records that wait for a retry are not tried again"),
    "watchdog": ("watchdog", "nobody sees what is stalled"),
    "alerts": ("alert engine", "nobody outside is told of what is wrong"),
}
#: name -> title, what happens while it is off
FLAGS: Final[Mapping[str, tuple[str, str]]] = {
    Flag.QUEUE_PROCESSING: ("Queue processing", "Nothing is taken from the queues: what waits there waits on."),
    Flag.CIRCUIT_BREAKER: ("Circuit breakers", "Failing agents are called again and again."),
    Flag.AUTOMATIC_RECOVERY: ("Automatic recovery", "What is stalled is found and told, and not recovered."),
}
#: What else writes to a disk, within a sentence.
SERVERS: Final[Mapping[str, str]] = {"database": "database", "broker": "broker"}
NO_REASON: Final = "no reason was given"
NO_REMARK: Final = "No reason was given."
SEEN_BEFORE: Final = "Seen so %(age)s ago, before that server was away; how it is now is unknown."
#: What a look asks of the pool before it can ask anything of the database.
A_CONNECTION: Final = "a connection"
UNANSWERED: Final = "Not answered: `%(asked)s`."
NO_CONNECTION: Final = "Not answered: the request for a connection."
UNANSWERED_UNKNOWN: Final = "Which question was not answered is not known."
CAME_BACK: Final = "Came back three times: %(n)s."
NOBODY: Final = "somebody"
UNKNOWN_CAUSE: Final = "cause unknown"
NO_ACTION: Final = "none yet"
UNTIL: Final = "until %(moment)s"
UNTIL_RESET: Final = "until it is reset"
UNTIL_IT_TRIES: Final = "until it tries again by itself"
EVENTS: Final = "events"
SECONDS: Final = "seconds"
AHEAD: Final = "ahead of"
BEHIND: Final = "behind"
TAKES_NONE: Final = "takes no events"
FULL: Final = "has a full queue"
GIVEN_UP: Final = "did not take events, which were given up within the last hour"
WAITS_LONG: Final = "has events that wait for more than an hour"
PAUSED: Final = "was paused, for it has taken no events for days"
#: Who writes plans in place of an agent.
RULES: Final = "the rules"
OTHER_AGENT: Final = "the fallback agent"
RECOVERS: Final = "It is recovering by itself."
#: The same of a plan of which no recovery has begun yet.
BEGINS: Final = "It begins by itself."
ASKS: Final = "A person ends this: it does not recover by itself."


def messages() -> Iterator[str]:
    """Return every text of this file and of the causes, for the catalogues."""
    for table in (ROLES, FLAGS):
        for title, meaning in table.values():
            yield from (title, meaning)
    for texts in (CAUSES, ACTIONS, RECOMMENDATIONS, SERVERS):
        yield from texts.values()
    yield from (
        NO_REASON,
        NO_REMARK,
        SEEN_BEFORE,
        UNANSWERED,
        NO_CONNECTION,
        UNANSWERED_UNKNOWN,
        CAME_BACK,
        NOBODY,
        UNKNOWN_CAUSE,
        NO_ACTION,
        UNTIL,
        UNTIL_RESET,
        UNTIL_IT_TRIES,
        EVENTS,
        SECONDS,
        AHEAD,
        BEHIND,
        TAKES_NONE,
        FULL,
        GIVEN_UP,
        WAITS_LONG,
        PAUSED,
        RULES,
        OTHER_AGENT,
        RECOVERS,
        BEGINS,
        ASKS,
    )
    yield from (HELD_BACK, MEND)
