"""Whatever was seen of a plan and the system, there is a diagnosis that can be told."""

from __future__ import annotations

from math import inf
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from schemas.causes import Action, Cause
from streams.watchdog.diagnosis import diagnose
from streams.watchdog.snapshot import Holder, Role, System, Wait
from tests.unit.streams.watchdog.test_diagnosis import ALL, LANE, LANE_PLACE, PATIENCE, PLACE, PLAN_PLACE

_SECONDS = st.floats(0, 1e6)


_ROLE = st.builds(Role, living=st.integers(0, 3), frozen=st.integers(0, 3), still_s=_SECONDS, busy=st.integers(0, 20))


_HOLDER = st.builds(
    Holder, st.just("h"), still_s=_SECONDS, frozen=st.booleans(), busy=st.integers(0, 20), waiting=st.integers(0, 9000)
)


_SYSTEMS = st.builds(
    System,
    roles=st.dictionaries(st.sampled_from(list(ALL)), _ROLE),
    off=st.frozensets(st.sampled_from(["queue_processing", "automatic_recovery", "circuit_breaker"])),
    resumed_s=st.one_of(st.just(inf), _SECONDS),
    open_breakers=st.lists(st.sampled_from(["broker", "agent:x/m", "agent:x/m:amazon", "plan:p"])).map(tuple),
    held_back=st.dictionaries(st.sampled_from(["agent:x/m", "agent:x/m:shopee"]), st.text(max_size=600)),
    released_s=st.dictionaries(st.just("agent:x/n"), _SECONDS),
    closed_s=st.dictionaries(st.just("agent:x/m"), _SECONDS),
    agents=st.one_of(st.none(), st.just(frozenset({"agent:x/m"})), st.just(frozenset({"agent:x/n"}))),
    broker_away_s=st.one_of(st.just(0.0), _SECONDS),
    broker_silent_s=_SECONDS,
    relay_still_s=_SECONDS,
    outbox_waiting=st.integers(0, 1000),
    projections_still_s=_SECONDS,
    lag=st.dictionaries(st.sampled_from(["agents", "analysis"]), st.integers(0, 10**6)),
    done=st.dictionaries(st.just(PLAN_PLACE), st.integers(0, 200)),
    still=st.dictionaries(st.sampled_from([PLAN_PLACE, LANE_PLACE]), _SECONDS),
    holders=st.dictionaries(st.sampled_from([PLAN_PLACE, LANE_PLACE]), _HOLDER),
    untold=st.frozensets(st.sampled_from(["worker", "runner"])),
)


_TEXT = st.one_of(st.none(), st.text(max_size=20))


_WAITS = st.builds(
    Wait,
    plan_id=st.just("p"),
    kind=st.sampled_from(["analysis", "phase1"]),
    waited_s=_SECONDS,
    late_s=_SECONDS,
    attempts=st.integers(0, 9),
    published=st.one_of(st.none(), st.booleans()),
    set_aside=_TEXT,
    set_aside_seq=st.one_of(st.none(), st.integers(1, 10**9)),
    found_at=st.one_of(st.none(), st.just(PLACE)),
    lane=st.one_of(st.none(), st.just(LANE)),
    missing=st.lists(st.sampled_from(["shopee", "amazon"]), unique=True).map(tuple),
    concluded=st.booleans(),
    conclusion_published=st.booleans(),
    parked=_TEXT,
    dead_letter=_TEXT,
    poison=st.booleans(),
    unshown=_TEXT,
)


@given(wait=_WAITS, system=_SYSTEMS)
def test_whatever_was_seen_there_is_an_answer_that_can_be_told(wait: Wait, system: System) -> None:
    found = diagnose(wait, system, PATIENCE)

    assert found.cause is None or found.cause in get_args(Cause)
    assert found.action in get_args(Action)
    assert all(isinstance(k, str) and isinstance(v, str) for k, v in found.evidence.items())
    if found.action == "make-phase1":
        assert wait.kind == "phase1"
    if found.action in ("fail-channels", "request-again", "finish-analysis"):
        assert wait.kind == "analysis"
    if found.action == "fail-channels":
        assert wait.missing
    if found.cause is None:
        waited_s = min([wait.waited_s, system.resumed_s, *system.released_s.values()])
        assert waited_s <= PATIENCE.busy_s, "nothing queues for ever"
    if wait.kind == "analysis" and "circuit_breaker" not in system.off and system.agents is None:
        held = "agent:x/m" in system.held_back or ("agent:x/m:shopee" in system.held_back and "shopee" in wait.missing)
        assert not (held and found.action == "fail-channels"), "nobody goes on without what a person holds back"
