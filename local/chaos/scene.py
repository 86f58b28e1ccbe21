"""What a fault gets: one system, one load, one source of chance."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from gateway.verdict.kinds import Kind
from local.chaos.signs import Signs
from local.chaos.site import Site
from local.chaos.traffic import Traffic
from local.chaos.witnesses import Witnesses
from local.load import Load


@dataclass(slots=True)
class Scene:
    """One run. A fault calls `cause` with what breaks things, so that the moment is known exactly.

    `problems` is for what is found afterwards. `poison` is how often groups were given a record that nobody can read:
    so many dead letters must come of it, and no others. `notes` says what chance has chosen, and `tells` which of the
    kinds of findings that name the cause are left then; None: all of the scenario's.
    """

    site: Site
    rng: random.Random
    load: Load
    traffic: Traffic
    signs: Signs
    witnesses: Witnesses
    injected: float | None = None
    injected_at: datetime | None = None
    poison: int = 0
    problems: list[str] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    tells: frozenset[Kind] | None = None

    def cause(self, break_it: Callable[[], object]) -> None:
        """Break something now; all times are counted from the first call."""
        if self.injected is None:
            self.signs.restart_clock()
            self.injected, self.injected_at = time.monotonic(), datetime.now(UTC)
        break_it()

    async def for_a_while(self, least_s: float, most_s: float) -> None:
        """Let the fault last for a while, drawn between the two times in seconds."""
        await asyncio.sleep(self.rng.uniform(least_s, most_s))


Fault = Callable[[Scene], Awaitable[None]]
