"""The canonical shape of an answer, as agents are asked for it, and the limits of every field."""

from __future__ import annotations

import math
import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from schemas.plan import Priority

from .phase_names import PHASE_NUMBER_LIMIT, phase_number

#: Longest texts, in characters.
SUMMARY_LIMIT: Final = 2_000
TITLE_LIMIT: Final = 200
WHAT_LIMIT: Final = 2_000
NAME_LIMIT: Final = 120
WEEKS_LIMIT: Final = 60
INVESTMENT_LIMIT: Final = 300
IMPACT_LIMIT: Final = 500
METRIC_LIMIT: Final = 60
EVIDENCE_TEXT_LIMIT: Final = 300
SKU_LIMIT: Final = 80
ID_LIMIT: Final = 60
LIMITS_TEXT_LIMIT: Final = 500

#: Longest lists.
OPPORTUNITIES_LIMIT: Final = 30
PHASES_LIMIT: Final = 12
TASKS_LIMIT: Final = 30
EVIDENCE_LIMIT: Final = 10
SKUS_LIMIT: Final = 50
LIMITS_LIMIT: Final = 20

#: No figure of a marketplace is larger than this; a larger one is a misreading.
VALUE_LIMIT: Final = 1e12

Unit = Literal["BRL", "ratio", "count", "days"]
UNITS: Final[tuple[Unit, ...]] = ("BRL", "ratio", "count", "days")

#: What no text of a plan may hold: controls (but tab and newline), bidirectional overrides, lone surrogates.
UNWANTED: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def clean(text: str) -> str:
    """Return the text without unwanted characters and without blanks around it."""
    return UNWANTED.sub("", text).strip()


def _clean(text: str) -> str:
    if clean(text) != text:
        raise ValueError("control characters or blanks around the text")
    return text


def _figure(value: float) -> float:
    if not math.isfinite(value) or abs(value) > VALUE_LIMIT:
        raise ValueError("not a possible figure")
    return value


CleanText = Annotated[str, AfterValidator(_clean)]
Value = Annotated[float, AfterValidator(_figure)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class EvidenceShape(_Shape):
    """One figure of the document that supports the opportunity."""

    metric: CleanText = Field(min_length=1, max_length=METRIC_LIMIT)
    value: Value
    unit: Unit
    text: CleanText = Field(max_length=EVIDENCE_TEXT_LIMIT)
    skus: list[Annotated[CleanText, Field(min_length=1, max_length=SKU_LIMIT)]] = Field(
        default=[], max_length=SKUS_LIMIT
    )


class OpportunityShape(_Shape):
    """Something that the seller could do."""

    id: CleanText = Field(min_length=1, max_length=ID_LIMIT)
    title: CleanText = Field(min_length=1, max_length=TITLE_LIMIT)
    what: CleanText = Field(max_length=WHAT_LIMIT)
    priority: Priority
    evidence: list[EvidenceShape] = Field(default=[], max_length=EVIDENCE_LIMIT)
    worth_brl: Value | None = None


class TaskShape(_Shape):
    """One step of a phase."""

    title: CleanText = Field(min_length=1, max_length=TITLE_LIMIT)
    what: CleanText = Field(max_length=WHAT_LIMIT)
    priority: Priority
    opportunity_id: CleanText | None = None


class PhaseShape(_Shape):
    """A part of the plan."""

    number: int = Field(ge=1, le=PHASE_NUMBER_LIMIT)
    name: CleanText = Field(min_length=1, max_length=NAME_LIMIT)
    weeks: CleanText = Field(max_length=WEEKS_LIMIT)
    tasks: list[TaskShape] = Field(min_length=1, max_length=TASKS_LIMIT)
    investment: CleanText = Field(max_length=INVESTMENT_LIMIT)
    expected_impact: CleanText = Field(max_length=IMPACT_LIMIT)

    @model_validator(mode="after")
    def _name_agrees(self) -> PhaseShape:
        if phase_number(self.name) not in (None, self.number):
            raise ValueError("the number and the name disagree")
        return self


class AnswerShape(_Shape):
    """One channel's whole answer. A model that may think first answers better; nobody is shown its `reasoning`."""

    reasoning: str = ""
    summary: CleanText = Field(max_length=SUMMARY_LIMIT)
    opportunities: list[OpportunityShape] = Field(min_length=1, max_length=OPPORTUNITIES_LIMIT)
    phases: list[PhaseShape] = Field(min_length=1, max_length=PHASES_LIMIT)
    limits: list[Annotated[CleanText, Field(min_length=1, max_length=LIMITS_TEXT_LIMIT)]] = Field(
        default=[], max_length=LIMITS_LIMIT
    )

    @model_validator(mode="after")
    def _links_hold(self) -> AnswerShape:
        ids = [opportunity.id for opportunity in self.opportunities]
        numbers = [phase.number for phase in self.phases]
        links = {t.opportunity_id for phase in self.phases for t in phase.tasks} - {None}
        if len(set(ids)) < len(ids) or len(set(numbers)) < len(numbers) or not links <= set(ids):
            raise ValueError("ids and numbers must be unique, and links must point to an opportunity")
        return self
