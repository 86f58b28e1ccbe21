"""How the objectives stand."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from gateway.shapes.query import ONE
from gateway.shapes.shape import Given, Taken

_MONTH: Final = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"


def _month(text: str | None) -> str | None:
    if text is not None and not re.fullmatch(_MONTH, text):
        raise ValueError("a month is YYYY-MM, such as 2026-11")
    return text


class SloQuery(Taken):
    month: Annotated[
        str | None,
        ONE,
        AfterValidator(_month),
        Field(json_schema_extra={"pattern": _MONTH}, description="A calendar month, UTC, such as 2026-11."),
    ] = None


class SpentShape(Given):
    total: int = Field(description="What was measured: events, or seconds for the availability.")
    bad: int = Field(description="Of these, what was not as promised.")


class WindowShape(Given):
    name: Literal["1h", "6h", "1d", "3d", "30d"] = Field(
        description="The clock hour that goes on, and so many before it."
    )
    spent: SpentShape
    rate: float | None = Field(
        description="How many times faster than allowed the budget is spent; null: too few, or there is no budget."
    )


class HourShape(Given):
    at: datetime = Field(description="When the hour begins.")
    spent: SpentShape


class ObjectiveShape(Given):
    name: str
    title: str
    measured: str = Field(description="What is measured, from when to when.")
    share: float = Field(description="The share that has to be good.")
    limit_ms: int | None = Field(description="It is good within so long; null: it has no time.")
    least: int = Field(description="From so many on it is judged: events, or seconds for the availability.")
    state: Literal["met", "missed", "too-few", "unknown"]
    why: str = Field(description="Why it is not judged: unknown, or too few.")
    good: float | None = Field(description="The share that was good; null: unknown.")
    at_most_ms: int | None = Field(description="The promised share took at most so long; null: unknown, or beyond.")
    beyond: bool = Field(description="It took longer than two hours.")
    budget_left: float | None = Field(description="Of 1; below 0: overspent; null: not judged, or there is no budget.")
    spent: SpentShape
    windows: list[WindowShape]
    worst: list[HourShape] = Field(description="The hours with the most that was not good.")


class SloReport(Given):
    as_of: datetime
    since: datetime
    until: datetime
    month: str | None = Field(description="null: the last 30 days.")
    objectives: list[ObjectiveShape]
