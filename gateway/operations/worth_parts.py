"""The parts of an opportunity's worth: its formula, and each figure in it, known or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.figures import words
from gateway.figures.rows import use_of
from gateway.figures.unknown import Unknown, why
from gateway.figures.worths import Worth, figures_in, worth_of
from gateway.shapes.worths import WorthPartShape, WorthShape
from projections.plans.reads import Plan
from schemas.facts import ChannelFacts, Figure, TableRead


@dataclass(frozen=True, slots=True)
class Part:
    """A figure of the formula, or why it is unknown.

    `unusable`: the share of its rows that could not be read, 0 to 1.
    """

    metric: str
    figure: Figure | None
    unknown: Unknown | None
    unusable: float | None


@dataclass(frozen=True, slots=True)
class Parts:
    """How the worth of one opportunity is computed."""

    opportunity_id: str
    channel: str
    worth_brl: float
    worth: Worth
    parts: list[Part]


def worth_parts(plan: Plan, channels: Sequence[ChannelFacts], tables: Sequence[TableRead]) -> dict[str, Parts]:
    """Return the parts of each worth that a rule computed, by the opportunity's id; an agent's worth has none."""
    facts: Mapping[str, ChannelFacts] = {one.channel: one for one in channels}
    found: dict[str, Parts] = {}
    for result in plan.channel_results:
        own = facts.get(result.channel)
        for opportunity in result.opportunities if own is not None and result.source == "rules" else ():
            identity, value = opportunity["id"], opportunity["worth_brl"]
            worth = worth_of(identity, result.channel)
            if own is None or worth is None or value is None:
                continue
            known = {figure.metric: figure for figure in own.figures}
            parts = [_part(name, known.get(name), tables) for name in figures_in(worth, known)]
            found[identity] = Parts(identity, result.channel, value, worth, parts)
    return found


def worth_shapes(plan: Plan, channels: Sequence[ChannelFacts], tables: Sequence[TableRead]) -> list[WorthShape]:
    """Return the same for the API, in English."""
    return [_shape(parts) for parts in worth_parts(plan, channels, tables).values()]


def _part(metric: str, figure: Figure | None, tables: Sequence[TableRead]) -> Part:
    rows = None if figure is None else figure.rows
    unusable = None if rows is None else use_of(rows).unusable_share
    return Part(metric, figure, None if figure is not None else why(metric, tables), unusable)


def _shape(parts: Parts) -> WorthShape:
    return WorthShape(
        opportunity_id=parts.opportunity_id,
        channel=parts.channel,
        worth_brl=parts.worth_brl,
        formula=parts.worth.formula,
        parts=[_part_shape(part) for part in parts.parts],
    )


def _part_shape(part: Part) -> WorthPartShape:
    said = None if part.unknown is None else words.unknown(part.unknown)
    return WorthPartShape(
        metric=part.metric,
        title=words.title(part.metric),
        value=None if part.figure is None else part.figure.value,
        unit="" if part.figure is None else part.figure.unit,
        unknown="" if said is None else said.text,
        advice="" if said is None else said.advice,
        unusable_share=part.unusable,
    )
