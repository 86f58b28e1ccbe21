"""From the text of an answer to the parts of a plan. Pure: no I/O, no clock, no chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from schemas.plan import Evidence, Opportunity, Phase, PhaseTask, Repair

from .errors import AnswerUnusable
from .fields import Fields
from .json_text import read_json
from .mend_opportunity import read_opportunities
from .mend_phase import read_phases
from .names import ALIASES, WRAPPERS, plain
from .refusal import is_refusal
from .repairs import Action, Problem, Repairs
from .shape import LIMITS_LIMIT, LIMITS_TEXT_LIMIT, SUMMARY_LIMIT, AnswerShape

#: Objects around the answer that are opened.
_WRAPPERS_LIMIT: Final = 4
_LISTS: Final = ("opportunities", "phases")


@dataclass(frozen=True, slots=True)
class AnswerParts:
    """The readable parts of one answer, and the repairs that were needed."""

    summary: str
    opportunities: list[Opportunity]
    phases: list[Phase]
    limits: list[str] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)


def read_answer(
    text: str, channel: str, *, finish_reason: str | None = None, repairs: Repairs | None = None
) -> AnswerParts:
    """Return the plan's parts that the text of an answer holds for a channel.

    A canonical answer (docs/agents.md) is taken as it is, with no repair; every deviation is mended where its
    meaning is plain, and recorded. `repairs` may hold repairs that were made before. Raises `AnswerUnusable`,
    and nothing else, where neither an opportunity nor a phase could be read.
    """
    repairs = Repairs() if repairs is None else repairs
    value = read_json(text, repairs, finish_reason=finish_reason)
    if not len(repairs) and (parts := _canonical(value, channel)) is not None:
        return parts
    return mend(value, channel, repairs, finish_reason=finish_reason)


def _canonical(value: Any, channel: str) -> AnswerParts | None:
    try:
        answer = AnswerShape.model_validate(value)
    except ValidationError:
        return None
    ids = {o.id: f"{channel}-{n}" for n, o in enumerate(answer.opportunities, 1)}
    opportunities = [
        Opportunity(
            ids[o.id],
            channel,
            o.title,
            o.what,
            o.priority,
            [Evidence(e.metric, float(e.value), e.unit, e.text, list(e.skus)) for e in o.evidence],
            None if o.worth_brl is None else float(o.worth_brl),
        )
        for o in answer.opportunities
    ]
    phases = [
        Phase(
            p.number,
            p.name,
            p.weeks,
            [
                PhaseTask(t.title, t.what, channel, t.priority, ids[t.opportunity_id] if t.opportunity_id else None)
                for t in p.tasks
            ],
            p.investment,
            p.expected_impact,
        )
        for p in answer.phases
    ]
    return AnswerParts(answer.summary, opportunities, phases, list(answer.limits))


def mend(value: Any, channel: str, repairs: Repairs, *, finish_reason: str | None = None) -> AnswerParts:
    """Return the parts that a JSON value of any shape holds; raises `AnswerUnusable` where there are none."""
    answer = Fields(_opened(value, repairs), "answer", "", repairs)
    if "reasoning" in answer and not isinstance(answer.take("reasoning"), str):  # asked for, and not for people
        answer.add("reasoning", Problem.WRONG_TYPE, Action.DROPPED)
    summary = answer.text("summary", SUMMARY_LIMIT)
    opportunities, ids = read_opportunities(answer, channel)
    phases = read_phases(answer, channel, ids)
    limits = _limits(answer)
    answer.finish()
    if not opportunities and not any(phase.tasks for phase in phases):
        if is_refusal(summary) or _declines(value):
            raise AnswerUnusable("refusal")
        raise AnswerUnusable("truncated" if finish_reason == "length" else "empty")
    if repairs.has(Problem.TRUNCATED) and not any(phase.tasks for phase in phases):
        raise AnswerUnusable("truncated")  # half a plan: opportunities may be missing, too, and nobody knows which
    if not opportunities:
        repairs.add("opportunities", Problem.NO_OPPORTUNITIES, Action.PHASES_ONLY)
    if not phases:
        repairs.add("phases", Problem.NO_PHASES, Action.OPPORTUNITIES_ONLY)
    return AnswerParts(summary, opportunities, phases, limits, repairs.listed())


def _limits(answer: Fields) -> list[str]:
    limits = []
    for path, item, _ in answer.items("limits", LIMITS_LIMIT):
        text = answer.as_text(path, item, LIMITS_TEXT_LIMIT) if item is not None else ""
        if text:
            limits.append(text)
        else:
            answer.add(path, Problem.NOTHING_IN_IT, Action.DROPPED)
    return limits


def _opened(value: Any, repairs: Repairs) -> Mapping[str, Any]:
    """Return the object that holds the plan: unwrapped, or built from a bare list."""
    for _ in range(_WRAPPERS_LIMIT):
        if isinstance(value, list):
            value = _from_list(value, repairs)
        if not isinstance(value, dict) or _fields_of(value) & set(_LISTS):
            break
        inner = _wrapped(value)
        if inner is None:
            break
        repairs.add("answer", Problem.WRAPPED, Action.OPENED, found=inner)
        value = _unwrapped(value, inner, repairs)
    if not isinstance(value, dict):
        return {}
    if not _fields_of(value) & set(_LISTS) and _looks_like(value, "phase"):
        repairs.add("answer", Problem.NOT_A_LIST, Action.READ_AS, result="phases")
        return {"summary": "", "opportunities": [], "phases": [value]}
    if not _fields_of(value) & set(_LISTS) and _looks_like(value, "opportunity"):
        repairs.add("answer", Problem.NOT_A_LIST, Action.READ_AS, result="opportunities")
        return {"summary": "", "opportunities": [value], "phases": []}
    return value


def _wrapped(value: dict[str, Any]) -> str | None:
    """Return the key of the one object that wraps the answer."""
    holders = [
        key
        for key, inner in value.items()
        if isinstance(inner, dict | list) and (plain(key) in WRAPPERS or (len(value) == 1 and _holds_plan(inner)))
    ]
    return holders[0] if len(holders) == 1 else None


def _unwrapped(value: dict[str, Any], key: str, repairs: Repairs) -> Any:
    """Return the object under the key, completed by fields of a plan beside it."""
    inner = value[key]
    beside = {k: v for k, v in value.items() if k != key and isinstance(inner, dict) and plain(k) in ALIASES["answer"]}
    for name in value:
        if name != key and name not in beside:
            repairs.add(name, Problem.UNKNOWN_FIELD, Action.DROPPED)
    return {**beside, **inner} if beside else inner


def _holds_plan(inner: Any) -> bool:
    return isinstance(inner, dict) and bool(_fields_of(inner) & set(_LISTS))


def _from_list(value: list[Any], repairs: Repairs) -> Any:
    dicts = [item for item in value if isinstance(item, dict)]
    plans = [item for item in dicts if _fields_of(item) & set(_LISTS)]
    if plans:
        repairs.add("answer", Problem.SEVERAL if len(value) > 1 else Problem.WRAPPED, Action.KEPT_FIRST)
        return plans[0]
    if not dicts:
        return None
    if len(value) == 1 and not _looks_like(dicts[0], "phase") and not _looks_like(dicts[0], "opportunity"):
        repairs.add("answer", Problem.WRAPPED, Action.KEPT_FIRST)
        return dicts[0]
    kind = "phases" if all(_looks_like(item, "phase") for item in dicts) else "opportunities"
    repairs.add("answer", Problem.WRONG_TYPE, Action.READ_AS, found="list", result=kind)
    return {"summary": "", "opportunities": [], "phases": [], kind: value}


def _fields_of(value: Mapping[str, Any], kind: str = "answer") -> set[str]:
    return {ALIASES[kind][plain(key)] for key in value if plain(key) in ALIASES[kind]}


def _looks_like(value: Mapping[str, Any], kind: str) -> bool:
    """Return whether an object without a plan's lists is one phase or one opportunity."""
    found = _fields_of(value, kind)
    if kind == "phase":
        return "tasks" in found and bool(found & {"name", "number", "weeks"})
    return "title" in found and bool(found & {"what", "priority"})


def _declines(value: Any) -> bool:
    texts = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else [value]
    return any(isinstance(text, str) and is_refusal(text) for text in texts[:20])
