"""Events for tests: a plan with all its parts, and only what a test is about to be said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from schemas.events import Event
from schemas.typed.parts import GivenPhase1Data, OpportunityData, PhaseData, PhaseTaskData
from schemas.typed.plan import PlanApproved, PlanUploaded
from schemas.wire import check

PLAN = "0b6f2f0e-53c1-4e0c-9a64-7f5f7c1f2a10"
DOCUMENT = "5e0a8f7c-8a6c-4f0e-a2b7-3d1c90a4b1e2"
AT = 1_773_147_845_123_456


def event(type_: str, data: Mapping[str, Any], *, version: int = 1, stream: str = "", event_id: str = "") -> Event:
    """Return an event that fits its schema."""
    made = Event(
        type=type_,
        event_id=event_id or f"00000000-0000-4000-8000-{abs(version):012d}",
        stream=stream or f"plan-{PLAN}",
        version=version,
        occurred_at=AT,
        causation_id="req-1",
        correlation_id=PLAN,
        actor="ana.souza",
        data=data,
    )
    check(made)
    return made


def uploaded(channels: list[str] | None = None, priority: str = "normal") -> PlanUploaded:
    data = {
        "plan_id": PLAN,
        "document_id": DOCUMENT,
        "title": "Vendas de fevereiro",
        "filename": "vendas.csv",
        "media_type": "text/csv",
        "size_bytes": 2048,
        "sha256": "ab" * 32,
        "channels": channels or ["mercado_livre", "shopee"],
        "priority": priority,
    }
    return cast("PlanUploaded", event("plan.uploaded", data))


def approved(
    *,
    phases: list[PhaseData] | None = None,
    opportunities: list[OpportunityData] | None = None,
    channels: list[str] | None = None,
    priority: str = "normal",
    phase1: GivenPhase1Data | None = None,
) -> PlanApproved:
    data: dict[str, Any] = {
        "plan_id": PLAN,
        "reason": "",
        "channels": channels or ["mercado_livre"],
        "priority": priority,
        "opportunities": opportunities or [],
        "phases": phases or [],
    }
    if phase1 is not None:
        data["phase1"] = phase1
    return cast("PlanApproved", event("plan.approved", data, version=3))


def given_phase1(tasks: list[PhaseTaskData] | None = None, **more: Any) -> GivenPhase1Data:
    """Return Phase 1 as a person gives it: the texts are empty unless they are said."""
    texts = {"name": "", "weeks": "", "investment": "", "expected_impact": "", "reason": "porque sim"}
    given = {**texts, "tasks": tasks if tasks is not None else [phase_task(1)], **more}
    return cast("GivenPhase1Data", given)


def opportunity(n: int = 1, priority: str = "high", **more: Any) -> OpportunityData:
    made = {
        "id": f"mercado_livre-{n}",
        "channel": "mercado_livre",
        "title": f"Oportunidade {n}",
        "what": f"Fazer {n}",
        "priority": priority,
        "evidence": [],
        "worth_brl": None,
        **more,
    }
    return cast("OpportunityData", made)


def phase_task(n: int = 1, **more: Any) -> PhaseTaskData:
    made = {
        "title": f"Tarefa {n}",
        "what": f"Passo {n}",
        "channel": "mercado_livre",
        "priority": "normal",
        "opportunity_id": None,
        **more,
    }
    return cast("PhaseTaskData", made)


def phase(number: int | None = 1, tasks: list[PhaseTaskData] | None = None, **more: Any) -> PhaseData:
    made = {
        "number": number,
        "name": f"Fase {number}",
        "weeks": "Semanas 1-4",
        "tasks": [phase_task()] if tasks is None else tasks,
        "investment": "R$ 100,00",
        "expected_impact": "Menos devoluções",
        **more,
    }
    return cast("PhaseData", made)
