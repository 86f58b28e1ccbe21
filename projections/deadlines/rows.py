"""The rows that queries.sql beside this file takes: the parameters of each statement, by name."""

from __future__ import annotations

from typing import Final, TypedDict

from projections.rows import Statement


class DeadlineAnalysisRow(TypedDict):
    plan_id: str


class DeadlinePhase1Row(TypedDict):
    plan_id: str
    tasks: int


deadline_analysis: Final = Statement("deadline_analysis", DeadlineAnalysisRow)
deadline_phase1: Final = Statement("deadline_phase1", DeadlinePhase1Row)
