"""The rows that queries.sql beside this file takes, by name."""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypedDict

from projections.rows import Statement


class SloMeasuredRow(TypedDict):
    hour: datetime
    measure: str
    le_ms: int
    took_ms: int
    missed: bool
    at: datetime
    plan_id: str
    stream: str
    version: int
    partition: int
    offset: int


slo_measured: Final = Statement("slo_measured", SloMeasuredRow)
