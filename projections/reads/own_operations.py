"""Limit the operations of the overview to the plans that the caller may see."""

from __future__ import annotations

from dataclasses import replace

from projections.reads import alerts
from projections.reads.operations import RECOVERED, Operations, breakers, stalled, stalls
from projections.reads.rows import Reader


async def own(db: Reader, whole: Operations) -> Operations:
    """Return the operations with only the stalled plans, breakers and open alerts that `db` reads."""
    return replace(
        whole,
        breakers=await breakers(db),
        stalled=await stalled(db),
        stalls=await stalls(db),
        recovered_today=await db.fetchval(RECOVERED),
        alerts_open=await alerts.open_count(db),
    )
