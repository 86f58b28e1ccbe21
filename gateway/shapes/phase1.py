"""Phase 1 as a person gives it with the approval, and as an approval would make it."""

from __future__ import annotations

from pydantic import Field

from gateway.shapes.query import ChannelId
from gateway.shapes.shape import Given, Line, Paragraph, Reason, Taken, Title
from schemas.plan import OPERATOR_TASK_LIMIT, Priority


class GivenTask(Taken):
    """One task of a Phase 1 that a person gives."""

    title: Title
    what: Paragraph = ""
    channel: ChannelId | None = Field(None, description="One of the plan's channels; its first one if not given.")
    priority: Priority = "normal"
    opportunity_id: Line | None = Field(None, description="The opportunity of the plan that the task serves.")
    also_serves: list[Line] = Field(
        default_factory=list,
        max_length=OPERATOR_TASK_LIMIT,
        description="Opportunities of other channels that are the same finding.",
    )


class GivenPhase1(Taken):
    """Phase 1 by a person, in place of what the plan or the fallback would give. Empty texts are filled."""

    name: Line = ""
    weeks: Line = Field("", description="Such as 'Semanas 1-4'.")
    investment: Line = ""
    expected_impact: Line = ""
    tasks: list[GivenTask] = Field(min_length=1, max_length=OPERATOR_TASK_LIMIT)
    reason: Reason = Field(description="Why; it stands in the plan's history with who gave it.")


class PhaseTaskShape(Given):
    title: str = ""
    what: str = ""
    channel: str = ""
    priority: str = ""
    opportunity_id: str | None = None
    also_serves: list[str] = Field(
        default_factory=list, description="Opportunities of other channels that are the same finding."
    )


class Phase1PreviewShape(Given):
    """Phase 1 as an approval without one of its own would make it: where from, by which rule."""

    origin: str
    rule: str
    name: str
    weeks: str
    investment: str
    expected_impact: str
    tasks: list[PhaseTaskShape]
