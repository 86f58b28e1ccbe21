"""Runs blocking calls of libraries in threads that delay nothing else, not even the end of the process."""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress

from gateway.alerts.message import Message
from gateway.alerts.notifiers.base import Failed
from gateway.verdict.words.own import Fate


class Blocking(ABC):
    """A notifier whose library blocks: each message is delivered in `thread`."""

    __slots__ = ()
    thread: OneThread

    async def send(self, message: Message) -> str:
        """Return the receiver's answer, in a few words. Raises Failed."""
        return await self.thread.run(lambda: self._deliver(message))

    @abstractmethod
    def _deliver(self, message: Message) -> str:
        """Send the message, and return what was answered. Raises Failed."""


class OneThread:
    """Runs one blocking call at a time in a thread. A call that never returns costs one thread and fails each time."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._thread: threading.Thread | None = None

    async def run(self, call: Callable[[], str]) -> str:
        """Return the call's result; raises its error, and Failed while an earlier call hangs."""
        if self._thread is not None and self._thread.is_alive():
            raise Failed(Fate.HANGS)
        loop = asyncio.get_running_loop()
        done: asyncio.Future[str] = loop.create_future()

        def tell(result: str | None, error: BaseException | None) -> None:
            self._thread = None  # it has nothing left to do but to end: whoever comes next does not wait for that
            if done.done():  # nobody waits any more
                return
            if error is None:
                done.set_result(result or "")
            else:
                done.set_exception(error)

        def work() -> None:
            result: str | None = None
            failed: BaseException | None = None
            try:
                result = call()
            except Exception as error:  # told to whoever waits
                failed = error
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(tell, result, failed)

        self._thread = threading.Thread(target=work, name=self._name, daemon=True)
        self._thread.start()
        return await done
