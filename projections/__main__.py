"""The projections: `python -m projections`."""

from __future__ import annotations

import asyncio
import sys
import time

from projections.run.counting import count_from_zero
from projections.run.lanes import Lanes
from projections.settings import Settings
from schemas.process import start
from schemas.process.heartbeat import heartbeat, with_heartbeat
from schemas.process.signing import keep_learning
from schemas.registry import wait_for_codec


async def run(settings: Settings) -> int:
    """Project until SIGTERM or SIGINT."""
    codec = await asyncio.to_thread(wait_for_codec, settings.registry_url)
    lanes = Lanes(settings, codec)
    start.on_stop(lambda _: lanes.stop())
    liveness = heartbeat(
        settings.database_url,
        "projections",
        lambda: lanes.state(time.monotonic()),
        deaf_after_s=settings.deaf_after_s,
        keys=settings.signing.own,
    )
    async with with_heartbeat(liveness):
        learning = asyncio.get_running_loop().create_task(keep_learning(lanes.belief, settings.database_url))
        count_from_zero()
        await lanes.run()
        learning.cancel()
    return start.DONE


def main() -> int:
    """Run until told to stop; return the exit status."""
    return start.run(start.Process("projections", Settings.from_env, run))


if __name__ == "__main__":
    sys.exit(main())
