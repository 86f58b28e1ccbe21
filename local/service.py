"""A process of the system itself, a Python module, as a server of the local stack."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from local.child import Command, Sink
from local.environment import inherited
from local.server import Server
from schemas.process import sign_of_life

SETTLE = 1.0
#: Between two looks at its sign: after a longer rest (the machine or the supervisor was frozen) it has a new chance.
LOOKS = 5.0


class Service(Server):
    """`python -m module arguments...` with `env`, and of the caller's environment what a process of this name needs.

    It counts as ready when `probe` says so; without a probe, when it has run for a second. `sign`: the file by whose
    touches it shows that it goes on; None where it shows nothing.
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
        sign: Path | None = None,
    ) -> None:
        self.name = name
        self.module = module
        self.log = log
        self.grace = grace
        self.sink = sink
        self.env = {**env, **({sign_of_life.FILE: str(sign)} if sign else {})}
        self._arguments = arguments
        self.settle = 0.0 if probe else SETTLE
        self._probe = probe
        self._cwd = cwd
        self._sign = sign
        self._judged = False
        self._touched = 0
        self._touched_at = self._looked_at = 0.0

    def command(self) -> Command:
        # Unbuffered, so that a line is seen when it is written and the last lines of a crash are not lost.
        env = {"PYTHONUNBUFFERED": "1", **inherited(self.name, os.environ), **self.env}
        return Command((sys.executable, "-m", self.module, *self._arguments), env=env, cwd=self._cwd, apart=True)

    def probe(self) -> bool:
        return True if self._probe is None else self._probe()

    def start(self) -> None:
        if self._sign is not None and not self.running:
            self._judged = _made(self._sign)
        self._touched_at = self._looked_at = time.monotonic()
        super().start()

    def silent_s(self) -> float:
        """Return for how long its file has not been touched, as seen by this process's own clock.

        It is not judged by a file that could not be made: it could not make it either.
        """
        if self._sign is None or not self._judged:
            return 0.0
        now = time.monotonic()
        try:
            touched = self._sign.stat().st_mtime_ns
        except OSError:  # it cannot be seen
            touched = 0
        if touched != self._touched or now - self._looked_at > LOOKS:
            self._touched, self._touched_at = touched, now
        self._looked_at = now
        return now - self._touched_at


def _made(sign: Path) -> bool:
    """Touch a process's file before it does; return whether it is there.

    An earlier one's stays, since a disk that is full may have no place for another.
    """
    try:
        sign.parent.mkdir(parents=True, exist_ok=True)
        sign.touch()
    except OSError:
        return False
    return True
