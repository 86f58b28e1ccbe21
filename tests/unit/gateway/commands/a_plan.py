"""A plan as it is read, for tests of what is decided from it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from projections.plans.parts import ChannelResult, LaterPhase
from projections.plans.reads import Plan, TaskCount

PLAN_ID: Final = UUID("0b0e1c6e-7777-4222-8333-444455556666")
AT: Final = datetime(2026, 11, 2, 9, tzinfo=UTC)


def opportunity(id_: str, worth: float | None = None) -> Any:
    return {"id": id_, "title": id_, "what": "", "priority": "high", "worth_brl": worth, "evidence": []}


def phase(number: int | None, *titles: str, channel: str = "shopee") -> Any:
    """Return a phase with these tasks."""
    tasks = [
        {"title": title, "what": "w", "channel": channel, "priority": "normal", "opportunity_id": None}
        for title in titles
    ]
    name = f"Fase {number}"
    return {
        "number": number,
        "name": name,
        "weeks": "",
        "investment": "0",
        "expected_impact": "more",
        "tasks": tasks,
    }


def result(channel: str, source: str = "rules", status: str = "analyzed", *, found: Any = ()) -> ChannelResult:
    return ChannelResult(channel, status, source, opportunities=list(found))


def plan(status: str = "awaiting_approval", **other: Any) -> Plan:
    """Return a plan of shopee and amazon; `begun`: numbers of its later phases that have begun."""
    begun = [
        LaterPhase(number, "", "", "", "", tasks=[], started_by="ana", started_at=AT)
        for number in other.pop("begun", ())
    ]
    given: dict[str, Any] = {
        "plan_id": PLAN_ID,
        "version": 3,
        "status": status,
        "title": "t",
        "filename": "f",
        "media_type": "text/csv",
        "size_bytes": 1,
        "channels": ["shopee", "amazon"],
        "priority": "normal",
        "partial": False,
        "outcomes": [],
        "waiting_phase": None,
        "opportunity_count": 0,
        "worth_brl": None,
        "phase1_origin": None,
        "reason": "",
        "uploaded_by": "ana",
        "decided_by": "",
        "uploaded_at": AT,
        "analyzed_at": AT,
        "decided_at": None,
        "phase1_at": None,
        "ended_at": None,
        "changed_at": AT,
        "erased_at": None,
        "erased_by": None,
        "trace_id": None,
        "team": None,
        "tasks": TaskCount(),
        "sha256": "",
        "document_id": None,
        "opportunities": [],
        "phases": [],
        "phase1": None,
        "channel_results": [],
        "later_phases": begun,
    }
    return Plan(**given | other)
