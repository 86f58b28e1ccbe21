"""A plan is judged by the partition that its own record is in, and by the process that reads it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.watchdog.diagnosis import diagnose
from streams.watchdog.settings import Patience
from streams.watchdog.snapshot import Holder, Role, System, Wait

PATIENCE = Patience()
ALL = {name: Role(living=1, still_s=0.1) for name in ("gateway", "worker", "runner", "projections", "pump", "watchdog")}
WELL = System(roles=ALL, relay_still_s=0.1, projections_still_s=0.1)
PLAN_PLACE = ("agents", "plan.events", 7)
LANE = ("analysis.work.normal", 3)
LANE_PLACE = ("analysis", *LANE)
PLACE = ("plan.events", 7, 100)
PHASE1 = Wait("p", "phase1", waited_s=1.2, late_s=0.2, found_at=PLACE)
ANALYSIS = Wait("p", "analysis", waited_s=76.0, late_s=1.0, found_at=PLACE, missing=("shopee",))


def roles(**changed: Role) -> dict[str, Role]:
    return {**ALL, **changed}


MOVES = Holder("worker 1 on h", still_s=0.5)
DEAF = Holder("worker 2 on h", still_s=300.0)
TWO = replace(
    WELL,
    roles=roles(worker=Role(2, still_s=0.1), runner=Role(2, still_s=0.1, busy=4)),
    lag={"agents": 40, "analysis": 500},
    done={PLAN_PLACE: 50},
)
UPLOAD, QUEUED = replace(ANALYSIS, lane=LANE), replace(ANALYSIS, found_at=("plan.events", 7, 20), lane=LANE)


def read(system: System, place: tuple[str, str, int], still_s: float, holder: Holder | None) -> System:
    """Return the system with a partition that stands still, and its holder."""
    return replace(system, still={place: still_s}, holders={} if holder is None else {place: holder})


@pytest.mark.parametrize(
    ("wait", "system", "cause", "action"),
    [
        # that another worker moves does not help a plan whose own one is deaf, nor one that nobody reads
        (PHASE1, read(TWO, PLAN_PLACE, 4.0, DEAF), "worker-deaf", "make-phase1"),
        (PHASE1, read(TWO, PLAN_PLACE, 4.0, None), "worker-gone", "make-phase1"),
        (PHASE1, read(TWO, PLAN_PLACE, 2.0, None), None, "wait"),
        (PHASE1, read(TWO, PLAN_PLACE, 2.0, DEAF), None, "wait"),
        (PHASE1, read(TWO, PLAN_PLACE, 1.0, replace(MOVES, frozen=True)), "worker-deaf", "make-phase1"),
        # the log and the worker say more exactly for how long than the watchdog sees it
        (replace(PHASE1, in_log_s=3.0), read(TWO, PLAN_PLACE, 1.0, DEAF), "worker-deaf", "make-phase1"),
        (replace(PHASE1, in_log_s=2.9), read(TWO, PLAN_PLACE, 1.0, DEAF), None, "wait"),
        (replace(PHASE1, in_log_s=90.0), read(TWO, PLAN_PLACE, 1.0, replace(DEAF, still_s=2.9)), None, "wait"),
        (replace(PHASE1, in_log_s=90.0), read(TWO, PLAN_PLACE, 1.0, None), None, "wait"),
        # a partition waits for its turn while its worker has others in hand, and some time after that
        (PHASE1, read(TWO, PLAN_PLACE, 90.0, replace(MOVES, waiting=700)), None, "wait"),
        (PHASE1, read(TWO, PLAN_PLACE, 9.0, MOVES), None, "wait"),
        (PHASE1, read(TWO, PLAN_PLACE, 11.0, MOVES), "worker-deaf", "make-phase1"),
        # a worker of an earlier version may hold it
        (PHASE1, replace(read(TWO, PLAN_PLACE, 9.0, None), untold=frozenset({"worker"})), None, "wait"),
        (PHASE1, replace(read(TWO, PLAN_PLACE, 11.0, None), untold=frozenset({"worker"})), "worker-deaf", None),
        # the upload was never handed out: no runner is to blame
        (UPLOAD, read(TWO, PLAN_PLACE, 4.0, DEAF), "worker-deaf", "request-again"),
        (UPLOAD, read(TWO, PLAN_PLACE, 4.0, None), "worker-gone", "request-again"),
        (UPLOAD, read(TWO, PLAN_PLACE, 1.0, MOVES), None, "wait"),
        (replace(UPLOAD, attempts=1), read(TWO, LANE_PLACE, 1.0, MOVES), None, "wait"),
        (
            UPLOAD,
            replace(read(TWO, PLAN_PLACE, 4.0, DEAF), off=frozenset({"queue_processing"})),
            "processing-off",
            None,
        ),
        # it was, and waits for the runner of its lane
        (QUEUED, read(TWO, LANE_PLACE, 4.0, DEAF), "runner-deaf", "request-again"),
        (replace(QUEUED, attempts=1), read(TWO, LANE_PLACE, 4.0, DEAF), "runner-deaf", "fail-channels"),
        (QUEUED, read(TWO, LANE_PLACE, 4.0, None), "runner-gone", "wait"),
        (replace(QUEUED, late_s=21.0), read(TWO, LANE_PLACE, 4.0, None), "runner-gone", "fail-channels"),
        (QUEUED, read(TWO, LANE_PLACE, 1.0, MOVES), None, "wait"),
        (QUEUED, read(TWO, LANE_PLACE, 90.0, replace(MOVES, busy=16)), None, "wait"),
        (QUEUED, read(TWO, LANE_PLACE, 90.0, replace(MOVES, still_s=8.0, busy=16)), None, "wait"),
        (QUEUED, read(TWO, LANE_PLACE, 90.0, replace(DEAF, busy=16)), "agent-slow", "fail-channels"),
        (QUEUED, replace(read(TWO, LANE_PLACE, 9.0, DEAF), open_breakers=("agent:x/m",)), "breaker-open", "wait"),
        (replace(QUEUED, parked="agents.retry.30s: x"), read(TWO, LANE_PLACE, 9.0, DEAF), "record-parked", None),
        # nothing waits in its lane, and there is no result
        (QUEUED, TWO, "output-missing", "request-again"),
    ],
)
def test_a_plan_is_judged_by_its_own_partition(
    wait: Wait, system: System, cause: str | None, action: str | None
) -> None:
    found = diagnose(wait, system, PATIENCE)

    assert found.cause == cause
    assert action is None or found.action == action


@given(
    still_s=st.floats(0, 590),
    holder=st.builds(Holder, st.just("h"), still_s=st.floats(0, 2.9), waiting=st.integers(1, 9000)),
    others_s=st.floats(0, 2.9),
)
def test_no_plan_is_stalled_that_waits_its_turn_with_a_worker_that_moves(
    still_s: float, holder: Holder, others_s: float
) -> None:
    system = replace(read(TWO, PLAN_PLACE, still_s, holder), roles=roles(worker=Role(2, still_s=others_s)))
    assert diagnose(PHASE1, system, PATIENCE).cause is None


@given(still_s=st.floats(3, 1e6), waiting=st.integers(0, 9000), others_s=st.floats(0, 1e6))
def test_no_plan_queues_with_a_worker_that_stands_still(still_s: float, waiting: int, others_s: float) -> None:
    holder = Holder("h", still_s=still_s, waiting=waiting)
    system = replace(read(TWO, PLAN_PLACE, still_s, holder), roles=roles(worker=Role(2, still_s=others_s)))
    assert diagnose(PHASE1, system, PATIENCE).cause == "worker-deaf"
