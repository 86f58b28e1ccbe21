"""The projections: `python -m projections`."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Awaitable

import aiokafka
import asyncpg
import structlog
import uvloop
from aiokafka.conn import AIOKafkaConnection

from projections.run.runner import Runner
from projections.settings import Settings
from schemas.process import broker_links, header_names, telemetry
from schemas.process.liveness import Connection, Liveness
from schemas.process.repeats import collapse
from schemas.process.sessions import LOCK_HOLDER
from schemas.process.settings import SettingsError
from schemas.registry import wait_for_codec


async def run(settings: Settings) -> None:
    """Project until SIGTERM or SIGINT."""
    codec = await asyncio.to_thread(wait_for_codec, settings.registry_url)
    runner = Runner(settings, codec)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, runner.stop)
    liveness = liveness_of(settings, runner)
    beating = loop.create_task(liveness.run())
    await runner.run()
    await liveness.stop("told to stop")
    await beating


def liveness_of(settings: Settings, runner: Runner) -> Liveness:
    """Return the liveness of this process."""

    def connect() -> Awaitable[Connection]:
        application = {"application_name": "liveness-projections", **LOCK_HOLDER}
        return asyncpg.connect(settings.database_url, timeout=5, command_timeout=5, server_settings=application)

    return Liveness(
        connect,
        "projections",
        lambda: {
            "handled": runner.projected + runner.dead,
            "failed": runner.dead,
            "idle_s": round(time.monotonic() - runner.last_progress, 1),
            "in_flight": runner.in_flight,
            "holds": runner.holds,
        },
        deaf_after_s=settings.deaf_after_s,
        say=structlog.get_logger("liveness").warning,
    )


def main() -> int:
    """Run until told to stop."""
    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as error:
        print(f"projections: {error}", file=sys.stderr)
        return 2
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    collapse("aiokafka")
    broker_links.mend(AIOKafkaConnection)
    header_names.mend(aiokafka)
    structlog.contextvars.bind_contextvars(service="projections")
    telemetry.configure("projections")
    try:
        uvloop.run(run(settings))
    finally:
        telemetry.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
