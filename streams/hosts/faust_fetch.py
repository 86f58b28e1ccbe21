"""Hands Faust's fetched records to the agents without its cost for each record.

Faust starts four tasks for each record, to stop waiting for a full agent when partitions are taken away. An agent that
is not full takes a record at once, so here the hand-over is begun on the spot, and only one that really waits gets its
tasks. Records that concern nobody, such as the agents' own output, are acknowledged before Faust makes anything of
them. And where Faust lets the broker keep a question for records for 1.5 s, whatever else there is to be fetched, here
it is as long as for every consumer here. Records are taken in portions, those of more urgent plans first (asking.py),
and those alone while the guard has enough of the others. The client that fetches has no thread, but works on the loop
of the agents. Written for the version that faust_commit checks.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterable, Mapping
from functools import partial
from inspect import iscoroutine
from typing import Any, cast

import structlog
from aiokafka import AIOKafkaConsumer
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread
from mode.services import WaitResults
from mode.threads import ServiceThread
from mode.utils.futures import maybe_async

from schemas.headers import Headers
from schemas.process.fetching import FETCH_WAIT_MS, patient, unhindered
from streams.guard.portion import PORTION_BYTES, Wants
from streams.hosts.asking import Asking
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


class AsTask:
    """What Faust takes for the thread of a service: a task, on the loop of everybody else."""

    def __init__(self, service: ServiceThread) -> None:
        self._service = service
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to serve, in the context of whoever starts it: its log lines have the ids of the host."""
        self._task = self._service.parent_loop.create_task(self._serve())

    def stop(self) -> None:
        """Leave it to `ended`: who stopped the service is on the same loop, and may not keep it waiting."""

    async def ended(self) -> None:
        """Wait until it serves no more."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _serve(self) -> None:
        try:
            await self._service._serve()  # noqa: SLF001 - what the thread would run
        except Exception:  # it has been told of, and the worker ends by it
            self._service.set_shutdown()


class OneLoop(AIOKafkaConsumerThread):
    """The client that fetches. Faust gives it a thread with a loop of its own; here it has neither.

    With them each fetch and each commit passes from one loop to the other and back, and both want the interpreter.
    """

    Worker: Any = AsTask
    _thread: Any = None

    def __init__(self, *args: Any, loop: asyncio.AbstractEventLoop, **kwargs: Any) -> None:
        super().__init__(*args, loop=loop, thread_loop=loop, **kwargs)
        self._asking = Asking[Any]()

    def on_crash(self, msg: str, *fmt: Any, **_: Any) -> None:
        """Log what ends it. Faust would print it, which is no log line."""
        structlog.get_logger("worker").error(msg.format(*fmt), exc_info=True)

    async def call_thread(self, fun: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call it here, where Faust would send it to the thread and wait for the answer."""
        return await maybe_async(fun(*args, **kwargs))

    async def stop(self) -> None:
        """Return once the client has left its group, and all that it began has ended."""
        await super().stop()
        if self._thread is not None:
            await self._thread.ended()

    async def _gather_remaining_tasks(self) -> None:
        """Cancel nothing: the tasks of a thread's loop would be its own, and these are everybody's."""

    async def _keepalive2(self) -> None:
        """Wake nobody: Faust would see to it that the thread's loop turns."""

    def _get_tasks(self) -> Iterable[Any]:
        """Return none: the only one wakes the thread's loop once a second."""
        return ()

    def _create_worker_consumer(self, transport: Any) -> AIOKafkaConsumer:
        client = super()._create_worker_consumer(transport)
        client._fetch_max_wait_ms = FETCH_WAIT_MS  # noqa: SLF001 - Faust has no setting for it
        client._max_partition_fetch_bytes = PORTION_BYTES  # noqa: SLF001 - as above
        return unhindered(patient(client))

    async def getmany(
        self,
        active_partitions: Any,
        timeout: float,  # noqa: ASYNC109 - as in Faust
    ) -> Mapping[Any, Any]:
        """Return the next portion."""
        client, transport = self._ensure_consumer(), cast("Any", self.transport)
        for ask in self._asking.next(active_partitions or (), transport.wants):
            if ask.pause_s:
                await self.sleep(ask.pause_s)
            if ask.places is None or ask.places:
                asked: Any = active_partitions if ask.places is None else set(ask.places)
                wait_s = timeout if ask.wait_s is None else ask.wait_s
                found = await self._fetch_records(client, asked, timeout=wait_s, max_records=ask.most)
                if found:
                    self._asking.found(ask)
                    return found
        return {}


class QuickConsumer(SafeConsumer):
    """Hands records over without tasks, and leaves out those that `QuickTransport.concerns` turns down."""

    def _new_consumer_thread(self) -> OneLoop:
        return OneLoop(self, loop=self.loop, beacon=self.beacon)

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
                self.hand_over(message)
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


def _all() -> Wants:
    return "all"


class QuickTransport(SafeTransport):
    """Faust's transport with this consumer.

    `concerns` says by its headers whether a record is for the agents; `wants`, what they want of them.
    """

    Consumer = QuickConsumer
    concerns: Callable[[Headers], bool] = staticmethod(lambda _: True)
    wants: Callable[[], Wants] = staticmethod(_all)
