"""`python -m bench.verify_memory [PLANS] [AT_ONCE]`: what `marketplace verify` holds in memory, part by part.

Plans of seven events each are made up and folded as the log's are, without a broker; of each part the memory that its
process had at most, beyond what it began with.
"""

from __future__ import annotations

import os
import resource
import sys
import time
import uuid
from collections.abc import Iterator
from typing import Any, Final

from projections.verify.buckets import RECORDS_AT_ONCE, Bucket, buckets_of
from projections.verify.expected import Expected, Report, check_log, take
from schemas.events import Event
from schemas.phase_tasks import created_by, is_phase

PLANS: Final = 1_000_000
TASKS: Final = 3
#: Of one plan: uploaded, analyzed, approved, Phase 1, and its tasks.
EVENTS: Final = 4 + TASKS
_SPACE: Final = uuid.UUID(int=0)
_KIB: Final = 1024


def main() -> None:
    """Fold each part in a process of its own; print what it took."""
    given = [int(one) for one in sys.argv[1:]]
    plans, at_once = (*given, *(PLANS, RECORDS_AT_ONCE)[len(given) :])
    buckets = buckets_of(plans * EVENTS, at_once)
    print(f"{plans} plans, {plans * EVENTS} records, {len(buckets)} parts")
    for number, bucket in enumerate(buckets, 1):
        sys.stdout.flush()
        if (child := os.fork()) == 0:
            _fold(number, bucket, plans)
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)


def _fold(number: int, bucket: Bucket, plans: int) -> None:
    before, began = _peak(), time.process_time()
    expected, report = Expected(), Report()
    for n in range(plans):
        plan = str(uuid.uuid5(_SPACE, str(n)))
        if bucket.has(plan):
            for event in _events(plan):
                take(event, expected, report)
    found = check_log(expected)
    took, seconds = (_peak() - before) / _KIB, time.process_time() - began
    print(f"part {number}: {report.events} events, {took:.0f} MiB, {seconds:.0f} s, {len(found)} found")


def _events(plan: str) -> Iterator[Event]:
    def event(type_: str, version: int, data: dict[str, Any]) -> Event:
        id_ = str(uuid.uuid5(_SPACE, f"{plan}{version}"))
        return Event(type_, id_, f"plan-{plan}", version, 0, "cause", plan, "ana", data)

    said = {"title": "t", "what": "w", "channel": "c", "priority": "high", "opportunity_id": None, "due_on": ""}
    tasks = [{**said, "task_id": str(uuid.uuid5(_SPACE, f"{plan} {n}")), "position": n} for n in range(TASKS)]
    yield event("plan.uploaded", 1, {})
    yield event("plan.analyzed", 2, {})
    yield event("plan.approved", 3, {})
    phase = event("plan.phase1.created", 4, {"plan_id": plan, "tasks": tasks})
    yield phase
    if is_phase(phase):
        yield from created_by(phase)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
