"""An alert: a finding that lasted long enough to be sent, with its present state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from gateway.verdict.finding import Finding
from gateway.verdict.traits import Severity

#: Ids of alerts and notices derive from their subject, so that a repeat makes the same row.
NAMESPACE: Final = UUID("6f1f0c1e-6b0e-5d36-9d3a-0a5c7e1b4f20")


class State(StrEnum):
    """The state of an alert. Acknowledged: a person works on it. Silenced: no message is sent until a given time."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SILENCED = "silenced"
    RESOLVED = "resolved"


class About(StrEnum):
    """Why a message is sent; DAILY, WEEKLY and TEST belong to no single alert."""

    OPENED = "opened"
    WORSENED = "worsened"
    REOPENED = "reopened"  # its silence ended, and it is wrong still
    RECURRED = "recurred"  # it came again before it was over
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"  # to who keeps incidents that can be acknowledged
    RESOLVED = "resolved"
    DAILY = "daily"
    WEEKLY = "weekly"
    TEST = "test"


#: These messages say that something is wrong now: each opens an incident of its own in services that keep incidents.
TELLS: Final = frozenset({About.OPENED, About.WORSENED, About.REOPENED, About.RECURRED})


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. Findings with the same `key` are the same alert, for receivers, too. `version` counts its changes.

    `finding`: the latest one; None if a later version wrote a kind that this version does not know. Then `words` (text,
    evidence, advice) still describe it.
    """

    alert_id: UUID
    key: str
    kind: str
    subject: str
    severity: Severity
    state: State
    since: datetime | None
    opened_at: datetime
    finding: Finding | None
    words: tuple[str, str, str] = ("", "", "")
    runbook: str = ""
    version: int = 1
    acknowledged_at: datetime | None = None
    silenced_until: datetime | None = None
    escalations: int = 0
    escalated_at: datetime | None = None  # or from when on its escalation counts, where it was told anew
    resolved_at: datetime | None = None
    traceparent: str | None = None  # of the plan that has waited longest, where it is about plans
    follows: tuple[Finding, ...] = ()  # what follows from it, as it was seen last; told with it, and not by itself
    caused_by: UUID | None = None  # the alert that it follows from, where that was seen after it was told
    came: int = 1  # how often its finding came while it was not over

    @property
    def began(self) -> datetime:
        """Return when the finding began, or else when the alert opened: the start of the time that it lasted.

        The end of that time is `resolved_at`: when the finding was gone, which is before the alert was over.
        """
        return min(self.opened_at, self.since) if self.since else self.opened_at


def alert_id(key: str, opened_at: datetime) -> UUID:
    """Return the id of an alert that opens at a time."""
    return uuid5(NAMESPACE, f"{key}|{opened_at.isoformat()}")


def notice_id(alert: UUID, about: About, version: int, notifier: str) -> UUID:
    """Return the id of the only notice of an alert in one state to one notifier."""
    return uuid5(NAMESPACE, f"{alert}|{about}|{version}|{notifier}")
