"""Shapes of the phases of a plan: as analysed, and as they became tasks."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from gateway.shapes.phase1 import PhaseTaskShape
from gateway.shapes.shape import Given, Taken


class StartPhase(Taken):
    """Which phase is to begin: the plan's `nextPhase`."""

    number: int = Field(ge=2, le=9999)


class PhaseShape(Given):
    number: int | None = None
    name: str = ""
    weeks: str = ""
    tasks: list[PhaseTaskShape] = Field(default_factory=list)
    investment: str = ""
    expected_impact: str = ""


class Phase1TaskShape(PhaseTaskShape):
    task_id: str = ""
    position: int = 0


class Phase1Shape(Given):
    """Phase 1 as it became tasks: where it came from, by which rule."""

    origin: str = Field("", description="agent, rules, fallback or operator.")
    rule: str = ""
    name: str = ""
    weeks: str = ""
    investment: str = ""
    expected_impact: str = ""
    tasks: list[Phase1TaskShape] = Field(default_factory=list)


class LaterPhaseShape(Given):
    """A phase after Phase 1 that a person has had begin."""

    number: int
    name: str
    weeks: str
    investment: str
    expected_impact: str
    tasks: list[Phase1TaskShape]
    started_by: str
    started_at: datetime
