"""The Faust worker: `python -m streams.worker`. Ends with 75 where it cannot publish, or cannot stop in time."""

from __future__ import annotations

import asyncio
import os
import sys
import time

import structlog
import uvloop

from schemas import metrics as measured
from schemas.process import metrics, start
from schemas.process.heartbeat import heartbeat
from schemas.process.log_context import job
from schemas.process.sign_of_life import keep_giving
from schemas.process.signing import keep_learning
from schemas.registry import Registry, wait_for_codec
from schemas.topics import AGENTS
from streams.broker.publisher import Publisher, end_process
from streams.guard.guard import Guard
from streams.handlers.faults import failing
from streams.hosts.assignment import assignment_of
from streams.hosts.dispatch import HANDLED, dispatch
from streams.hosts.faust_host import build, consumer_of
from streams.hosts.faust_stop import BoundedWorker
from streams.hosts.paused import QUEUE_PROCESSING
from streams.retries.index import PostgresParking
from streams.retries.ladder import ladder_of
from streams.settings import Settings


def main() -> int:
    """Run until SIGTERM or SIGINT; return the exit status."""
    return start.run_hosted("worker", Settings.from_env, work)


def work(settings: Settings) -> int:
    """Work until Faust, which brings the loop and the signals, is told to stop."""
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    codec = asyncio.run(start.with_a_sign(asyncio.to_thread(wait_for_codec, settings.registry_url)))
    publisher = Publisher(settings.brokers, AGENTS, keys=settings.signing.own)
    belief = settings.signing.belief(None if settings.database_url else {})
    deaf = asyncio.Event()  # only ever by a fault that was asked for
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
    liveness = heartbeat(
        settings.database_url,
        "worker",
        lambda: {
            "handled": guard.handled,
            "failed": guard.failed,
            "poison": guard.poison.total,
            "sent": dict(publisher.sent),
            "waiting": guard.waiting,
            "in_hand": guard.backlog.in_hand,
            **assignment_of(consumer_of(app)),
            "idle_s": round(time.monotonic() - guard.last_progress, 1),
        },
        deaf_after_s=settings.deaf_after_s,
    )

    async def leave() -> None:
        await liveness.stop("told to stop, while queue processing is switched off")
        os._exit(0)

    app = build(settings, guard, lambda: deaf.is_set() or QUEUE_PROCESSING in liveness.off, leave)
    running: list[asyncio.Task[None]] = []

    # On the loop, not among Faust's own tasks: Faust ends those first, and the records under way need the guard.
    @app.task
    async def start_guard() -> None:
        metrics.ask(measured.BACKLOG, lambda: [((), guard.waiting)])
        task = asyncio.get_running_loop().create_task(guard.run())
        task.add_done_callback(_guard_ended)
        running.append(task)  # a task that nobody holds can be collected
        if settings.database_url:
            running.append(asyncio.get_running_loop().create_task(liveness.run()))
            running.append(asyncio.get_running_loop().create_task(keep_learning(belief, settings.database_url)))

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
