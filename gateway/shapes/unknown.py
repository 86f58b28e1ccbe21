"""What is unknown of a document, with the reason and what makes it known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from gateway.figures import words
from gateway.figures.unknown import Unknown, asked_and_unknown
from gateway.shapes.shape import Given
from schemas.facts import ChannelFacts, TableRead


class UnknownShape(Given):
    """A figure that was asked for and is unknown."""

    metric: str
    title: str
    formula: str
    reason: Literal["no_column", "no_goods", "no_values", "no_returns", "too_early", "not_told"]
    fields: list[str] = Field(description="The fields that are missing, or that it needs.")
    text: str
    advice: str = Field(description="What makes it known.")


class UnknownColumnShape(Given):
    """A column of the months or products that is unknown in all of them."""

    column: str = Field(description="Its name in `months` or `products`.")
    text: str = Field(description="Why.")
    advice: str = Field(description="What makes it known.")


def unknown_of(facts: ChannelFacts, tables: Sequence[TableRead]) -> list[UnknownShape]:
    """Return the figures of a channel that its document does not tell."""
    return [_unknown(found) for found in asked_and_unknown(facts, tables)]


def _unknown(found: Unknown) -> UnknownShape:
    said = words.unknown(found)
    return UnknownShape(
        metric=found.metric,
        title=words.title(found.metric),
        formula=words.formula(found.metric),
        reason=found.reason,
        fields=list(found.fields),
        text=said.text,
        advice=said.advice,
    )
