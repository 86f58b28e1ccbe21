"""Whole systems on the servers that a worker of the test session has running: only their processes have to start."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from local.blueprint import MODULES
from local.stack import Stack
from tests.support.topics import fresh_topics

#: The processes of the system itself.
PROCESSES: Final = tuple(module.name for module in MODULES if module.name != "registry" and not module.once)


class Systems:
    """Makes one system after the other, each with topics and a database of its own.

    For tests that break processes. One that breaks a server has servers of its own (local.stack.Stack).
    """

    def __init__(self, brokers: str, registry_url: str, new_database: Callable[[], Awaitable[str]]) -> None:
        self._brokers = brokers
        self._registry_url = registry_url
        self._new_database = new_database

    async def bare(self) -> dict[str, str]:
        """Return the variables that lead to servers with empty topics and an empty, migrated database."""
        env = {
            "MARKETPLACE_BROKERS": self._brokers,
            "MARKETPLACE_REGISTRY_URL": self._registry_url,
            "MARKETPLACE_DATABASE_URL": await self._new_database(),
        }
        await fresh_topics(env)
        return env

    @asynccontextmanager
    async def system(
        self, data_dir: Path, env: Mapping[str, str] | None = None, processes: Sequence[str] = PROCESSES
    ) -> AsyncIterator[Stack]:
        """Run a system, ready; all its processes end with the block."""
        async with running(Stack(data_dir, processes, env={**await self.bare(), **(env or {})})) as stack:
            yield stack


@asynccontextmanager
async def running(stack: Stack) -> AsyncIterator[Stack]:
    """Run a system, ready; all its processes end with the block."""
    await asyncio.to_thread(stack.start, 120)
    try:
        yield stack
    finally:
        await asyncio.to_thread(stack.stop)
