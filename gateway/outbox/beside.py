"""The go of rows that are not urgent, beside which urgent ones are published: their go waits for no acknowledgement."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final

#: A go that ends within so long is waited for: what comes meanwhile is published after it, and costs less together.
SHORT_S: Final = 0.01


class Beside:
    """Holds one go at most; a go returns how many rows it had."""

    def __init__(self) -> None:
        self._go: asyncio.Task[int] | None = None

    def __bool__(self) -> bool:
        return self._go is not None

    def begin(self, go: Coroutine[Any, Any, int]) -> None:
        """Begin a go. There must be none."""
        self._go = asyncio.get_running_loop().create_task(go)

    async def ended(self) -> int:
        """Wait for the end of the go; return how many rows it had, 0 where there is none. Raises what it raised."""
        if self._go is None:
            return 0
        await asyncio.wait({self._go})
        go, self._go = self._go, None
        return go.result()

    async def ended_unless(self, called: asyncio.Event, within_s: float) -> int | None:
        """Wait as `ended` does; return None once somebody has called, or after so long, if the go is not at its end."""
        if self._go is None:
            return 0
        await asyncio.wait({self._go}, timeout=SHORT_S)
        if not self._go.done():
            waiting = asyncio.ensure_future(called.wait())
            try:
                await asyncio.wait({self._go, waiting}, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
            finally:
                waiting.cancel()
        return await self.ended() if self._go.done() else None

    async def give_up(self) -> None:
        """End the go, wherever it is: what it did not mark is sent again."""
        go, self._go = self._go, None
        if go is not None:
            go.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await go
