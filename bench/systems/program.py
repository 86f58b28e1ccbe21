"""A program of another system, as a server that the bench starts and ends."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.systems.system import NotHereError
from local.child import Command
from local.server import Server


class Program(Server):
    """Runs `argv` with `env`, in `cwd`. It is ready when `serves` says so, or its log has the word `ready`."""

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str],
        cwd: Path,
        serves: Callable[[], bool] | None = None,
    ) -> None:
        self.name, self.log = name, log
        self._argv, self._env, self._cwd, self._serves = tuple(argv), dict(env), cwd, serves

    def command(self) -> Command:
        return Command(self._argv, env=self._env, cwd=self._cwd)

    def probe(self) -> bool:
        return self._serves() if self._serves else "ready" in self.tail().lower().split()


def found(*names: str) -> list[str]:
    """Return where programs are. Raises NotHereError, with all that are missing."""
    places = {name: shutil.which(name) for name in names}
    if missing := [name for name, place in places.items() if place is None]:
        raise NotHereError(f"not installed: {', '.join(missing)}")
    return [place for place in places.values() if place is not None]
