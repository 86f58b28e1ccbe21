"""The verdict for a member of teams: findings about their own plans and tasks, and the whole system's health."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Final

from gateway.verdict.finding import Verdict
from gateway.verdict.judge import judge
from gateway.verdict.mark import mark_of
from projections.reads import overview, own_operations
from projections.reads.rows import Reader
from projections.reads.written import Shown

#: A team's plans and tasks are counted one by one, so what was counted is shown for so long.
FRESH_S: Final = 5.0
#: Sets of teams of which that is remembered.
REMEMBER_LIMIT: Final = 200


class Views:
    """Verdicts as members of teams see them, each counted once for all who belong to the same teams."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], tuple[float, Verdict]] = {}
        self._counting: dict[tuple[str, ...], asyncio.Lock] = {}

    async def of(self, verdict: Verdict, teams: tuple[str, ...], db: Reader, decision_due_s: float) -> Verdict:
        """Return a verdict with the plans, tasks, letters, alerts and breakers of these teams for everybody's."""
        if len(self._known) > REMEMBER_LIMIT:
            self.forget()
        async with self._counting.setdefault(teams, asyncio.Lock()):
            remembered = self._known  # another one once something was changed: what was counted before is not in that
            known = remembered.get(teams)
            if known is not None and time.monotonic() - known[0] < FRESH_S:
                return known[1]
            found = await as_seen(verdict, db, decision_due_s)
            remembered[teams] = time.monotonic(), found
            return found

    def forget(self) -> None:
        """Count anew for the next page: something was changed just now."""
        self._known = {}
        self._counting = {}


async def as_seen(verdict: Verdict, db: Reader, decision_due_s: float) -> Verdict:
    """Return a verdict with what `db` reads of plans, tasks, letters, alerts and breakers in place of everybody's.

    What keeps the system from its work stays. The mark stays the system's: it is what live lines tell.
    """
    whole = verdict.snapshot
    if whole.overview is None:
        return verdict
    snapshot = replace(
        whole,
        overview=await overview.own(db, whole.overview, decision_due_s),
        operations=await own_operations.own(Shown(db), whole.operations),
        refused=whole.refused.partition(":")[0],  # what the database says may quote what it did not store
    )
    return replace(judge(snapshot), mark=mark_of(verdict))
