"""What is measured: a system that runs, and how it is started. Ours, ours of an earlier commit, and others."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bench.cost.requests import counted


class NotHereError(RuntimeError):
    """Raised where a program that a system needs is not on this machine; the message says which."""


class Running(Protocol):
    """A running system that serves `PATCH /api/marketplace/analysis/{id}` at `url` for the key."""

    @property
    def at(self) -> Address: ...

    def prepare(self, count: int) -> list[str]:
        """Make so many plans that can be approved, each with five tasks in its first phase; return their ids."""

    def pids(self) -> dict[str, int]:
        """Return its processes by name."""

    def restarts(self) -> dict[str, int]:
        """Return how often processes were started again, for those that were."""


@dataclass(frozen=True, slots=True)
class Address:
    """How a system is reached. `question` takes ids of plans: see bench/load/ends.py.

    `requests` is where its processes count what they ask of a broker, `env` what a further process of it is told.
    """

    url: str
    key: str
    database: str
    question: str
    requests: Path | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    root: Path | None = None


class System(Protocol):
    """Starts one kind of system. `name` is what is printed, `durable` says what an answer of it promises."""

    name: str
    durable: str

    def start(self, folder: Path) -> AbstractContextManager[Running]:
        """Start it with all its data in the folder. Raises NotHereError."""


def requests_of(running: Running) -> dict[str, float]:
    """Return `requests/<process>/<kind>` so far."""
    folder = running.at.requests
    if folder is None:
        return {}
    return {
        f"requests/{name}/{kind}": float(number)
        for name, pid in running.pids().items()
        for kind, number in counted(folder / str(pid)).items()
    }
