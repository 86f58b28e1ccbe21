"""The shape of a plan: what agents write, people approve and Phase 1 turns into tasks.

These names are the storage format: they stand in Avro events, in Postgres JSON and in the API.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, cast

Priority = Literal["high", "normal", "low"]
Source = Literal["agent", "rules"]

#: The language that rules and agents write in, as pages name it.
WRITTEN_IN: Final = "pt-BR"
PRIORITIES: Final[tuple[Priority, ...]] = ("high", "normal", "low")

#: Phase 1 never has more tasks than this when it is generated from the opportunities (R6).
FALLBACK_TASK_LIMIT: Final = 5
#: A Phase 1 that a person gives has at least one task, and at most so many.
OPERATOR_TASK_LIMIT: Final = 20
#: The most tasks that people can add to one plan, those that ended or were cancelled included. A phase has 20 at most,
#: so this is more than people have at hand, and a script that goes wrong stops. decide.add_task compares it.
ADDED_TASK_LIMIT: Final = 100
FALLBACK_NAME: Final = "Fase 1 - Otimizações de Impacto Rápido"
FALLBACK_WEEKS: Final = "Semanas 1-4"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One figure behind an opportunity.

    `metric` is the id of a documented figure (`return_rate`, `fee_share`, ...); `value` is a plain number
    in `unit` (`BRL`, `ratio` 0..1, `count`, `days`); `skus` are the products that it is about.
    """

    metric: str
    value: float
    unit: str
    text: str
    skus: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Opportunity:
    """Something that a seller could do. `id` is unique within its plan: `<channel>-<slug or number>`."""

    id: str
    channel: str
    title: str
    what: str
    priority: Priority
    evidence: list[Evidence] = field(default_factory=list)
    worth_brl: float | None = None  # a month, where a figure supports it; docs/analysis.md says of which


@dataclass(frozen=True, slots=True)
class PhaseTask:
    """One step of a phase, before it became a task."""

    title: str
    what: str
    channel: str
    priority: Priority = "normal"
    opportunity_id: str | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the plan. `number` is None where the agent gave none and none could be read from the name."""

    number: int | None
    name: str
    weeks: str
    tasks: list[PhaseTask] = field(default_factory=list)
    investment: str = ""
    expected_impact: str = ""


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing that was mended in an agent's answer: where, what was wrong, what was done."""

    path: str
    problem: str
    action: str


@dataclass(frozen=True, slots=True)
class Fallback:
    """One agent that gave no usable analysis, so that the next one, or the rules, did it."""

    agent: str  # agent:<host>/<model>; empty where nobody knows which it was
    code: str
    reason: str
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class UnmatchedNumber:
    """A number in an agent's text that is none of the document's figures: where it stands, and as it is written."""

    path: str
    number: str


@dataclass(frozen=True, slots=True)
class AgentUse:
    """What the calls to one agent took. `cost` is None where no price is known, or the server told no tokens."""

    agent: str
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class ChannelAnalysis:
    """What one channel's analysis found. `limits` says honestly what could not be seen, and why.

    `fallback` says which agents failed before whoever wrote this, in the order in which they were asked.
    """

    channel: str
    source: Source
    model: str  # model name for an agent, the rule set's version for rules
    summary: str
    opportunities: list[Opportunity] = field(default_factory=list)
    phases: list[Phase] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    fallback: list[Fallback] = field(default_factory=list)
    unmatched: list[UnmatchedNumber] = field(default_factory=list)
    use: list[AgentUse] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON-able data, as stored in events."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ChannelAnalysis:
        """Read what `to_dict` wrote, an earlier version's too. Unknown fields of a later version are dropped."""
        return cls(
            channel=data["channel"],
            source=cast("Source", data["source"]),
            model=data["model"],
            summary=data["summary"],
            opportunities=[opportunity_from(o) for o in data["opportunities"]],
            phases=[phase_from(p) for p in data["phases"]],
            repairs=[Repair(r["path"], r["problem"], r["action"]) for r in data["repairs"]],
            limits=list(data["limits"]),
            fallback=[Fallback(f["agent"], f["code"], f["reason"], f["attempts"]) for f in data.get("fallback", [])],
            unmatched=[UnmatchedNumber(u["path"], u["number"]) for u in data.get("unmatched", [])],
            use=[
                AgentUse(u["agent"], u["calls"], u["input_tokens"], u["output_tokens"], u["seconds"], u["cost"])
                for u in data.get("use", [])
            ],
        )


def opportunity_from(data: dict[str, Any]) -> Opportunity:
    """Build an opportunity from plain data."""
    evidence = [Evidence(e["metric"], e["value"], e["unit"], e["text"], list(e["skus"])) for e in data["evidence"]]
    return Opportunity(
        data["id"],
        data["channel"],
        data["title"],
        data["what"],
        data["priority"],
        evidence,
        data["worth_brl"],
    )


def phase_from(data: dict[str, Any]) -> Phase:
    """Build a phase from plain data."""
    tasks = [PhaseTask(t["title"], t["what"], t["channel"], t["priority"], t["opportunity_id"]) for t in data["tasks"]]
    return Phase(data["number"], data["name"], data["weeks"], tasks, data["investment"], data["expected_impact"])
