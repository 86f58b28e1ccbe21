"""For how long a finding waits for its cause to be seen. Pure."""

from __future__ import annotations

from typing import Final

from gateway.verdict.causes import CAUSES, DISKS
from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind
from schemas.causes import DEAF

#: A cause may be seen a little later than what follows from it: so long a finding that can have one waits for it.
SETTLES_S: Final = 0.4
#: The broker and the database are only said to be away when they were silent for a while, which is longer than that.
SETTLES_LATE_S: Final = 1.5
_SEEN_LATE: Final = frozenset({Kind.BROKER_AWAY, Kind.LOCK_KEPT})
_AT_ONCE: Final = frozenset(
    {
        Kind.COMMANDS_REFUSED,
        Kind.ROLE_MISSING,
        Kind.WATCHDOG_MISSING,
        Kind.ALERTS_MISSING,
        Kind.PROCESS_GONE,
        Kind.BREAKER_OPEN,
    }
)
#: How the runner names to a breaker that an answer could not be used.
UNUSABLE: Final = "AnswerUnusable"


def settles_s(finding: Finding) -> float:
    """Return for how long a finding waits for its cause to be seen."""
    if finding.kind is Kind.DATABASE_HANGS:  # one look is slow on a busy machine, too: the next one shall be as slow
        return SETTLES_S
    causes = CAUSES.get(finding.kind, ())
    if set(causes) <= set(DISKS):  # they are seen before the server on them ends
        return 0.0
    late = _SEEN_LATE.intersection(causes) and finding.kind not in _AT_ONCE
    late = late or _by_answers(finding)
    return SETTLES_LATE_S if late and not _names_deaf(finding) else SETTLES_S


def _by_answers(finding: Finding) -> bool:
    """Say whether a breaker opened by answers that cannot be used: the plans that show it are on their way."""
    return finding.kind is Kind.BREAKER_OPEN and str(finding.values["reason"]).startswith(UNUSABLE)


def _names_deaf(finding: Finding) -> bool:
    """Say whether plans are stalled by a deaf process: then the broker has just answered, and what is late was seen."""
    return finding.kind in (Kind.PLANS_STALLED, Kind.PLANS_ESCALATED) and finding.values["cause"] in DEAF
