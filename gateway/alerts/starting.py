"""How long a role that nobody has seen alive yet may still be about to start. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from gateway.verdict.finding import Verdict

#: At a system's start processes start one by one: it goes on until none has started for so long.
START: Final = timedelta(seconds=30)
#: So long after the engine has begun it is over, whatever starts still: others may start again and again.
LONGEST: Final = timedelta(seconds=120)


def starting(verdict: Verdict, began: datetime) -> bool:
    """Say whether the system may be starting still. `began`: when this engine did, which is one of its processes."""
    running = [process.started_at for process in verdict.snapshot.operations.processes if process.connected]
    return verdict.as_of < min(max([began, *running]) + START, began + LONGEST)
