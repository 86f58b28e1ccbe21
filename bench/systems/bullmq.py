"""BullMQ behind Fastify, with Redis for its queue and Postgres for plans and tasks: what a user would pick instead."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.systems.peer import PEERS, started
from bench.systems.program import Program, found
from bench.systems.system import NotHereError, Running
from local.ports import free_port
from local.server import Server

_SOURCES = PEERS / "bullmq"


@dataclass
class BullMQ:
    """Runs BullMQ. `packages` is a folder outside of the repository, where npm lays what package-lock.json names."""

    packages: Path
    name: str = "BullMQ"
    durable: str = "the decision in Postgres, flushed; the job in Redis, flushed once a second"

    @contextmanager
    def start(self, folder: Path) -> Iterator[Running]:
        node, npm, redis = found("node", "npm", "redis-server")
        if not (self.packages / "node_modules").exists():
            install(npm, self.packages)
        with started(folder, partial(self._servers, node, redis)) as running:
            yield running

    def _servers(
        self, node: str, redis: str, env: Mapping[str, str], folder: Path, serves: Callable[[], bool]
    ) -> Sequence[Server]:
        port = free_port()
        data = folder / "redis"
        data.mkdir()
        lasting = ["--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction"]
        here = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(data)]
        told = {**env, "REDIS_PORT": str(port), "NODE_ENV": "production"}

        def program(name: str, argv: Sequence[str], ready: Callable[[], bool] | None) -> Program:
            return Program(name, argv, log=folder / f"{name}.log", env=told, cwd=self.packages, serves=ready)

        return [
            program("redis", [redis, *here, *lasting], None),
            program("worker", [node, "worker.mjs"], None),
            program("door", [node, "door.mjs"], serves),
        ]


def install(npm: str, folder: Path) -> None:
    """Lay out the peer's programs and what they need, by the hashes in the lock file. Raises NotHereError."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in _SOURCES.iterdir():
        shutil.copy(file, folder)
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotHereError(f"npm cannot install it: {done.stderr.strip()[-300:]}")
