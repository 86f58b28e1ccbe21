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
    """More workers and runners join and leave again and again, the first and half of the others by SIGKILL."""
    stack = scene.site.stack
    for round_ in range(3):
        services = [
            Service(
                f"extra-{kind}-{round_}",
                f"streams.{kind}",
                env=stack.env,
                log=Path(stack.data_dir) / "logs" / f"extra-{kind}-{round_}.log",
                cwd=ROOT,
                grace=5.0,
            )
            for kind in ("worker", "runner")
        ]
        try:
            for service in services:
                service.start()
            await _joined(scene, 4)
            await scene.for_a_while(0.5, 2.0)
            for service in services:
                if scene.injected is None or scene.rng.random() < 0.5:
                    scene.cause(service.kill)
                else:
                    service.request_stop()
            await scene.for_a_while(0.5, 1.5)
        finally:
            for service in services:
                await asyncio.to_thread(service.stop)


async def _joined(scene: Scene, wanted: int) -> None:
    """Wait until so many workers and runners say that they live."""
    question = "select count(*) from flow.running where role in ('worker', 'runner') and connected"
    for _ in range(200):
        if await scene.load.pool.fetchval(question) >= wanted:
            return
        await asyncio.sleep(0.1)
    scene.problems.append(f"{wanted} workers and runners did not come together within 20 s")
