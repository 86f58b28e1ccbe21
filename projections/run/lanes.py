"""Projects in two lanes, side by side: the partitions for urgent plans have a session, a window and turns of their own.

What is urgent then waits for no turn of the others, only for the processor that they share. To each other the lanes are
what two processes are: each leases, writes and fences its own partitions.
"""

from __future__ import annotations

import asyncio
from typing import Any

from projections.run.runner import Runner
from projections.settings import Settings
from schemas.belief import Belief
from schemas.wire import Codec


class _Urgent(Runner):
    """Projects what is urgent, and has the other lane take less at once while it does."""

    def __init__(self, settings: Settings, codec: Codec, others: Runner) -> None:
        super().__init__(settings, codec, lane="urgent")
        self.believe(others.belief)
        self._others = others

    def taken(self) -> None:
        """Hurry the others."""
        self._others.hurry()


class Lanes:
    """Both lanes as one: what they have done, do and hold."""

    def __init__(self, settings: Settings, codec: Codec) -> None:
        others = Runner(settings, codec, lane="others")
        self._lanes = (_Urgent(settings, codec, others), others)
        self.belief: Belief = others.belief

    def stop(self) -> None:
        """End `run` after the batches under way."""
        for lane in self._lanes:
            lane.stop()

    async def run(self) -> None:
        """Work until stopped; never raises for an outage. Where a lane ends by a bug, both do."""
        async with asyncio.TaskGroup() as running:
            for lane in self._lanes:
                running.create_task(lane.run())

    def state(self, now: float) -> dict[str, Any]:
        """Return what a heartbeat tells; `now` is of the monotonic clock."""
        given_up = sum(lane.given_up for lane in self._lanes)
        assigned: dict[str, list[int]] = {}
        for lane in self._lanes:
            for topic, partitions in lane.assignment.items():
                assigned[topic] = sorted([*assigned.get(topic, ()), *partitions])
        return {
            "handled": sum(lane.projected for lane in self._lanes) + given_up,
            "failed": given_up,
            "idle_s": round(now - min(lane.last_progress for lane in self._lanes), 1),
            "in_flight": sum(lane.in_flight for lane in self._lanes),
            "holds": assigned,
        }
