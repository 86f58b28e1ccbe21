"""Processes that end, restart, or come and go."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Final

import psutil

from local.chaos.apart import Apart, fill_output
from local.chaos.scene import Fault, Scene
from local.service import Service
from local.state import ROOT

#: A frozen process is given so long to be ended and started again, in seconds.
REPLACED_S: Final = 60.0
#: While their supervisor is frozen plans go on as ever; on a busy machine each step is given so long, in seconds.
GOES_ON_S: Final = 30.0
#: The processes whose logs leave lines out rather than stop (schemas/process/log_pipe.py).
LOGS: Final = frozenset({"gateway", "worker", "runner", "projections", "pump", "watchdog", "alerts"})
#: A plan of this priority, approved, makes its worker deaf where the system was started with this fault.
DEAF_PRIORITY: Final = "low"
DEAF: Final = f"deaf after plan.approved where priority={DEAF_PRIORITY}"
#: A process stays away for so long at most, in seconds.
AWAY_S: Final = 15.0


def kill(name: str) -> Fault:
    """Kill a process by SIGKILL: it cleans nothing up and flushes nothing."""

    async def fault(scene: Scene) -> None:
        scene.cause(lambda: scene.site.stack.kill(name))

    return fault


def stay_away(name: str) -> Fault:
    """Kill a process, and let nobody start it again until somebody outside was told, or had long to be."""

    async def fault(scene: Scene) -> None:
        stack = scene.site.stack

        def end() -> None:
            stack.pause(name)
            stack.kill(name)

        scene.cause(end)
        for _ in range(int(10 * AWAY_S)):
            if scene.site.told.opened(scene.injected or 0.0) is not None:
                break
            await asyncio.sleep(0.1)
        stack.resume(name)

    return fault


def freeze(name: str) -> Fault:
    """Stop a process by SIGSTOP: it keeps its locks and connections and does nothing, until another takes its place."""

    async def fault(scene: Scene) -> None:
        stack = scene.site.stack
        frozen = stack.state.processes[name].pid
        scene.cause(lambda: stack.kill(name, signal.SIGSTOP))
        await asyncio.to_thread(stack.wait_for, name, "ready", REPLACED_S, frozen)

    return fault


async def freeze_the_supervisor(scene: Scene) -> None:
    """Stop what starts the others and reads their logs by SIGSTOP, with every log full, for 15 to 20 s.

    Broker and database, which cannot leave out a line, log next to nothing: their pipes are left as they are.
    """
    stack = scene.site.stack
    assert isinstance(stack, Apart)
    running = {name: one.pid for name, one in stack.state.processes.items() if one.alive and one.pid is not None}
    scene.cause(lambda: os.kill(stack.supervisor, signal.SIGSTOP))
    try:
        filled = [name for name, pid in running.items() if name in LOGS and fill_output(pid)]
        if set(filled) != LOGS & running.keys():
            scene.problems.append(f"logs that could not be filled: {', '.join(sorted(LOGS - set(filled)))}")
        plans = await scene.load.upload(3)
        if await scene.load.wait(plans, ["awaiting_approval"], within_s=GOES_ON_S) < len(plans):
            scene.problems.append("plans were not analysed while the supervisor was frozen")
        await scene.load.approve(plans)
        await scene.load.wait_for_tasks(plans, within_s=GOES_ON_S)
        await scene.for_a_while(10.0, 15.0)
        ended = [name for name, pid in running.items() if not psutil.pid_exists(pid)]
        if ended:
            scene.problems.append(f"ended while the supervisor was frozen: {', '.join(ended)}")
    finally:
        os.kill(stack.supervisor, signal.SIGCONT)


async def deafen_a_worker(scene: Scene) -> None:
    """Have the worker live on and take nothing more, by the fault that the system was started with (`DEAF`)."""
    stack = scene.site.stack
    deaf = stack.pid("worker")
    plans = await scene.load.upload(1, priority=DEAF_PRIORITY)
    await scene.load.wait(plans, ["awaiting_approval"], within_s=REPLACED_S)
    scene.cause(lambda: None)
    await scene.load.approve(plans)
    await asyncio.to_thread(stack.wait_for, "worker", "ready", REPLACED_S, deaf)


async def restart_postgres(scene: Scene) -> None:
    """Restart the database: in order (SIGINT ends all sessions) or by SIGKILL, as chance has it."""
    number = scene.rng.choice((signal.SIGINT, signal.SIGKILL))
    scene.cause(lambda: scene.site.stack.kill("postgres", number))


async def rebalance_storm(scene: Scene) -> None:
    """More workers and runners leave, one a second and half of them by SIGKILL, while others join in their place."""
    guests = [_guest(scene, kind, number) for number in range(2) for kind in ("worker", "runner")]
    try:
        for guest in guests:
            guest.start()
        await _joined(scene, 2 + len(guests))
        await scene.for_a_while(0.5, 2.0)
        for number in range(8):
            leaving = guests[number]
            if scene.injected is None or scene.rng.random() < 0.5:
                scene.cause(leaving.kill)
            else:
                leaving.request_stop()
            if number < 4:  # the last four come and go before they have found their place
                joining = _guest(scene, scene.rng.choice(("worker", "runner")), number + 2)
                guests.append(joining)
                joining.start()
            await scene.for_a_while(0.6, 1.4)
    finally:
        for guest in guests:
            await asyncio.to_thread(guest.stop)


def _guest(scene: Scene, kind: str, number: int) -> Service:
    """Return one more process of a kind, beside those that the stack looks after."""
    stack = scene.site.stack
    log = stack.data_dir / "logs" / f"guest-{kind}-{number}.log"
    return Service(f"guest-{kind}-{number}", f"streams.{kind}", env=stack.env, log=log, cwd=ROOT, grace=5.0)


async def _joined(scene: Scene, wanted: int) -> None:
    """Wait until so many workers and runners say that they live."""
    question = "select count(*) from flow.running where role in ('worker', 'runner') and connected"
    for _ in range(200):
        if await scene.load.pool.fetchval(question) >= wanted:
            return
        await asyncio.sleep(0.1)
    scene.problems.append(f"{wanted} workers and runners did not come together within 20 s")
