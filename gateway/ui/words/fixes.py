"""The button that mends a finding in one click, for those who may press it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gateway.ui.i18n import mark
from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind
from projections.reads.operations import Operations

#: Findings that no page mends: a machine, a supervisor, the configuration or a person outside does, as the runbook
#: says.
OUTSIDE: Final = frozenset(
    {
        *(
            Kind.DATABASE_AWAY,
            Kind.DATABASE_HANGS,
            Kind.DATABASE_DISK_FULL,
            Kind.DATABASE_FILLING,
            Kind.COMMANDS_REFUSED,
        ),
        *(Kind.SESSIONS_ENDED, Kind.LOCK_KEPT, Kind.POOL_FULL, Kind.TRANSACTION_OPEN, Kind.CLOCKS_OFF),
        *(Kind.DISK_FULL, Kind.DISK_FILLING, Kind.DISK_UNSEEN),
        *(Kind.BROKER_AWAY, Kind.REGISTRY_AWAY, Kind.RELAY_FAILING, Kind.RELAY_OFF, Kind.OUTBOX_BACKLOG),
        *(Kind.WATCHDOG_MISSING, Kind.ROLE_MISSING, Kind.ALERTS_MISSING, Kind.PROCESS_GONE),
        *(Kind.PROJECTIONS_BEHIND, Kind.CHANGES_UNHEARD, Kind.REQUESTS_FAILING, Kind.SLO_BURNING),
        *(Kind.AGENT_UNUSABLE, Kind.FAILING_OFTEN, Kind.AGENT_BUDGET),
        *(Kind.ALERTS_UNHEARD, Kind.ALERTS_UNTOLD, Kind.ALERTS_ALONE, Kind.RECORDS_UNSIGNED, Kind.SECRETS_PLAIN),
        *(Kind.READER_UNCONFINED, Kind.RECORDS_LATE, Kind.LOG_CUT, Kind.EVENTS_CHANGED),
    }
)
#: The plans that are stalled so, and whether a person was asked to look.
_STALLS: Final = {Kind.PLANS_STALLED: False, Kind.PLANS_ESCALATED: True}


@dataclass(frozen=True, slots=True)
class Fix:
    """A form: where it goes, what it says besides, and what its button says."""

    path: str
    fields: Mapping[str, str]
    word: str


def fix_of(finding: Finding, running: Operations) -> Fix | None:
    """Return the form that mends a finding; None if that takes more than one click, or is not done here.

    Of several stalled plans each has its own, in their list.
    """
    name = finding.subject
    if finding.kind is Kind.FLAG_OFF:
        return Fix("/system/flag", {"name": name, "state": "on"}, mark("Switch on"))
    if finding.kind in (Kind.BREAKER_OPEN, Kind.BREAKER_TRIPPED):
        return Fix("/system/breaker", {"name": name, "action": "reset"}, mark("Try now"))
    if finding.kind in _STALLS and finding.values["count"] == 1:
        escalated = _STALLS[finding.kind]
        for plan in running.stalled:
            if plan.cause == name and (plan.escalated_at is not None) is escalated:
                return Fix(f"/plans/{plan.plan_id}/recovery", {"how": "recover"}, mark("Recover now"))
    return None
