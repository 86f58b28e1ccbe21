"""Procrastinate behind Starlette: a queue in Postgres, with the job in the transaction of the decision."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.systems.peer import PEERS, started
from bench.systems.program import Program
from bench.systems.system import NotHereError, Running
from local.server import Server

_SOURCES = PEERS / "procrastinate"


@dataclass
class Procrastinate:
    """Runs Procrastinate. `packages`: a folder outside the repository, where pip lays what requirements.txt names."""

    packages: Path
    name: str = "Procrastinate"
    durable: str = "the decision and its job in Postgres, flushed"

    @contextmanager
    def start(self, folder: Path) -> Iterator[Running]:
        if not (self.packages / "procrastinate").exists():
            install(self.packages)
        schema = (self.packages / "procrastinate" / "sql" / "schema.sql").read_text("utf-8")
        with started(folder, self._servers, schema) as running:
            yield running

    def _servers(self, env: Mapping[str, str], folder: Path, serves: Callable[[], bool]) -> Sequence[Server]:
        path = os.pathsep.join([str(self.packages), *filter(None, [os.environ.get("PYTHONPATH")])])
        told = {**env, "PYTHONPATH": path}

        def program(name: str, ready: Callable[[], bool] | None) -> Program:
            argv = [sys.executable, str(_SOURCES / f"{name}.py")]
            return Program(name, argv, log=folder / f"{name}.log", env=told, cwd=folder, serves=ready)

        return [program("worker", None), program("door", serves)]


def install(folder: Path) -> None:
    """Lay out the library by the hashes that are written down. Raises NotHereError."""
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    done = subprocess.run(
        [*pip, "--target", str(folder), "--requirement", str(_SOURCES / "requirements.txt")],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotHereError(f"pip cannot install it: {done.stderr.strip()[-300:]}")
