"""Find, in SQL, the completed plans with a later phase that a person has yet to begin.

They are no few where people leave it at Phase 1, so the database counts them where they change, as plans by status.
"""

from __future__ import annotations

from typing import Final

from projections.reads.by_status import COUNTED
from schemas.lifecycle import PHASE, PhaseAction

_IN: Final = " or ".join(f"status = '{status}'" for status in PHASE[PhaseAction.START].needs)
#: Whether the plan of a row waits so; unknown where it is not known which phases are left. So says the index plan_next.
WAITS: Final = f"({_IN}) and phases_left <> '{{}}'"
#: The number of the phase that it waits for; null: it waits for none.
NUMBER: Final = f"case when {WAITS} then phases_left[1] end"
#: How many wait, and for how many seconds the one that ended first has. `partial` of a completed plan is that it waits.
WAITING: Final = f"""
    select jsonb_build_array(
        case when {COUNTED} then
            (select coalesce(sum(n), 0) from rm.tally where kind = 'plan' and partial and ({_IN}))
        else (select count(*) from rm.plan where {WAITS}) end,
        coalesce(extract(epoch from now() - (select min(ended_at) from rm.plan where {WAITS})), 0))"""  # noqa: S608 - constants
