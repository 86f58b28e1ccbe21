"""The projections: `python -m projections`."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys

import structlog
import uvloop

from projections.runner import Runner
from projections.settings import Settings, SettingsError
from schemas import telemetry
from schemas.registry import wait_for_codec


async def run(settings: Settings) -> None:
    """Project until SIGTERM or SIGINT."""
    codec = await asyncio.to_thread(wait_for_codec, settings.registry_url)
    runner = Runner(settings, codec)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, runner.stop)
    await runner.run()


def main() -> int:
    """Run until told to stop."""
    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as error:
        print(f"projections: {error}", file=sys.stderr)
        return 2
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    structlog.contextvars.bind_contextvars(service="projections")
    telemetry.configure("projections")
    try:
        uvloop.run(run(settings))
    finally:
        telemetry.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
