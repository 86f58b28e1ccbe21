"""The parts of an opportunity's worth on the page of a plan, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.figures import words
from gateway.operations import worth_parts as computed
from gateway.ui.words.figure_words import LANGUAGE
from projections.plans.reads import Plan
from schemas.facts import ChannelFacts, Figure, TableRead


@dataclass(frozen=True, slots=True)
class Part:
    """A figure of the formula; `unknown` says why it is not there. `unusable`: the share of its rows that is lost."""

    metric: str
    title: str
    figure: Figure | None
    unknown: words.Said | None
    unusable: float | None


@dataclass(frozen=True, slots=True)
class Parts:
    """How the worth of one opportunity is computed."""

    formula: str
    parts: list[Part]


def worth_parts(plan: Plan, channels: Sequence[ChannelFacts], tables: Sequence[TableRead]) -> dict[str, Parts]:
    """Return the parts of each worth that a rule computed, by the opportunity's id; nothing of an agent's."""
    found = computed.worth_parts(plan, channels, tables)
    return {
        identity: Parts(LANGUAGE.text(one.worth.formula), [_part(part) for part in one.parts])
        for identity, one in found.items()
    }


def _part(part: computed.Part) -> Part:
    unknown = None if part.unknown is None else words.unknown(part.unknown, LANGUAGE)
    return Part(part.metric, words.title(part.metric, LANGUAGE), part.figure, unknown, part.unusable)
