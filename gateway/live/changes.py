"""Fans changes out to readers and browsers: the projections notify after each commit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, Final

import asyncpg
import orjson
import structlog

from schemas.process.database_away import DATABASE_FAILS
from schemas.process.named import named
from schemas.process.rounds import Round

log = structlog.get_logger("live")

CHANNEL: Final = "projected"
#: Messages that a slow subscriber may be behind; then it gets one {"all": true} instead.
SUBSCRIBER_LIMIT: Final = 256


class Live:
    """One LISTEN connection for the whole gateway; reconnects by itself.

    `connected` is False while changes may be missed; after a reconnect every subscriber gets {"all": true}.
    """

    def __init__(self, database_url: str, pool: asyncpg.Pool) -> None:
        self._database_url = database_url
        self._pool = pool
        self._subscribers: set[asyncio.Queue[dict[str, Any]]] = set()
        self._waiters: dict[str, set[asyncio.Event]] = {}
        self._stopping = asyncio.Event()
        self._listened = asyncio.Event()
        self._heard_until: float | None = time.monotonic()

    @property
    def connected(self) -> bool:
        return self._heard_until is None

    def unheard_seconds(self) -> float:
        """Return for how long no changes have been heard of, 0 while they are."""
        return 0.0 if self._heard_until is None else max(time.monotonic() - self._heard_until, 0.001)

    def stop(self) -> None:
        """End `run` and every subscription."""
        self._stopping.set()
        self.tell({"stop": True})

    async def listened(self) -> None:
        """Return when somebody has subscribed and is still connected."""
        await self._listened.wait()

    async def run(self) -> None:
        """Listen until stopped; never raises for an outage."""
        while not self._stopping.is_set():
            try:
                with Round("notifications", _missed, *DATABASE_FAILS) as this:
                    await self._listen()
            finally:
                self._heard_until = self._heard_until or time.monotonic()
            if this.error is not None:
                await asyncio.sleep(0.5)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._database_url, timeout=5)
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        try:
            await connection.add_listener(CHANNEL, self._heard)
            self._heard_until = None
            self.tell({"all": True})
            stopping = asyncio.ensure_future(self._stopping.wait())
            losing = asyncio.ensure_future(lost.wait())
            await asyncio.wait({stopping, losing}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            losing.cancel()
        finally:
            with suppress(Exception):
                await connection.close(timeout=1)

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        self.tell(orjson.loads(str(payload)))

    def tell(self, message: dict[str, Any]) -> None:
        """Say it to every subscriber: changes as `subscribe` yields them."""
        if message.get("all") or message.get("stop"):
            for events in self._waiters.values():
                for event in events:
                    event.set()
        for plan in message.get("plans", ()):
            for event in self._waiters.get(plan, ()):
                event.set()
        for queue in self._subscribers:
            if queue.qsize() >= SUBSCRIBER_LIMIT:
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait({"all": True})
            queue.put_nowait(message)

    async def wait_version(self, plan_id: str, version: int, timeout: float = 2.0) -> bool:  # noqa: ASYNC109
        """Return True once the read model has the plan at `version` or later, False after `timeout` seconds."""
        return await self._wait(
            plan_id, "select version from rm.plan where plan_id = $1::uuid", plan_id, version, timeout
        )

    async def wait_task(self, plan_id: str, task_id: str, version: int, timeout: float = 2.0) -> bool:  # noqa: ASYNC109
        """Do the same for a task of a plan."""
        return await self._wait(
            plan_id, "select version from rm.task where task_id = $1::uuid", task_id, version, timeout
        )

    async def _wait(self, plan_id: str, sql: str, identity: str, version: int, timeout: float) -> bool:  # noqa: ASYNC109
        deadline = time.monotonic() + timeout
        changed = asyncio.Event()
        self._waiters.setdefault(plan_id, set()).add(changed)
        try:
            while True:
                changed.clear()
                seen = await self._pool.fetchval(sql, identity)
                if seen is not None and seen >= version:
                    return True
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                with suppress(TimeoutError):
                    # looks again at times by itself: a notification can be lost with its connection
                    await asyncio.wait_for(changed.wait(), min(left, 0.5))
        finally:
            waiters = self._waiters[plan_id]
            waiters.discard(changed)
            if not waiters:
                del self._waiters[plan_id]

    async def subscribe(self) -> AsyncIterator[dict[str, Any]]:
        """Yield each change until stopped: {"plans": [...], "n": count}, {"all": true}, or a look at the system.

        A look is {"health": {...}, "changed": [...]}: its health now, and what has changed since the look before.
        """
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._subscribers.add(queue)
        self._listened.set()
        try:
            while not self._stopping.is_set():
                message = await queue.get()
                if message.get("stop"):
                    return
                yield message
        finally:
            self._subscribers.discard(queue)
            if not self._subscribers:
                self._listened.clear()


def _missed(error: Exception) -> None:
    log.warning("no notifications, trying again", error=named(error))
