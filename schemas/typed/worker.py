"""The worker.* events. Made from schemas/avro by `make events`."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

from schemas.events import Event


class WorkerStartedData(TypedDict):
    """A process of the system is ready."""

    source: str
    role: str
    host: str
    pid: int
    code_version: str


WorkerStarted: TypeAlias = Event[Literal["worker.started"], WorkerStartedData]


class WorkerStoppedData(TypedDict):
    """A process of the system ended in order."""

    source: str
    role: str
    reason: str


WorkerStopped: TypeAlias = Event[Literal["worker.stopped"], WorkerStoppedData]
