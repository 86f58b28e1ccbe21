"""Hands Faust's fetched records to the agents without its cost for each record.

Faust starts four tasks for each record, to stop waiting for a full agent when partitions are taken away. An agent that
is not full takes a record at once, so here the hand-over is begun on the spot, and only one that really waits gets its
tasks. Records that concern nobody, such as the agents' own output, are acknowledged before Faust makes anything of
them. And where Faust lets the broker keep a question for records for 1.5 s, whatever else there is to be fetched, here
it is as long as for every consumer here. Written for the version that faust_commit checks.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterable
from contextvars import copy_context
from functools import partial
from inspect import iscoroutine
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread
from mode.services import WaitResults
from mode.threads import WorkerThread

from schemas.headers import Headers
from schemas.process.fetching import FETCH_WAIT_MS, patient
from schemas.process.log_context import within_job
from streams.hosts.faust_commit import SafeConsumer, SafeTransport


class Begun:
    """A coroutine that was begun, and waits for what it yielded: to await this is to go on with it from there."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any], yielded: Any) -> None:
        self._coroutine = coroutine
        self._yielded = yielded

    def __await__(self) -> Generator[Any, Any, Any]:
        yielded = self._yielded
        while True:
            try:
                sent = yield yielded
            except GeneratorExit:
                self._coroutine.close()
                raise
            except BaseException as error:
                step = partial(self._coroutine.throw, error)
            else:
                step = partial(self._coroutine.send, sent)
            try:
                yielded = step()
            except StopIteration as ended:
                return ended.value


class InContext(WorkerThread):
    """A thread whose log lines have the ids of the context that it was made in, and so has an error that leaves it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._context = copy_context()

    def run(self) -> None:
        """Run the thread's service. Without this it would begin in an empty context, as every thread does."""
        self._context.run(self._run)

    def _run(self) -> None:
        with within_job(tuple):
            super().run()


class QuickThread(AIOKafkaConsumerThread):
    """The thread with the client that fetches."""

    Worker = InContext

    def on_crash(self, msg: str, *fmt: Any, **_: Any) -> None:
        """Log what ends the thread. Faust would print it, which is no log line."""
        structlog.get_logger("worker").error(msg.format(*fmt), exc_info=True)

    def _create_worker_consumer(self, transport: Any) -> AIOKafkaConsumer:
        client = super()._create_worker_consumer(transport)
        client._fetch_max_wait_ms = FETCH_WAIT_MS  # noqa: SLF001 - Faust has no setting for it
        return patient(client)


class QuickConsumer(SafeConsumer):
    """Hands records over without tasks, and leaves out those that `QuickTransport.concerns` turns down."""

    def _new_consumer_thread(self) -> QuickThread:
        return QuickThread(self, loop=self.loop, beacon=self.beacon)

    async def wait_first(self, *coros: Any, timeout: Any = None) -> WaitResults:  # noqa: ASYNC109 - as in Faust
        """As Service.wait_first; a first coroutine that is done without waiting costs no tasks."""
        first = coros[0]
        if not iscoroutine(first) or self._stopped.is_set() or self._crashed.is_set():
            return await super().wait_first(*coros, timeout=timeout)
        try:
            yielded = first.send(None)
        except StopIteration as ended:
            _close(coros[1:])
            return WaitResults([first], [ended.value], False)
        except BaseException:
            _close(coros[1:])
            raise
        return await super().wait_first(Begun(first, yielded), *coros[1:], timeout=timeout)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[Any, Any]]:  # noqa: ASYNC109 - as in Faust
        """Yield the fetched records that concern a handler; the others count as done."""
        transport: Any = self.transport
        concerns = transport.concerns
        async for tp, message in super().getmany(timeout):
            if concerns(message.headers or ()):
                yield tp, message
                continue
            read = self._read_offset[tp]
            if read is None or message.offset >= read:  # else Faust goes back, and drops what it has seen
                self.ack(message)
                self._read_offset[tp] = message.offset


def _close(coroutines: Iterable[Any]) -> None:
    for one in coroutines:
        if iscoroutine(one):
            one.close()


class QuickTransport(SafeTransport):
    """Faust's transport with this consumer. `concerns` says by its headers whether a record is for the agents."""

    Consumer = QuickConsumer
    concerns: Callable[[Headers], bool] = staticmethod(lambda _: True)
