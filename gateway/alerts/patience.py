"""When a finding becomes an alert and when that alert is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from gateway.verdict import flapping
from gateway.verdict.kinds import Kind
from gateway.verdict.traits import Severity

#: The key of the alert that is known even while nothing can be read.
DATABASE: Final = "database"


@dataclass(frozen=True, slots=True)
class Hold:
    """The seconds that a finding has to last to open an alert, and has to be gone to resolve it."""

    opens_s: float
    resolves_s: float


#: The defaults by severity.
BY_SEVERITY: Final[Mapping[Severity, Hold]] = {
    Severity.CRITICAL: Hold(3.0, 10.0),
    Severity.WARNING: Hold(10.0, 15.0),
    Severity.INFO: Hold(60.0, 60.0),
}
#: The hold of a finding that is certain at first sight: a second look would see the same.
_CERTAIN_S: Final = 1.0
#: The holds of single kinds: longer for what often ends by itself, shorter for what never does.
BY_KIND: Final[Mapping[Kind, Hold]] = {
    # a person decides on these: they never end by themselves
    **dict.fromkeys((Kind.DEAD_LETTERS, Kind.DEAD_LETTERS_GROWING), Hold(_CERTAIN_S, 10.0)),
    **dict.fromkeys(
        (Kind.RECORDS_FORGED, Kind.EVENTS_SET_ASIDE, Kind.EVENTS_CHANGED, Kind.LOG_CUT), Hold(_CERTAIN_S, 10.0)
    ),
    # these are found only once they have failed several times, and calls are held back for a while then
    **dict.fromkeys((Kind.BREAKER_OPEN, Kind.BREAKER_TRIPPED, Kind.AGENT_UNUSABLE), Hold(_CERTAIN_S, 15.0)),
    **dict.fromkeys((Kind.DISK_FULL, Kind.DATABASE_DISK_FULL), Hold(_CERTAIN_S, 10.0)),
    Kind.ROLE_MISSING: Hold(2.0, 5.0),  # longer than a start takes: who is told of it shall look
    Kind.WATCHDOG_MISSING: Hold(2.0, 5.0),
    Kind.PROCESS_GONE: Hold(5.0, 5.0),
    Kind.PLANS_ESCALATED: Hold(1.0, 10.0),
    Kind.PLANS_STALLED: Hold(15.0, 15.0),  # most recover within that
    Kind.PHASE1_LATE: Hold(15.0, 15.0),
    Kind.RECORDS_LATE: Hold(60.0, 15.0),  # a burst that drains is over by then
    Kind.OUTBOX_BACKLOG: Hold(15.0, 15.0),
    Kind.PROJECTIONS_BEHIND: Hold(15.0, 15.0),
    Kind.CHANGES_UNHEARD: Hold(30.0, 15.0),
}


@dataclass(frozen=True, slots=True)
class Patience:
    """The holds in force: those above, and those that the file of routes sets for single kinds."""

    given: Mapping[Kind, Hold] = field(default_factory=dict)

    def hold(self, kind: Kind, severity: Severity) -> Hold:
        return self.given.get(kind) or BY_KIND.get(kind) or BY_SEVERITY[severity]

    def resolves_s(self, kind: Kind | None, severity: Severity, openings: int) -> float:
        """Return for how many seconds a finding has to be gone. `openings`: how often its alert opened lately."""
        hold = BY_SEVERITY[severity] if kind is None else self.hold(kind, severity)
        return max(hold.resolves_s, flapping.QUIET_S) if flapping.flaps(openings) else hold.resolves_s

    def with_hold(self, kind: Kind, hold: Hold) -> Patience:
        return replace(self, given={**self.given, kind: hold})
