"""How the worth of an opportunity is computed, as the API tells it."""

from __future__ import annotations

from pydantic import Field

from gateway.shapes.shape import Given


class WorthPartShape(Given):
    """One figure of the formula of a worth."""

    metric: str
    title: str
    value: float | None = Field(description="Null: it is unknown, and `unknown` says why.")
    unit: str = Field(description="As of a figure; empty where it is unknown.")
    unknown: str
    advice: str = Field(description="What makes it known; empty where it is.")
    unusable_share: float | None = Field(
        description="Rows that belong to the figure and could not be used, as a share of all that do (0 to 1)."
    )


class WorthShape(Given):
    """How a rule computed the worth of an opportunity."""

    opportunity_id: str
    channel: str
    worth_brl: float = Field(description="BRL a month, as the plan tells it.")
    formula: str
    parts: list[WorthPartShape] = Field(description="The figures in the formula, in its order.")
