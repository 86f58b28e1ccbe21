"""Processes that end, restart, or come and go."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from local.chaos.scene import Fault, Scene
from local.service import Service
from local.state import ROOT


def kill(name: str) -> Fault:
    """SIGKILL to a process: no clean-up, no flush."""

    async def fault(scene: Scene) -> None:
        scene.cause(lambda: scene.site.stack.kill(name))

    return fault


async def restart_postgres(scene: Scene) -> None:
    """Restart the database: in order (SIGINT ends all sessions) or by SIGKILL, as chance has it."""
    number = scene.rng.choice((signal.SIGINT, signal.SIGKILL))
    scene.cause(lambda: scene.site.stack.kill("postgres", number))


async def rebalance_storm(scene: Scene) -> None:
    """More workers and runners join and leave again and again, half of them by SIGKILL."""
    stack = scene.site.stack
    for round_ in range(3):
        services = [
            Service(
                name := f"extra-{kind}-{round_}",
                f"streams.{kind}",
                env=stack.env,
                log=Path(stack.data_dir) / "logs" / f"{name}.log",
                cwd=ROOT,
                grace=5.0,
            )
            for kind in ("worker", "runner")
        ]
        for service in services:
            service.start()
        await scene.for_a_while(3.0, 6.0)  # a worker needs a second or two to join
        for service in services:
            if scene.rng.random() < 0.5:
                scene.cause(service.kill)
            else:
                scene.cause(service.request_stop)
        await scene.for_a_while(0.5, 1.5)
        for service in services:
            await asyncio.to_thread(service.stop)
