"""The records within events. Made from schemas/avro by `make events`."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class AdProductData(TypedDict):
    """What one product's advertising cost in all of the report."""

    code: str
    title: str
    amount: float
    sales: NotRequired[float | None]


class AdSpanData(TypedDict):
    """What advertising cost from one day to another, both included."""

    first_day: str
    last_day: str
    amount: float
    sales: NotRequired[float | None]


class AgentUseData(TypedDict):
    """What the calls to one agent took, the failed ones included."""

    agent: str
    calls: int
    input_tokens: int
    output_tokens: int
    seconds: float
    cost: NotRequired[float | None]


class BridgePartData(TypedDict):
    """What one product has to do with a step."""

    sku: str
    title: str
    amount: float


class BridgeStepData(TypedDict):
    """One cause of a difference in money."""

    kind: str
    amount: float | None
    others: float | None
    parts: list[BridgePartData]


class ChannelOutcomeData(TypedDict):
    """How the analysis of one channel ended."""

    channel: str
    outcome: str
    source: str
    reason: str


class EvidenceData(TypedDict):
    """One figure behind an opportunity."""

    metric: str
    value: float
    unit: str
    text: str
    skus: list[str]


class FallbackData(TypedDict):
    """One agent that gave no usable analysis, so that the next one, or the rules, did it."""

    agent: str
    code: str
    reason: str
    attempts: int


class GivenPhase1Data(TypedDict):
    """Phase 1 as the person who approved gave it, in place of what the plan has."""

    name: str
    weeks: str
    investment: str
    expected_impact: str
    tasks: list[PhaseTaskData]
    reason: str


class GoodsCostData(TypedDict):
    """What one unit costs from a day on."""

    key: str
    sku: str
    title: str
    valid_from: str
    unit_cost: float
    packaging: NotRequired[float | None]
    tax_rate: NotRequired[float | None]
    currency: str


class GoodsCostDayData(TypedDict):
    """A cost, by SKU and first day."""

    key: str
    sku: str
    valid_from: str


class GoodsStockData(TypedDict):
    """How many units are on hand on a day."""

    key: str
    sku: str
    title: str
    channel: str
    counted_on: str
    quantity: float


class NotComparedData(TypedDict):
    """Why the document before and this one are not compared as they are."""

    plan_id: str
    first_day: str
    last_day: str
    days_in_both: int
    why: str


class OpportunityData(TypedDict):
    """Something that a seller could do."""

    id: str
    channel: str
    title: str
    what: str
    priority: str
    evidence: list[EvidenceData]
    worth_brl: NotRequired[float | None]


class OpportunityCheckData(TypedDict):
    """How an opportunity will be measured by the next document of its channel, as far as this one tells."""

    opportunity_id: str
    metric: str
    skus: list[str]
    unit: str
    better: str
    baseline: float | None
    target: float | None
    first_day: str
    last_day: str
    why: str


class OpportunityOutcomeData(TypedDict):
    """What became of one opportunity."""

    opportunity_id: str
    title: str
    metric: str
    skus: list[str]
    unit: str
    baseline: float | None
    target: float | None
    current: float | None
    verdict: str
    why: str
    promised: float | None
    came: float | None
    acted: str
    tasks: int
    tasks_done: int


class PhaseData(TypedDict):
    """A part of the plan."""

    number: NotRequired[int | None]
    name: str
    weeks: str
    tasks: list[PhaseTaskData]
    investment: str
    expected_impact: str


class Phase1TaskData(TypedDict):
    """A task of Phase 1 with the id that its own events carry."""

    task_id: str
    position: int
    title: str
    what: str
    channel: str
    priority: str
    opportunity_id: NotRequired[str | None]
    also_serves: NotRequired[list[str]]
    due_on: NotRequired[str | None]


class PhaseTaskData(TypedDict):
    """One step of a phase, before it became a task."""

    title: str
    what: str
    channel: str
    priority: str
    opportunity_id: NotRequired[str | None]
    also_serves: NotRequired[list[str]]


class PlanBridgeData(TypedDict):
    """From what was left of the revenue after the known costs to what is left now."""

    plan_id: str
    first_day: str
    last_day: str
    days_in_both: int
    currency: str
    revenue_before: float
    revenue_after: float
    before: float
    after: float
    steps: list[BridgeStepData]
    month_before: NotRequired[str]
    month_after: NotRequired[str]


class PlanProofData(TypedDict):
    """What became of the opportunities of an earlier plan that was approved."""

    plan_id: str
    first_day: str
    last_day: str
    days_in_both: int
    source: str
    model: str
    outcomes: list[OpportunityOutcomeData]


class RepairData(TypedDict):
    """One thing that was mended in an agent's answer."""

    path: str
    problem: str
    action: str


class StartedTaskData(TypedDict):
    """A task of a later phase with the id that its own events carry."""

    task_id: str
    position: int
    title: str
    what: str
    channel: str
    priority: str
    opportunity_id: NotRequired[str | None]
    also_serves: NotRequired[list[str]]
    due_on: NotRequired[str | None]


class UnmatchedNumberData(TypedDict):
    """A number in an agent's text that is none of the document's figures."""

    path: str
    number: str
