"""The button that mends a finding in one click, for those who may press it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gateway.ui.i18n import mark
from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind
from projections.reads.operations import Operations

#: The plans that are stalled so, and whether a person was asked to look.
_STALLS: Final = {Kind.PLANS_STALLED: False, Kind.PLANS_ESCALATED: True}


@dataclass(frozen=True, slots=True)
class Fix:
    """A form: where it goes, what it says besides, and what its button says."""

    path: str
    fields: Mapping[str, str]
    word: str


def fix_of(finding: Finding, running: Operations) -> Fix | None:
    """Return what mends a finding; None where that is more than one click, or nothing that is done here.

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
