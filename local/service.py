"""A process of the system itself, a Python module, as a server of the local stack."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from local.child import Command, Sink
from local.server import Server

SETTLE = 1.0


class Service(Server):
    """`python -m module arguments...` with its environment.

    It counts as ready when `probe` says so; without a probe, when it has run for a second.
    """

    def __init__(  # noqa: PLR0913 - what differs between processes, named at the call
        self,
        name: str,
        module: str,
        *arguments: str,
        env: Mapping[str, str],
        log: Path,
        probe: Callable[[], bool] | None = None,
        cwd: Path | None = None,
        grace: float = 20.0,
        sink: Sink | None = None,
    ) -> None:
        self.name = name
        self.module = module
        self.log = log
        self.grace = grace
        self.sink = sink
        self.env = dict(env)
        self._arguments = arguments
        self.settle = 0.0 if probe else SETTLE
        self._probe = probe
        self._cwd = cwd

    def command(self) -> Command:
        # Unbuffered, so that a line is seen when it is written and the last lines of a crash are not lost.
        env = {"PYTHONUNBUFFERED": "1", **self.env}
        return Command((sys.executable, "-m", self.module, *self._arguments), env=env, cwd=self._cwd)

    def probe(self) -> bool:
        return True if self._probe is None else self._probe()
