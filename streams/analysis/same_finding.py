"""Merge the same finding on several channels into one task, worth the sum of what it brings on each. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from schemas.channels import channel_name
from schemas.plan import PRIORITIES
from schemas.product import sku_key
from schemas.typed.parts import OpportunityData, PhaseData, PhaseTaskData
from schemas.typed.plan import PlanChannelAnalyzedData
from streams.analysis.rules.formats import listing
from streams.analysis.rules.phases import impact_of

#: A task's title has no more characters: then the text alone names the channels.
_MAX_TITLE: Final = 200
#: Where a title lists products.
_PRODUCTS: Final = "\0"


@dataclass(frozen=True, slots=True)
class _Said:
    """What a task says, apart from the products that it names."""

    by: str  # the rule; of an agent, whose ids say nothing, the figure that its opportunity rests on
    title: str
    skus: list[str]
    is_of_products: bool

    def is_same(self, other: _Said) -> bool:
        """Say whether both are one finding: one that names products has one of them in common."""
        if (self.by, self.title, self.is_of_products) != (other.by, other.title, other.is_of_products):
            return False
        keys, others = ({sku_key(sku) for sku in one.skus} for one in (self, other))
        return not self.is_of_products or not keys.isdisjoint(others)


def as_one(phases: list[PhaseData], analyzed: list[PlanChannelAnalyzedData]) -> list[PhaseData]:
    """Return the phases with tasks of several channels that say the same joined into one, where the first stood.

    Tasks say the same where they are the same step of one rule (of an agent: by the same figure), and name a product in
    common if they name any. The opportunities stay apart, one for each channel with its own worth. Where rules made the
    phases, what Phase 1 brings is summed anew, once for each opportunity.
    """
    known = {o["id"]: o for analysis in analyzed for o in analysis["opportunities"]}
    ruled = {o["id"] for analysis in analyzed if analysis["source"] == "rules" for o in analysis["opportunities"]}
    by_rules = len(analyzed) > 1 and all(analysis["source"] == "rules" for analysis in analyzed)
    return [_with_joined(phase, known, ruled, by_rules=by_rules) for phase in phases]


def _with_joined(phase: PhaseData, known: dict[str, OpportunityData], ruled: set[str], *, by_rules: bool) -> PhaseData:
    groups: list[list[tuple[PhaseTaskData, _Said | None]]] = []
    for task in phase["tasks"]:
        said = _said(task, known, ruled)
        same = next((group for group in groups if said is not None and _takes(group, task, said)), None)
        if same is None:
            groups.append([(task, said)])
        else:
            same.append((task, said))
    joined: PhaseData = {**phase, "tasks": [_joined(group, known) for group in groups]}
    number = phase["number"]
    served = {id_ for task in phase["tasks"] if (id_ := task["opportunity_id"]) in known and id_ is not None}
    if by_rules and number is not None and served:
        joined["expected_impact"] = impact_of(number, sum(_worth(known, id_) for id_ in sorted(served)))
    return joined


def _takes(group: list[tuple[PhaseTaskData, _Said | None]], task: PhaseTaskData, said: _Said) -> bool:
    """Say whether a task belongs to a group: it says what each of them does, of a channel that none of them is of."""
    return all(other["channel"] != task["channel"] and told is not None and told.is_same(said) for other, told in group)


def _said(task: PhaseTaskData, known: dict[str, OpportunityData], ruled: set[str]) -> _Said | None:
    """Return what a task says; None of one without an opportunity of its channel, which is like no other."""
    id_, prefix = task["opportunity_id"] or "", f"{task['channel']}-"
    if id_ not in known or not id_.startswith(prefix):
        return None
    evidence = known[id_]["evidence"]
    skus = list(dict.fromkeys(sku for one in evidence for sku in one["skus"]))
    title = " ".join(_without(task["title"], skus).casefold().split(" "))
    if id_ in ruled:
        return _Said(f"rule {id_.removeprefix(prefix)}", title, skus, _PRODUCTS in title)
    return _Said(f"figure {evidence[0]['metric']}", title, skus, bool(skus)) if evidence else None


def _without(title: str, skus: list[str]) -> str:
    """Return the title with a mark in place of the products that it lists, as `listing` writes them."""
    if not skus:
        return title
    one = "|".join(re.escape(sku) for sku in sorted(skus, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{one})(?:, (?:{one}))*(?: e (?:{one}|mais \d+))?(?!\w)", _PRODUCTS, title)


def _joined(group: list[tuple[PhaseTaskData, _Said | None]], known: dict[str, OpportunityData]) -> PhaseTaskData:
    """Return one task of several: it serves the most valuable opportunity first, and names the channels of all."""
    if len(group) == 1:
        return group[0][0]
    first = max(group, key=lambda one: _worth(known, one[0]["opportunity_id"]))
    ordered = [first, *(one for one in group if one is not first)]
    tasks = [task for task, _ in ordered]
    skus = [said.skus if said is not None else [] for _, said in ordered]
    names = [channel_name(task["channel"]) for task in tasks]
    where = listing(names, len(names))
    own = _without(tasks[0]["title"], skus[0]).replace(_PRODUCTS, listing(_union(skus)))
    title = f"{own} ({where})"
    return {
        **tasks[0],
        "title": title if len(title) <= _MAX_TITLE else tasks[0]["title"],
        "what": _what(tasks, names, where, skus),
        "priority": min((task["priority"] for task in tasks), key=_urgency),
        "also_serves": [id_ for task in tasks[1:] if (id_ := task["opportunity_id"]) is not None],
    }


def _union(skus: list[list[str]]) -> list[str]:
    """Return the products of all channels, each once."""
    found: dict[str, str] = {}
    for sku in (sku for one in skus for sku in one):
        found.setdefault(sku_key(sku), sku)
    return list(found.values())


def _what(tasks: list[PhaseTaskData], names: list[str], where: str, skus: list[list[str]]) -> str:
    """Return the text of each channel, or the one that all have with the channels; and which products are where."""
    texts = [task["what"] for task in tasks]
    if len(set(texts)) > 1:
        return "\n".join(f"{name}: {text}" for name, text in zip(names, texts, strict=True))
    differ = len({frozenset(map(sku_key, one)) for one in skus}) > 1
    of_each = "; ".join(f"{name}: {listing(one, len(one))}" for name, one in zip(names, skus, strict=True) if one)
    valid = f"{texts[0]} Vale para {where}.".strip()
    return f"{valid} {of_each}." if differ and of_each else valid


def _worth(known: dict[str, OpportunityData], id_: str | None) -> float:
    return (known[id_]["worth_brl"] or 0.0) if id_ in known else 0.0


def _urgency(priority: str) -> int:
    order: dict[str, int] = {name: place for place, name in enumerate(PRIORITIES)}
    return order.get(priority, 1)
