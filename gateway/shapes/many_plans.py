"""Shapes of one decision on many plans."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator

from gateway.shapes.problem import ProblemShape
from gateway.shapes.shape import Given, Taken, Text
from schemas.lifecycle import PlanAction


class BulkDecision(Taken):
    """One decision on many plans. Each has its own result: some may be refused."""

    action: PlanAction
    ids: list[UUID] = Field(min_length=1, max_length=1000)
    reason: Text = ""
    versions: dict[UUID, Annotated[int, Field(ge=1, le=2**31 - 1)]] = Field(
        default_factory=dict,
        description="Plan -> the version that was read; needed to approve plans of which a channel was analysed again.",
    )

    @field_validator("versions")
    @classmethod
    def _of_these(cls, versions: dict[UUID, int], info: ValidationInfo) -> dict[UUID, int]:
        if not versions.keys() <= set(info.data.get("ids", versions)):
            raise ValueError("has a plan that is not among ids")
        return versions


class BulkPlanResult(Given):
    """One plan's outcome in a bulk decision; `problem` says why it was refused."""

    plan_id: UUID
    outcome: str
    status: str | None = None
    version: int | None = None
    problem: ProblemShape | None = None


class BulkPlanResults(Given):
    results: list[BulkPlanResult]
