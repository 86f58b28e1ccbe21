"""What changed between documents, and what became of opportunities."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from gateway.shapes.shape import Given


class BridgePartShape(Given):
    sku: str
    title: str
    amount: float


class BridgeStepShape(Given):
    """One cause of the difference: what it adds to what is left, negative where it takes."""

    kind: Literal["volume", "price", "mix", "unlisted", "price_mix", "revenue", "refunds", "fees", "shipping"]
    amount: float | None = Field(description="null: a document does not tell it.")
    others: float | None = Field(description="Of the amount, what no part tells.")
    parts: list[BridgePartShape] = Field(description="The products that changed most.")


class BridgeShape(Given):
    """From what was left of the revenue after the known costs: `before` and the known steps make `after`, exactly."""

    plan_id: UUID = Field(description="The earlier plan.")
    first_day: date
    last_day: date
    days_in_both: int = Field(description="Days that both documents have.")
    currency: str
    revenue_before: float
    revenue_after: float
    before: float
    after: float
    steps: list[BridgeStepShape]
    month_before: str = Field("", description="Where months are compared, such as 2026-03; empty: whole documents are.")
    month_after: str = ""


class NotComparedShape(Given):
    """Why the document before and this one are not compared as they are."""

    plan_id: UUID = Field(description="The earlier plan.")
    first_day: date
    last_day: date
    days_in_both: int
    why: Literal["days", "currency", "revenue"]


class ComparisonShape(Given):
    channel: str
    first_day: date
    last_day: date
    bridge: BridgeShape | None = Field(description="null: there is no earlier document of a like period or month.")
    not_compared: NotComparedShape | None = Field(
        None, description="Why the documents are not compared as they are; the bridge, if any, is between two months."
    )


class OutcomeShape(Given):
    """The outcome of one opportunity. Amounts are BRL a month."""

    plan_id: UUID = Field(description="Whose opportunity it is.")
    channel: str
    opportunity_id: str
    measured_by: UUID = Field(description="The later plan, whose document tells.")
    first_day: date
    last_day: date
    measured_from: date
    measured_to: date
    days_in_both: int
    source: str
    model: str
    title: str
    metric: str = Field(description="The figure that it is measured by; empty: none can.")
    skus: list[str]
    unit: str
    baseline: float | None
    target: float | None = Field(description="The value at which all of the promised worth comes.")
    current: float | None
    verdict: Literal["improved", "unchanged", "worse", "unknown"]
    why: str = Field(description="Why it cannot be told: docs/analysis.md lists the reasons.")
    promised: float | None
    came: float | None = Field(description="Negative: it got worse. null: not known, or unchanged.")
    acted: Literal["done", "part", "late", "not_done", "no_task"] = Field(
        description="What was done by the last day of the later document."
    )
    tasks: int
    tasks_done: int
    unmatched: list[str] = Field(description="Numbers in an agent's title without a source in the document.")


class AwaitedShape(Given):
    """A channel of an approved plan that no later document has measured."""

    channel: str
    last_day: date
    check_from: date = Field(description="From then on a document as long can tell.")


class PlanOutcomes(Given):
    changes: list[ComparisonShape] = Field(description="What changed since the document before, by channel.")
    earlier: list[OutcomeShape] = Field(description="Opportunities of earlier plans, measured by this document.")
    later: list[OutcomeShape] = Field(description="This plan's opportunities, as the latest document shows them.")
    awaited: list[AwaitedShape]


class HitRateShape(Given):
    """Each opportunity counts once, as it was measured last."""

    source: str = Field(description="rules or agent.")
    analyst: str = Field(description="The rule, or the agent's model.")
    measured: int = Field(description="Worked on in time, and it can be told.")
    improved: int
    unchanged: int
    worse: int
    left_alone: int = Field(description="Not worked on, and it can be told: what changes by itself.")
    left_alone_improved: int
    unknown: int = Field(description="It cannot be told.")
    late: int = Field(description="Worked on after the last day of the document only.")
    promised: float | None = Field(description="BRL a month, of those of which both amounts are known.")
    came: float | None
    rate: float | None = Field(description="improved / measured; null: none was measured.")


class HitRates(Given):
    items: list[HitRateShape]
