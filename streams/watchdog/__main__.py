"""The watchdog: `python -m streams.watchdog`. Any number may run: each missed deadline is looked at by one."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time

import asyncpg
import structlog
import uvloop
from aiokafka.conn import AIOKafkaConnection

from schemas.process import broker_links, logs, telemetry
from schemas.process.settings import SettingsError
from streams.hosts.liveness import liveness_of
from streams.settings import Settings
from streams.watchdog.settings import Patience
from streams.watchdog.watch import Watch


async def run(settings: Settings, patience: Patience) -> None:
    """Watch until SIGTERM or SIGINT."""
    async with asyncpg.create_pool(
        settings.database_url, min_size=0, max_size=2, timeout=5, command_timeout=30
    ) as pool:
        watch = Watch(settings, patience, pool)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, watch.stop)
        liveness = liveness_of(settings, "watchdog", watch.progress)
        beating = loop.create_task(liveness.run())
        await watch.run()
        await liveness.stop("told to stop")
        await beating


def main() -> int:
    """Run until told to stop."""
    try:
        settings = Settings.from_env(os.environ)
        patience = Patience.from_env(os.environ)
    except SettingsError as error:
        print(f"watchdog: {error}", file=sys.stderr)
        return 2
    if not settings.database_url:
        print("watchdog: MARKETPLACE_DATABASE_URL is not set", file=sys.stderr)
        return 2
    logs.configure("watchdog")
    broker_links.mend(AIOKafkaConnection)
    telemetry.configure("watchdog")
    structlog.get_logger("watchdog").info("watching", started_at=time.time())
    try:
        uvloop.run(run(settings, patience))
    finally:
        telemetry.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
