"""Causes are told apart, each by what only it shows; and whatever was seen, there is an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from streams.watchdog.diagnosis import diagnose
from streams.watchdog.settings import Patience
from streams.watchdog.snapshot import Holder, Role, System, Wait

PATIENCE = Patience()
ALL = {name: Role(living=1, still_s=0.1) for name in ("gateway", "worker", "runner", "projections", "pump", "watchdog")}
WELL = System(roles=ALL, relay_still_s=0.1, projections_still_s=0.1)
PLACE = ("plan.events", 7, 100)
PLAN_PLACE = ("agents", "plan.events", 7)
LANE = ("analysis.work.normal", 3)
LANE_PLACE = ("analysis", *LANE)
PHASE1 = Wait("p", "phase1", waited_s=1.2, late_s=0.2, found_at=PLACE)
ANALYSIS = Wait("p", "analysis", waited_s=76.0, late_s=1.0, found_at=PLACE, missing=("shopee",))


def roles(**changed: Role) -> dict[str, Role]:
    return {**ALL, **changed}


def without(name: str) -> dict[str, Role]:
    return {k: v for k, v in ALL.items() if k != name}


def made(shown: int, still_s: float = 0.1) -> System:
    """The worker is past the record, and what it made stands before 140; the read models have come to `shown`."""
    return replace(
        WELL,
        projections_still_s=still_s,
        done={PLAN_PLACE: 101, ("projections", "plan.events", 7): shown},
        passed={("plan.events", 7): ((90, 120), (101, 140), (103, 160))},
    )


STILL = Role(living=1, still_s=9.0)
HALF = Role(living=2, frozen=1, still_assigned=1, still_s=0.1)
HELPED = Role(living=2, frozen=1, still_s=0.1)


@pytest.mark.parametrize(
    ("wait", "system", "cause", "action"),
    [
        (replace(PHASE1, published=False), replace(WELL, broker_away_s=2.0), "broker-away", "make-phase1"),
        (replace(PHASE1, published=False), replace(WELL, roles=without("gateway")), "relay-gone", "make-phase1"),
        (replace(PHASE1, published=False), replace(WELL, relay_still_s=9.0), "relay-stuck", "make-phase1"),
        (replace(PHASE1, published=False), WELL, None, "wait"),
        (replace(PHASE1, published=False, set_aside="plan.approved: Invalid"), WELL, "event-held", "wait"),
        (replace(ANALYSIS, set_aside="plan.analyzed: Invalid"), WELL, "event-held", "wait"),
        (PHASE1, replace(WELL, roles=without("worker")), "worker-gone", "make-phase1"),
        (PHASE1, replace(WELL, roles=roles(worker=STILL)), "worker-deaf", "make-phase1"),
        (PHASE1, replace(WELL, roles=roles(worker=Role(1, frozen=1))), "worker-deaf", "make-phase1"),
        (PHASE1, WELL, None, "wait"),
        (PHASE1, replace(WELL, off=frozenset({"queue_processing"})), "processing-off", "wait"),
        (replace(PHASE1, parked="agents.retry.5s: TypeError"), WELL, "record-parked", "make-phase1"),
        (replace(PHASE1, dead_letter="TypeError: boom"), WELL, "dead-lettered", "make-phase1"),
        (replace(PHASE1, dead_letter="damaged: eof", poison=True), WELL, "poison-record", "make-phase1"),
        (replace(ANALYSIS, dead_letter="damaged: eof", poison=True), WELL, "poison-record", "request-again"),
        # what was decided is in the log, and its rows do not come: everything else moves, and no restart helps
        (replace(PHASE1, concluded=True, unshown="does-not-fit: x"), WELL, "dead-lettered", "wait"),
        (
            replace(ANALYSIS, concluded=True, unshown="does-not-fit: x", late_s=16.0),
            replace(WELL, projections_still_s=17.0),
            "dead-lettered",
            "wait",
        ),
        (
            replace(PHASE1, found_at=None),
            replace(WELL, roles=without("projections"), projections_still_s=9.0),
            "projections-gone",
            "wait",
        ),
        (replace(PHASE1, found_at=None), replace(WELL, projections_still_s=9.0), "projections-behind", "wait"),
        (
            replace(PHASE1, found_at=None, late_s=16.0),
            replace(WELL, projections_still_s=17.0),
            "projections-behind",
            "restart-projections",
        ),
        # a batch under way is not begun again and again
        (
            replace(PHASE1, found_at=None, late_s=60.0),
            replace(WELL, roles=roles(projections=Role(1, busy=2000)), projections_still_s=60.0),
            "projections-behind",
            "wait",
        ),
        (
            replace(PHASE1, found_at=None, late_s=80.0),
            replace(WELL, roles=roles(projections=Role(1, busy=2000)), projections_still_s=80.0),
            "projections-behind",
            "restart-projections",
        ),
        # one of two is frozen, and keeps the partitions that it has
        (replace(PHASE1, found_at=None, late_s=2.0), replace(WELL, roles=roles(projections=HALF)), None, "wait"),
        (
            replace(PHASE1, found_at=None, late_s=4.0),
            replace(WELL, roles=roles(projections=HALF)),
            "projections-behind",
            "wait",
        ),
        (
            replace(ANALYSIS, concluded=True, late_s=4.0),
            replace(WELL, roles=roles(projections=HALF)),
            "projections-behind",
            "wait",
        ),
        # until the other one has taken them over
        (replace(PHASE1, found_at=None, late_s=4.0), replace(WELL, roles=roles(projections=HELPED)), None, "wait"),
        (
            replace(PHASE1, found_at=None, late_s=4.0),
            replace(WELL, roles={**roles(projections=HELPED), "worker": Role()}),
            "worker-gone",
            "make-phase1",
        ),
        # the worker is past the record: what it made is on its way, and then it is missing
        (PHASE1, replace(WELL, done={PLAN_PLACE: 101}), None, "wait"),
        (replace(PHASE1, late_s=4.0), replace(made(shown=139), done={PLAN_PLACE: 101}), "output-missing", None),
        # unless the read models have not come to it yet: as long as they move, it is on its way
        (replace(PHASE1, late_s=40.0), made(shown=139), None, "wait"),
        (replace(PHASE1, late_s=4.0), made(shown=140), "output-missing", "make-phase1"),
        (replace(PHASE1, late_s=40.0), made(shown=139, still_s=16.0), "projections-behind", "restart-projections"),
        # the worker has passed it since the last look at the log's ends: the next one says what must have come
        (replace(PHASE1, late_s=40.0), replace(made(shown=139), passed={}), None, "wait"),
        (
            replace(PHASE1, late_s=4.0),
            replace(made(shown=139), passed={}, broker_silent_s=2.5),
            "output-missing",
            "make-phase1",
        ),
        (replace(PHASE1, late_s=4.0), replace(WELL, done={PLAN_PLACE: 100}), None, "wait"),
        # decided already: only the rows are missing
        (
            replace(PHASE1, concluded=True, conclusion_published=False),
            replace(WELL, broker_away_s=5.0),
            "broker-away",
            "wait",
        ),
        (replace(PHASE1, concluded=True), replace(WELL, roles=without("worker")), None, "wait"),
        # in the log, where nobody can read it now: the projections are not to blame, and not to be restarted
        (
            replace(ANALYSIS, concluded=True, late_s=16.0),
            replace(WELL, broker_away_s=90.0, projections_still_s=90.0),
            "broker-away",
            "wait",
        ),
        (replace(ANALYSIS, published=False), replace(WELL, broker_away_s=2.0), "broker-away", "wait"),
        (replace(ANALYSIS, missing=()), WELL, "result-unfinished", "finish-analysis"),
        (replace(ANALYSIS, missing=(), result_s=4.0), WELL, "result-unfinished", "finish-analysis"),
        (replace(ANALYSIS, missing=(), result_s=0.2), WELL, None, "wait"),
        (ANALYSIS, replace(WELL, roles=without("worker")), "worker-gone", "request-again"),
        (ANALYSIS, replace(WELL, roles=without("runner")), "runner-gone", "wait"),
        (replace(ANALYSIS, late_s=21.0), replace(WELL, roles=without("runner")), "runner-gone", "fail-channels"),
        (ANALYSIS, replace(WELL, open_breakers=("agent:x/m",)), "breaker-open", "wait"),
        (replace(ANALYSIS, late_s=11.0), replace(WELL, open_breakers=("agent:x/m",)), "breaker-open", "fail-channels"),
        (ANALYSIS, replace(WELL, open_breakers=("broker", "plan:p"), roles=roles(runner=STILL)), "runner-deaf", None),
        (replace(ANALYSIS, parked="agents.retry.30s: x"), WELL, "record-parked", "fail-channels"),
        (replace(ANALYSIS, dead_letter="x"), WELL, "dead-lettered", "request-again"),
        (ANALYSIS, replace(WELL, lag={"analysis": 500}), None, "wait"),
        (ANALYSIS, replace(WELL, roles=roles(runner=Role(1, still_s=9.0, busy=4))), "agent-slow", "fail-channels"),
        (ANALYSIS, replace(WELL, roles=roles(runner=STILL)), "runner-deaf", "request-again"),
        (
            replace(ANALYSIS, attempts=1),
            replace(WELL, roles=roles(runner=STILL)),
            "runner-deaf",
            "fail-channels",
        ),
    ],
)
def test_a_cause_is_known_by_what_it_shows(wait: Wait, system: System, cause: str | None, action: str | None) -> None:
    found = diagnose(wait, system, PATIENCE)

    assert found.cause == cause
    assert action is None or found.action == action
    assert (found.evidence == {}) is (cause is None)
    assert bool(found.recommendation) is (cause is not None)


@pytest.mark.parametrize(
    ("name", "agents", "concerns"),
    [
        ("agent:x/m", {"agent:x/m"}, True),
        ("agent:x/m:shopee", {"agent:x/m"}, True),
        ("agent:x/m:amazon", {"agent:x/m"}, False),
        ("agent:x/other", {"agent:x/m"}, False),
        ("agent:x/other:shopee", {"agent:x/m"}, False),
        ("agent:x:8443/m:7b", {"agent:x:8443/m:7b"}, True),
        ("agent:x:8443/m:7b:shopee", {"agent:x:8443/m:7b"}, True),
        ("agent:x/m", set(), False),  # the rules analyse
        ("agent:x/m", None, True),  # a runner of an earlier version does not say
        ("agent:x:8443/m:7b", None, True),
        ("agent:x/m:shopee", None, True),
        ("agent:x/m:amazon", None, False),
        ("plan:another", None, False),
        ("broker", None, False),
    ],
)
def test_a_breaker_is_blamed_where_the_missing_channels_have_to_go_past_it(
    name: str, agents: set[str] | None, concerns: bool
) -> None:
    told = None if agents is None else frozenset(agents)
    late = replace(ANALYSIS, late_s=11.0)
    for system in (
        replace(WELL, open_breakers=(name,), agents=told),
        replace(WELL, open_breakers=(name,), held_back={name: "maintenance"}, agents=told),
    ):
        assert (diagnose(late, system, PATIENCE).cause == "breaker-open") is concerns
        switched_off = replace(system, off=frozenset({"circuit_breaker"}))
        assert diagnose(late, switched_off, PATIENCE).cause != "breaker-open", "it holds nothing back"


@pytest.mark.parametrize("changed", [{}, {"parked": "agents.retry.5s: "}, {"dead_letter": "x"}, {"attempts": 3}])
@pytest.mark.parametrize("late_s", [1.0, 11.0, 21.0, 5000.0])
def test_a_plan_that_a_person_holds_back_waits_and_the_reason_is_told(late_s: float, changed: dict[str, Any]) -> None:
    wait = replace(ANALYSIS, late_s=late_s, waited_s=late_s + 75.0, **changed)
    held = replace(WELL, open_breakers=("agent:x/m",), held_back={"agent:x/m": "maintenance"})

    found = diagnose(wait, held, PATIENCE)

    assert (found.cause, found.action) == ("breaker-open", "wait")
    assert "agent:x/m: maintenance" in found.recommendation
    without_runner = diagnose(wait, replace(held, roles=without("runner")), PATIENCE)
    assert (without_runner.cause, without_runner.action) == ("runner-gone", "wait")


def test_a_plan_that_is_held_back_alone_waits_too() -> None:
    late = replace(ANALYSIS, late_s=60.0, waited_s=135.0, parked="agents.retry.5s: ")

    held = diagnose(late, replace(WELL, open_breakers=("plan:p",), held_back={"plan:p": "look first"}), PATIENCE)

    assert (held.cause, held.action) == ("breaker-open", "wait")
    assert diagnose(late, replace(WELL, released_s={"plan:p": 1.0}), PATIENCE).cause is None
    assert diagnose(late, replace(WELL, released_s={"plan:q": 1.0}), PATIENCE).cause == "record-parked"


def test_a_plan_that_was_held_back_has_its_whole_time_again() -> None:
    """Its record is parked for some seconds still, and others go before it."""
    wait = replace(ANALYSIS, late_s=3000.0, waited_s=3075.0, parked="agents.retry.5s: ")
    due_s = PATIENCE.analysis_due_s

    def after(released_s: float, runner: Role, **changed: Any) -> tuple[str | None, str]:
        system = replace(WELL, roles=roles(runner=runner), released_s={"agent:x/m": released_s}, **changed)
        found = diagnose(wait, system, PATIENCE)
        return found.cause, found.action

    assert after(0.0, STILL) == (None, "wait")
    assert after(due_s - 1, STILL) == (None, "wait")
    assert after(due_s + 1, STILL) == ("record-parked", "fail-channels")
    assert after(due_s + 1, ALL["runner"]) == (None, "wait")
    # other plans move on, and this one does not come again: it failed since, or its record is lost
    assert after(due_s + 21, ALL["runner"]) == ("record-parked", "fail-channels")
    # it ended before the plan was there, or concerns another channel
    assert after(3080.0, STILL) == ("record-parked", "fail-channels")
    assert after(0.0, STILL, agents=frozenset({"agent:x/other"})) == ("record-parked", "fail-channels")
    # the agent fails after it, as any other
    assert after(due_s + 9, STILL, open_breakers=("agent:x/m",)) == ("breaker-open", "wait")
    assert after(due_s + 11, STILL, open_breakers=("agent:x/m",)) == ("breaker-open", "fail-channels")


@pytest.mark.parametrize(
    ("name", "closed_s", "late_s", "cause"),
    [
        ("agent:x/m", 0.1, 6.0, None),
        ("agent:x/m:shopee", 9.0, 19.0, None),
        ("agent:x/m", 11.0, 6.0, "record-parked"),
        ("agent:x/m", 0.1, 21.0, "record-parked"),
        ("agent:x/m:amazon", 0.1, 6.0, "record-parked"),
    ],
)
def test_what_a_breaker_held_back_is_given_time_to_come_again(
    name: str, closed_s: float, late_s: float, cause: str | None
) -> None:
    wait = replace(ANALYSIS, late_s=late_s, parked="agents.retry.5s: ")

    assert diagnose(wait, replace(WELL, closed_s={name: closed_s}), PATIENCE).cause == cause


def test_nobody_is_deaf_who_was_told_to_pause_until_a_moment_ago() -> None:
    still = replace(WELL, roles=roles(worker=STILL))
    assert diagnose(PHASE1, still, PATIENCE).cause == "worker-deaf"
    assert diagnose(PHASE1, replace(still, resumed_s=1.0), PATIENCE).cause is None
    assert diagnose(PHASE1, replace(still, resumed_s=PATIENCE.deaf_s), PATIENCE).cause == "worker-deaf"


@pytest.mark.parametrize(
    ("wait", "role", "action"), [(PHASE1, "worker", "make-phase1"), (ANALYSIS, "runner", "request-again")]
)
def test_nobody_is_deaf_while_the_broker_does_not_answer(wait: Wait, role: str, action: str) -> None:
    still = replace(WELL, roles=roles(**{role: STILL}))
    assert diagnose(wait, replace(still, broker_silent_s=1.9), PATIENCE).cause == f"{role}-deaf"
    found = diagnose(wait, replace(still, broker_silent_s=2.3), PATIENCE)
    assert (found.cause, found.action, found.evidence["broker_away_s"]) == ("broker-away", action, "2.3")


CALLING = Role(living=1, still_s=20.0, busy=8)


@pytest.mark.parametrize(
    ("runner", "changed", "cause"),
    [
        (STILL, {}, "runner-deaf"),
        (CALLING, {}, "agent-slow"),
        (STILL, {"parked": "agents.retry.5s: "}, "record-parked"),
    ],
)
def test_an_analysis_that_waited_through_a_pause_has_its_whole_time_again(
    runner: Role, changed: dict[str, Any], cause: str
) -> None:
    """Calls begin only then, and take their time: nothing was handled since before the pause, and nobody is slow."""
    wait = replace(ANALYSIS, late_s=55.0, waited_s=130.0, lane=LANE, **changed)
    still = replace(
        WELL,
        roles=roles(runner=runner),
        lag={"analysis": 800},
        still={LANE_PLACE: 60.0},
        holders={LANE_PLACE: Holder("r", still_s=60.0, busy=runner.busy)},
    )

    assert diagnose(wait, still, PATIENCE).cause == cause
    for resumed_s in (0.0, 12.0, PATIENCE.analysis_due_s - 1):
        assert diagnose(wait, replace(still, resumed_s=resumed_s), PATIENCE).cause is None
    assert diagnose(wait, replace(still, resumed_s=PATIENCE.analysis_due_s + 1), PATIENCE).cause == cause
    assert diagnose(wait, replace(still, resumed_s=131.0), PATIENCE).cause == cause, "it was over before"
    assert diagnose(replace(wait, dead_letter="x"), replace(still, resumed_s=2.0), PATIENCE).cause == "dead-lettered"


def test_a_pause_is_no_queue() -> None:
    """Else whatever waited through a long one would be asked for again in the moment when it ends."""
    waited = replace(PHASE1, waited_s=PATIENCE.busy_s + 1)
    assert diagnose(waited, replace(WELL, resumed_s=5.0), PATIENCE).cause is None
    assert diagnose(waited, replace(WELL, resumed_s=PATIENCE.busy_s + 1), PATIENCE).cause == "output-missing"


def test_a_queue_is_no_excuse_for_ever() -> None:
    waited = replace(PHASE1, waited_s=PATIENCE.busy_s + 1)
    assert diagnose(waited, WELL, PATIENCE).cause == "output-missing"
    queue = replace(WELL, still={PLAN_PLACE: 0.5}, holders={PLAN_PLACE: Holder("w", still_s=0.1, waiting=9)})
    assert diagnose(PHASE1, queue, PATIENCE).cause is None
    found = diagnose(waited, queue, PATIENCE)
    assert (found.cause, found.action) == ("queue-behind", "make-phase1")


def test_an_analysis_that_queues_for_too_long_is_told_with_what_helps() -> None:
    waited = replace(ANALYSIS, waited_s=PATIENCE.busy_s + 1, late_s=PATIENCE.busy_s - 74, lane=LANE)
    queue = replace(
        WELL,
        lag={"analysis": 900},
        still={LANE_PLACE: 0.5},
        holders={LANE_PLACE: Holder("r", still_s=0.1, busy=4)},
    )
    found = diagnose(waited, queue, PATIENCE)
    assert (found.cause, found.action) == ("queue-behind", "request-again")
    again = diagnose(replace(waited, attempts=1), queue, PATIENCE)
    assert (again.cause, again.action) == ("queue-behind", "fail-channels")
    shown = diagnose(replace(waited, concluded=True), queue, PATIENCE)
    assert (shown.cause, shown.action) == ("output-missing", "wait"), "its analysis is there"
    asked = replace(ANALYSIS, waited_s=PATIENCE.busy_s + 1)
    assert diagnose(asked, replace(WELL, lag={"analysis": 500}), PATIENCE).action == "request-again"


def test_the_evidence_is_short_text_for_the_log() -> None:
    found = diagnose(PHASE1, replace(WELL, roles=without("worker"), lag={"agents": 3}), PATIENCE)
    assert found.evidence["record"] == "plan.events/7@100"
    assert found.evidence["lag_agents"] == "3"
    assert "worker" not in found.evidence["living"]
    assert all(isinstance(v, str) and len(v) < 500 for v in found.evidence.values())


def test_what_is_set_aside_is_named_by_its_number_and_the_command_that_mends_it() -> None:
    found = diagnose(replace(PHASE1, set_aside="plan.approved: Invalid", set_aside_seq=1734), WELL, PATIENCE)
    assert found.evidence["outbox_seq"] == "1734"
    assert "`marketplace outbox edit 1734`" in found.recommendation
    assert found.recommendation.endswith("plan.approved: Invalid")
