"""Merge the same finding on several channels into one task, worth the sum of what it brings on each. Pure."""

from __future__ import annotations

from typing import Final

from schemas.channels import channel_name
from schemas.plan import PRIORITIES
from schemas.typed.parts import OpportunityData, PhaseData, PhaseTaskData
from schemas.typed.plan import PlanChannelAnalyzedData
from streams.analysis.rules.formats import listing
from streams.analysis.rules.phases import impact_of

#: A task's title has no more characters: then the text alone names the channels.
_MAX_TITLE: Final = 200
_Key = tuple[str, str]


def as_one(phases: list[PhaseData], analyzed: list[PlanChannelAnalyzedData]) -> list[PhaseData]:
    """Return the phases with tasks of several channels that say the same joined into one, where the first stood.

    Tasks say the same where their titles are equal and their opportunities are of one rule. The opportunities stay
    apart, one for each channel with its own worth. Where rules made the phases, what Phase 1 brings is summed anew,
    once for each opportunity.
    """
    known = {o["id"]: o for analysis in analyzed for o in analysis["opportunities"]}
    by_rules = len(analyzed) > 1 and all(analysis["source"] == "rules" for analysis in analyzed)
    return [_with_joined(phase, known, by_rules=by_rules) for phase in phases]


def _with_joined(phase: PhaseData, known: dict[str, OpportunityData], *, by_rules: bool) -> PhaseData:
    groups: dict[_Key | int, list[PhaseTaskData]] = {}
    for place, task in enumerate(phase["tasks"]):
        key = _key(task)
        alone = key is None or any(task["channel"] == other["channel"] for other in groups.get(key, []))
        groups.setdefault(place if key is None or alone else key, []).append(task)
    joined: PhaseData = {**phase, "tasks": [_joined(tasks, known) for tasks in groups.values()]}
    number = phase["number"]
    served = {id_ for task in phase["tasks"] if (id_ := task["opportunity_id"]) in known and id_ is not None}
    if by_rules and number is not None and served:
        joined["expected_impact"] = impact_of(number, sum(_worth(known, id_) for id_ in sorted(served)))
    return joined


def _key(task: PhaseTaskData) -> _Key | None:
    """Return the key by which tasks of several channels are one; None for one without an opportunity of its channel."""
    id_, prefix = task["opportunity_id"] or "", f"{task['channel']}-"
    if not id_.startswith(prefix):
        return None
    return " ".join(task["title"].casefold().split()), id_.removeprefix(prefix)


def _joined(tasks: list[PhaseTaskData], known: dict[str, OpportunityData]) -> PhaseTaskData:
    """Return one task of several: it serves the most valuable opportunity first, and names the channels of all."""
    if len(tasks) == 1:
        return tasks[0]
    first = max(tasks, key=lambda task: _worth(known, task["opportunity_id"]))
    ordered = [first, *(task for task in tasks if task is not first)]
    names = [channel_name(task["channel"]) for task in ordered]
    where = listing(names, len(names))
    title = f"{first['title']} ({where})"
    return {
        **first,
        "title": title if len(title) <= _MAX_TITLE else first["title"],
        "what": _what(ordered, names, where),
        "priority": min((task["priority"] for task in tasks), key=_urgency),
        "also_serves": [id_ for task in ordered[1:] if (id_ := task["opportunity_id"]) is not None],
    }


def _what(tasks: list[PhaseTaskData], names: list[str], where: str) -> str:
    texts = [task["what"] for task in tasks]
    if len(set(texts)) == 1:
        return f"{texts[0]} Vale para {where}.".strip()
    return "\n".join(f"{name}: {text}" for name, text in zip(names, texts, strict=True))


def _worth(known: dict[str, OpportunityData], id_: str | None) -> float:
    return (known[id_]["worth_brl"] or 0.0) if id_ in known else 0.0


def _urgency(priority: str) -> int:
    order: dict[str, int] = {name: place for place, name in enumerate(PRIORITIES)}
    return order.get(priority, 1)
