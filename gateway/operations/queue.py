"""The queues in one look: what waits, is under way, is tried again, was given up, and ended lately."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gateway.shapes.system import QueueShape
from gateway.verdict.failing import ANALYSES, PHASE1, shares
from gateway.verdict.finding import Verdict
from projections.reads.draining import draining
from projections.reads.ended import LATELY_S
from schemas.topics import AGENTS, ANALYSIS

#: The groups whose records are work: what the pump waits with is waiting for its time, and is counted as retrying.
WORKING: Final = frozenset({AGENTS, ANALYSIS})


def queue_of(verdict: Verdict) -> QueueShape:
    """Return the figures. One of which a part is not known is not known: never a smaller sum."""
    overview, runs = verdict.snapshot.overview, verdict.snapshot.operations
    groups = {group.name: group for group in runs.groups if group.name in WORKING}
    every = groups.keys() == WORKING
    ended = [one for one in shares(verdict.snapshot, overview) if one.limit in {ANALYSES, PHASE1}]
    gone = _sum(one.ended for one in ended)
    failed = None if gone is None else sum(one.failed for one in ended)
    waits: list[float | None] = [None]
    if every:
        waits = [group.waited_seconds for group in groups.values() if group.behind]
    letters = overview.aside.letters if overview else None
    return QueueShape(
        waiting=sum(group.behind for group in groups.values()) if every else None,
        active=_sum(one.records for one in draining(runs, verdict.as_of).in_hand),
        retrying=overview.aside.retrying.count if overview else None,
        dead_letters=letters.open + letters.blocked if letters else None,
        completed=None if gone is None or failed is None else gone - failed,
        failed=failed,
        within_seconds=LATELY_S,
        oldest_seconds=_longest(waits),
    )


def _sum(counts: Iterable[int | None]) -> int | None:
    found = list(counts)
    return None if None in found else sum(count for count in found if count is not None)


def _longest(waits: list[float | None]) -> float | None:
    if None in waits:
        return None
    return max((one for one in waits if one is not None), default=0.0)
