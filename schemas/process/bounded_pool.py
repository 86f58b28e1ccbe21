"""A pool of connections that lets nobody wait without end, and says for how long all of them have been taken."""

from __future__ import annotations

import time
from typing import Any, Final

import asyncpg

#: Whoever gets a connection within so many seconds meets a pool that works.
PROMPT_S: Final = 0.25
#: A pool of which nobody has wanted anything for so many seconds is not known to be full any more.
FORGET_S: Final = 5.0


class PoolFullError(TimeoutError):
    """All connections are taken, and none came back in time."""


class BoundedPool(asyncpg.Pool):
    """A pool in which one waits for a connection for `wait_s` at most."""

    def __init__(self, *args: Any, wait_s: float, **options: Any) -> None:
        super().__init__(*args, **options)
        self._wait_s = wait_s
        self._full_since: float | None = None
        self._asked_at = 0.0
        self._waiting: dict[object, float] = {}

    async def _acquire(self, timeout: float | None) -> Any:  # noqa: ASYNC109 - the library's name
        began, mark = time.monotonic(), object()
        self._waiting[mark] = began
        try:
            found = await super()._acquire(  # type: ignore[misc]  # the one way by which all methods come; the types leave it out
                self._wait_s if timeout is None else timeout
            )
        except TimeoutError:
            if not self._all_taken():
                raise  # the server lets nobody in
            self._full_since = began if self._full_since is None else self._full_since
            raise PoolFullError(f"all {self.get_max_size()} connections are taken") from None
        finally:
            del self._waiting[mark]
            self._asked_at = time.monotonic()
        if time.monotonic() - began <= PROMPT_S:
            self._full_since = None
        return found

    def _all_taken(self) -> bool:
        return bool(self.get_size() >= self.get_max_size() and self.get_idle_size() == 0)

    def full_seconds(self) -> float:
        """Return for how long all connections have been taken while somebody waited for one; 0 where they are not."""
        now = time.monotonic()
        since = [*([] if self._full_since is None else [self._full_since]), *self._waiting.values()]
        if not since or not self._all_taken() or (not self._waiting and now - self._asked_at > FORGET_S):
            return 0.0
        return now - min(since)
