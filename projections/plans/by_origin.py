"""Narrow plans to those whose Phase 1 is of some origin."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from projections.plans.parts import ORIGIN
from projections.reads.rows import Reader, Where
from schemas.phase1 import Origin

#: Plans with a channel that was analysed by an agent, or by the rules.
_BY: Final = "select plan_id from rm.plan_channel where status = 'analyzed' and source = $1 limit $2"
#: The most of these that are looked at one by one; if there are more, plans are looked at in the order of the list.
FEW_BY: Final = 10_000
#: The most plans that are counted: each costs a look at its channels.
COUNTED_BY: Final = 1_000


async def narrow(db: Reader, where: Where, origins: Collection[Origin]) -> None:
    """Narrow to the plans whose Phase 1 is of one of these."""
    where.add(f"({' or '.join([await _of(db, where, one) for one in origins])})")


def counted(origins: Collection[Origin], most: int | None) -> int | None:
    """Return how many of them are counted."""
    return most if most is None or not {*origins} & {"agent", "rules"} else min(most, COUNTED_BY)


async def _of(db: Reader, where: Where, origin: Origin) -> str:
    """Return the condition that Phase 1 is of this origin. What few plans have is looked for among those alone.

    Only an agent's Phase 1 has analyses that tell the two apart: it is the rules' if all of them are.
    """
    if origin not in {"agent", "rules"}:
        return f"phase1 ->> 'origin' = '{origin}'"
    # as a case it counts for half of the plans, however many it fits: so a page is read in its order
    said = f"(case when phase1 ->> 'origin' = 'agent' then ({ORIGIN}) = '{origin}' else false end)"
    rows = await db.fetch(_BY, origin, FEW_BY + 1)
    if len(rows) > FEW_BY:
        return said
    return f"(plan_id = any ({where.arg([row['plan_id'] for row in rows])}::uuid[]) and {said})"
