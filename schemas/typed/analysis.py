"""The analysis.* events. Made from schemas/avro by `make events`."""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict

from schemas.events import Event


class AnalysisRequestedData(TypedDict):
    """One channel of a plan waits for its analysis. A work item, on the analysis.work topics."""

    plan_id: str
    document_id: str
    channel: str
    priority: str
    analyst: NotRequired[str]


AnalysisRequested: TypeAlias = Event[Literal["analysis.requested"], AnalysisRequestedData]
