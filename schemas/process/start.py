"""How every process starts and ends. A new one is a `Process`; what it does is its `main`.

In this order, and at the end in the reverse:

1. **Logs**, so that whatever happens from here on is a log line. The libraries are imported by then: their loggers are
   set up with ours.
2. **Settings**, all of them. One that is missing or makes no sense ends the process with REFUSED, and a line names it.
3. **Kafka clients are mended**, before the first is built: connections notice silence, header names that are no UTF-8
   stop nobody, a broker without records is asked less often, what is asked is written and read quickly, names have the
   system's prefix on the wire. A database whose log has another prefix refuses the process (process/log_home.py).
4. **Telemetry**: spans, where the OTEL_* variables ask for them; what is left of them is sent at the end. Metrics,
   where they have a port. From here on garbage is collected less often.
5. **The event loop** (uvloop), and in it `main`. It says by `on_stop` what ends it: SIGTERM and SIGINT, from then on.
6. **The heartbeat**, `heartbeat` and `with_heartbeat`, around the work: what the process says of itself, its end too.

A process whose library owns the loop and the signals, as Faust does, is `run_hosted`: 1 to 4 are the same. A command,
which ends by itself and speaks to the person who has called it, is `run_command`.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import aiokafka
import structlog
import uvloop
from aiokafka.conn import AIOKafkaConnection
from aiokafka.consumer.fetcher import Fetcher
from aiokafka.protocol.struct import Struct

from schemas.process import (
    broker_links,
    fetching,
    header_names,
    log_home,
    logs,
    metrics,
    names_on_wire,
    quick_protocol,
    sign_of_life,
    telemetry,
)
from schemas.process.liveness import EXIT_AGAIN
from schemas.process.settings import SettingsError

S = TypeVar("S")
R = TypeVar("R")

#: Exit statuses. A process may have more of its own; those of processes that end themselves at once stand with their
#: reasons: 75 (streams/broker/publisher.py) and 76 (schemas/process/liveness.py), both to be started again.
DONE: Final = 0
FAILED: Final = 1
REFUSED: Final = 2
INTERRUPTED: Final = 130
_LEAVES: Final = threading.Event()

#: New objects before a collection of the young ones (Python: 700); collections of a generation before one of the next.
GARBAGE_THRESHOLDS: Final = (20_000, 20, 20)


@dataclass(frozen=True, slots=True)
class Process(Generic[S]):
    """`name` is its service in logs and traces. `main` works until it is stopped and returns the exit status."""

    name: str
    settings: Callable[[Mapping[str, str]], S]  # raises SettingsError
    main: Callable[[S], Coroutine[Any, Any, int]]


def run(process: Process[S]) -> int:
    """Run a process; return its exit status."""
    return run_hosted(process.name, process.settings, lambda settings: on_a_loop(with_a_sign(process.main(settings))))


def run_hosted(name: str, settings_of: Callable[[Mapping[str, str]], S], host: Callable[[S], int]) -> int:
    """Run a process whose `host` brings the loop and the signals; return its exit status."""
    sign_of_life.give()
    try:
        settings = _begin(name, settings_of)
        page = metrics.page_of(os.environ)
        log_home.demand_same(os.environ)
    except SettingsError as error:
        structlog.get_logger(name).critical(str(error))
        return REFUSED
    mend_clients()
    telemetry.configure(name)
    metrics.begin(name, page)
    collect_garbage_less_often()
    try:
        status = host(settings)
    finally:
        telemetry.shutdown()
    return EXIT_AGAIN if status == DONE and _LEAVES.is_set() else status


def leave() -> None:
    """Begin the end of this process, as SIGTERM does. Its exit status asks its supervisor to start it again."""
    _LEAVES.set()
    os.kill(os.getpid(), signal.SIGTERM)


def run_command(
    name: str,
    settings_of: Callable[[Mapping[str, str]], S],
    main: Callable[[S], Coroutine[Any, Any, int]],
    *,
    refused: int = REFUSED,
    of_log: bool = False,
) -> int:
    """Run a command that ends by itself; return its exit status, `refused` where a setting makes no sense.

    `of_log`: it compares the database with the log, which has to be its own.

    It says itself what matters of the broker, once, so aiokafka is silent.
    """
    try:
        settings = _begin(name, settings_of)
        if of_log:
            log_home.demand_same(os.environ)
    except SettingsError as error:
        logs.tell(f"{name}: {error}", failed=True)
        return refused
    mend_clients()
    if of_log:  # it reads many records, as a process does
        collect_garbage_less_often()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    return on_a_loop(main(settings))


def mend_clients() -> None:
    """Mend aiokafka in this process: for clients that are built from now on."""
    broker_links.mend(AIOKafkaConnection)
    header_names.mend(aiokafka)
    fetching.mend(Fetcher)


def collect_garbage_less_often() -> None:
    """Leave what was imported out of every collection from now on, and collect once for many new objects.

    A process holds some 200,000 objects of modules and classes until it ends, and handles records that live for
    milliseconds: Python's defaults walk through the former again and again for the sake of the latter.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


def on_stop(told: Callable[[signal.Signals], object]) -> None:
    """Call `told` for every SIGTERM and SIGINT from now on. Until then they end the process as they end any other."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told, number)


def _begin(name: str, settings_of: Callable[[Mapping[str, str]], S]) -> S:
    """Set up the logs, and return the settings. Raises SettingsError, once there are logs to say it."""
    try:
        style = logs.style_of(os.environ)
    except SettingsError:
        logs.configure(name, "json")
        raise
    logs.configure(name, style)
    quick_protocol.mend(Struct)  # before the schemas get other types of names: each is compiled when it is used first
    names_on_wire.begin(os.environ)
    return settings_of(os.environ)


def on_a_loop(work: Coroutine[Any, Any, int]) -> int:
    """Run some work on uvloop; return its exit status, INTERRUPTED where Ctrl-C ended it."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work)
    except KeyboardInterrupt:
        return INTERRUPTED


async def with_a_sign(work: Coroutine[Any, Any, R]) -> R:
    """Do some work, and touch the process's file meanwhile. A command does not: it would speak for the process."""
    signs = asyncio.get_running_loop().create_task(sign_of_life.keep_giving())
    try:
        return await work
    finally:
        signs.cancel()
