"""The parts of an opportunity's worth on the page of a plan: its formula, and each figure in it, known or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.figures import words
from gateway.figures.rows import use_of
from gateway.figures.unknown import why
from gateway.figures.worths import figures_in, worth_of
from gateway.ui.words.figure_words import LANGUAGE
from projections.plans.reads import Plan
from schemas.facts import ChannelFacts, Figure, TableRead


@dataclass(frozen=True, slots=True)
class Part:
    """A figure of the formula; `unknown` says why it is not there. `unusable`: the share of its rows that is lost."""

    metric: str
    title: str
    figure: Figure | None
    unknown: str
    unusable: float | None


@dataclass(frozen=True, slots=True)
class Parts:
    """How the worth of one opportunity is computed."""

    formula: str
    parts: list[Part]


def worth_parts(plan: Plan, channels: Sequence[ChannelFacts], tables: Sequence[TableRead]) -> dict[str, Parts]:
    """Return the parts of each worth that a rule computed, by the opportunity's id; nothing of an agent's."""
    facts: Mapping[str, ChannelFacts] = {one.channel: one for one in channels}
    found: dict[str, Parts] = {}
    for result in plan.channel_results:
        own = facts.get(result.channel)
        for opportunity in result.opportunities if own is not None and result.source == "rules" else ():
            worth = worth_of(opportunity["id"], result.channel)
            if own is None or worth is None or opportunity["worth_brl"] is None:
                continue
            known = {figure.metric: figure for figure in own.figures}
            parts = [_part(name, known.get(name), tables) for name in figures_in(worth, known)]
            found[opportunity["id"]] = Parts(LANGUAGE.text(worth.formula), parts)
    return found


def _part(metric: str, figure: Figure | None, tables: Sequence[TableRead]) -> Part:
    unknown = "" if figure is not None else words.unknown(why(metric, tables), LANGUAGE)
    rows = None if figure is None else figure.rows
    return Part(
        metric, words.title(metric, LANGUAGE), figure, unknown, None if rows is None else use_of(rows).unusable_share
    )
