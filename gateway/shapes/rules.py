"""The rules of the analysis."""

from __future__ import annotations

from pydantic import Field

from gateway.shapes.outcomes import HitRateShape
from gateway.shapes.shape import Given


class JudgedShape(Given):
    metric: str
    title: str
    formula: str
    needs: list[list[str]] = Field(
        description="Ways to get it: each lists fields that the document has to tell, and one of them is enough."
    )


class RuleShape(Given):
    rule: str = Field(description="The opportunities that it finds have the id <channel>-<rule>.")
    title: str
    when: str = Field(description="What it looks for.")
    formula: str | None = Field(description="How the worth of what it finds is computed; null: it has none.")
    figures: list[JudgedShape] = Field(description="The figures that it judges.")
    hit_rate: HitRateShape | None = Field(description="What became of what it found; null: nothing was measured yet.")


class RuleList(Given):
    items: list[RuleShape]
