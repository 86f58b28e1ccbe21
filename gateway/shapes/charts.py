"""The charts of the last hour, day or week."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from gateway.shapes.query import ONE
from gateway.shapes.shape import Given, Taken
from projections.reads.history import SPANS

_OFFERED: Final = ", ".join(map(str, SPANS))


def _offered(hours: int) -> int:
    if hours not in SPANS:
        raise ValueError(f"must be one of {_OFFERED}")
    return hours


class ChartsQuery(Taken):
    hours: Annotated[
        int,
        ONE,
        AfterValidator(_offered),
        Field(json_schema_extra={"enum": list(SPANS)}, description="How far back: an hour, a day or a week."),
    ] = SPANS[0]


class LineShape(Given):
    name: str
    title: str
    values: list[int | float | None] = Field(
        description="One for each minute or hour, the oldest first; null: unknown, as nobody watched, or `beyond`."
    )
    beyond: list[int] = Field(description="The places (from 0) of values that took longer than two hours.")
    whole: int | float | None = Field(
        description="The figure of the whole time, by `how`; null: nothing is known, or it took longer than two hours."
    )
    at_least: bool = Field(
        description="A part of the time was not watched: a sum, or the most, may be higher than `whole`."
    )


class ChartShape(Given):
    name: str
    title: str
    unit: Literal["count", "seconds", "share"]
    how: Literal["sum", "most", "share"] = Field(
        description="How `whole` follows: the sum of the values, the most of them, or the share of all that ended."
    )
    lines: list[LineShape]


class ChartsReport(Given):
    as_of: datetime
    hours: int
    since: datetime = Field(description="When the first value begins.")
    until: datetime = Field(
        description="When the last value ends: the minute or hour that goes on is not whole and not told."
    )
    step_seconds: int = Field(description="How much time one value is of: 60, or 3,600 for a day and a week.")
    charts: list[ChartShape]
