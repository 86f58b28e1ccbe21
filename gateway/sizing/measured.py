"""What one plan costs, as the benchmark measured it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """The costs of one plan of so many tasks. Processor time in microseconds by process; the rest in bytes.

    `approval` is from the request that approves to the last task that can be read, `upload` from the request with a
    document to the plan. `relay` is the part of the gateway's approval that one gateway does for all. A process that is
    not among them takes too little to be told from what it takes without work: unknown, and near to nothing.
    """

    at: str
    machine: str
    tasks: int
    approval: Mapping[str, float]
    upload: Mapping[str, float]
    relay: float
    wal: float
    log: float
    rows: float
    outbox: float

    def longer(self, tasks: int) -> float:
        """Return how many times as many events a plan of so many tasks has: approved, Phase 1, and its tasks."""
        return (tasks + 2) / (self.tasks + 2)
