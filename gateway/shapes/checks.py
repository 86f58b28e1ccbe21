"""How an opportunity will be measured: what is answered of it before the next document comes."""

from __future__ import annotations

from pydantic import Field

from gateway.shapes.shape import Given


class CheckShape(Given):
    """How the next document of the channel will measure an opportunity, once its plan is approved."""

    opportunity_id: str = ""
    metric: str = Field("", description="The figure that it is measured by, as in docs/analysis.md; empty: by none.")
    skus: list[str] = Field(default_factory=list, description="The products; none: the whole channel.")
    unit: str = Field("", description="Of baseline and target: BRL or another currency, ratio (0 to 1), count, days.")
    better: str = Field("", description="lower or higher: which way it gets better.")
    baseline: float | None = Field(None, description="The value in this plan's document.")
    target: float | None = Field(None, description="The value at which all of its worth comes; null: none is known.")
    first_day: str = Field("", description="The days of this plan's document; a later one measures it.")
    last_day: str = ""
    why: str = Field("", description="Why no later document will tell; empty where one can.")
