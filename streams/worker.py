"""The worker: `python -m streams.worker`. Faust hosts it, or aiokafka alone where the settings say so.

Ends with 75 where it cannot publish, or cannot stop in time.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, assert_never

import structlog
import uvloop
from aiokafka import AIOKafkaConsumer

from schemas import metrics as measured
from schemas.belief import Belief
from schemas.flags import Flag
from schemas.process import metrics, start
from schemas.process.heartbeat import heartbeat, with_heartbeat
from schemas.process.liveness import Liveness
from schemas.process.log_context import job
from schemas.process.sign_of_life import keep_giving
from schemas.process.signing import keep_learning
from schemas.registry import Registry, wait_for_codec
from schemas.topics import AGENTS
from schemas.wire import Codec
from streams.broker.publisher import Publisher, end_process
from streams.guard.guard import Guard
from streams.handlers.faults import failing
from streams.hosts.assignment import assignment_of
from streams.hosts.dispatch import HANDLED, dispatch
from streams.hosts.faust_host import build, consumer_of
from streams.hosts.faust_stop import BoundedWorker
from streams.hosts.plain_host import PlainHost
from streams.retries.index import PostgresParking
from streams.retries.ladder import ladder_of
from streams.settings import Settings


def main() -> int:
    """Run until SIGTERM or SIGINT; return the exit status."""
    return start.run_hosted("worker", Settings.from_env, work)


@dataclass(frozen=True, slots=True)
class Parts:
    """What every host works with. `deaf` is only ever set by a fault that was asked for."""

    guard: Guard
    publisher: Publisher
    belief: Belief
    deaf: asyncio.Event

    @classmethod
    def made(cls, settings: Settings, codec: Codec) -> Parts:
        """Build them."""
        publisher = Publisher(settings.brokers, AGENTS, keys=settings.signing.own)
        belief = settings.signing.belief(None if settings.database_url else {})
        deaf = asyncio.Event()
        guard = Guard(
            codec,
            publisher,
            failing(dispatch, settings.faults, deaf.set),
            concerns=HANDLED.__contains__,
            registry=Registry(settings.registry_url),
            ladder=ladder_of(settings.retry_delays_s, settings.retry_jitter),
            parking=PostgresParking(settings.database_url) if settings.database_url else None,
            belief=belief,
        )
        return cls(guard, publisher, belief, deaf)

    def heartbeat(self, settings: Settings, consumer: Callable[[], AIOKafkaConsumer | None]) -> Liveness:
        """Return the heartbeat of the process; `consumer` gives the one at work."""
        guard = self.guard
        return heartbeat(
            settings.database_url,
            "worker",
            lambda: {
                "handled": guard.handled,
                "failed": guard.failed,
                "poison": guard.poison.total,
                "sent": dict(self.publisher.sent),
                "waiting": guard.waiting,
                "in_hand": guard.in_hand,
                **assignment_of(consumer()),
                "idle_s": round(guard.idle_s(), 1),
            },
            deaf_after_s=settings.deaf_after_s,
            keys=settings.signing.own,
        )

    def paused(self, liveness: Liveness) -> bool:
        """Return whether nothing is to be handed to the guard."""
        return self.deaf.is_set() or Flag.QUEUE_PROCESSING in liveness.off

    def begin(self, settings: Settings, *more: Coroutine[Any, Any, None]) -> list[asyncio.Task[None]]:
        """Start the background tasks, with `more`, and keep them: asyncio may collect a task that nobody refers to."""
        metrics.ask(measured.BACKLOG, lambda: [((), self.guard.waiting)])
        loop = asyncio.get_running_loop()
        guarding = loop.create_task(self.guard.run())
        guarding.add_done_callback(_guard_ended)
        beside = [loop.create_task(one) for one in more]
        if settings.database_url:
            beside.append(loop.create_task(keep_learning(self.belief, settings.database_url)))
        return [guarding, *beside]


def work(settings: Settings) -> int:
    """Work on the host that the settings name, until told to stop; return the exit status."""
    structlog.get_logger("worker").info("worker", host=settings.worker_host)
    match settings.worker_host:
        case "faust":
            return on_faust(settings)
        case "aiokafka":
            return start.on_a_loop(start.with_a_sign(on_aiokafka(settings)))
        case never:
            assert_never(never)


async def on_aiokafka(settings: Settings) -> int:
    """Work until SIGTERM or SIGINT."""
    parts = Parts.made(settings, await asyncio.to_thread(wait_for_codec, settings.registry_url))
    host = PlainHost(
        settings.brokers,
        parts.guard,
        session_timeout_s=settings.session_timeout_s,
        paused=lambda: parts.paused(liveness),
    )
    liveness = parts.heartbeat(settings, lambda: host.consumer)
    async with with_heartbeat(liveness if settings.database_url else None):
        start.on_stop(lambda _: host.stop())
        beside = parts.begin(settings)
        await host.run()
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
    await parts.publisher.close()
    return start.DONE


def on_faust(settings: Settings) -> int:
    """Work until Faust, which brings the loop and the signals, is told to stop."""
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    codec = asyncio.run(start.with_a_sign(asyncio.to_thread(wait_for_codec, settings.registry_url)))
    parts = Parts.made(settings, codec)
    liveness = parts.heartbeat(settings, lambda: consumer_of(app))

    async def leave() -> None:
        await liveness.stop("told to stop, while queue processing is switched off")
        os._exit(0)

    app = build(settings, parts.guard, lambda: parts.paused(liveness), leave)
    running: list[asyncio.Task[None]] = []

    # On the loop, not among Faust's own tasks: Faust ends those first, and the records under way need the guard.
    @app.task
    async def start_guard() -> None:
        running.extend(parts.begin(settings, *((liveness.run(),) if settings.database_url else ())))

    @app.on_before_shutdown.connect
    async def say_so(*_: object, **__: object) -> None:
        await liveness.stop("told to stop")

    # its loggers are ours by now
    worker = BoundedWorker(app, override_logging=False, loglevel="WARN", quiet=True, redirect_stdouts=False)
    signs = worker.loop.create_task(keep_giving())  # before Faust has found the broker
    try:
        with job("faust"):  # what Faust and its clients log outside of any record; its thread takes this over
            worker.execute_from_commandline()
    except SystemExit as ended:
        return int(ended.code or start.DONE)
    finally:
        signs.cancel()
    return start.DONE


def _guard_ended(task: asyncio.Task[None]) -> None:
    if task.cancelled():
        return
    # a bug in the guard itself: nothing it had is acknowledged, so a new process does it all again
    structlog.get_logger("worker").error("the guard ended", error=repr(task.exception()))
    end_process()


if __name__ == "__main__":
    sys.exit(main())
