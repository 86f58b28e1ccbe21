"""Which findings follow from which, and that none is hidden without a cause that is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.verdict.causes import (
    BEGINS_WITHIN_S,
    CAUSES,
    LINGERS_S,
    LONGEST_S,
    Past,
    follows,
    lingers_s,
    roots,
)
from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind
from gateway.verdict.settling import SETTLES_LATE_S, SETTLES_S, UNUSABLE, settles_s
from schemas.causes import CAUSES as STALL_CAUSES
from schemas.process.named import named as written
from streams.analysis.agents.errors import AnswerUnusable
from tests.unit.gateway.verdict.examples import finding

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


def role_missing(role: str) -> Finding:
    return Finding(Kind.ROLE_MISSING, {"role": role}, subject=role)


def gone(role: str) -> Finding:
    one = finding(Kind.PROCESS_GONE)
    return replace(one, values={**one.values, "role": role, "count": 1}, subject=role)


def late(role: str) -> Finding:
    return Finding(Kind.RECORDS_LATE, {"count": 1500, "age": 75.0, "role": role}, subject=role)


def stalled(cause: str) -> Finding:
    return Finding(Kind.PLANS_STALLED, {"count": 3, "age": 4.0, "cause": cause}, subject=cause)


def breaker(name: str) -> Finding:
    return Finding(Kind.BREAKER_OPEN, {"name": name, "reason": "HTTP 503", "until": AT}, AT, name)


def burns(objective: str) -> Finding:
    return replace(finding(Kind.SLO_BURNING), subject=objective)


def named(*findings: Finding) -> dict[str, Finding]:
    return {f"{one.kind}:{one.subject}": one for one in findings}


def test_no_kind_follows_from_itself_by_whatever_way() -> None:
    def all_of(kind: Kind, way: tuple[Kind, ...]) -> None:
        assert kind not in way, " <- ".join([*way, kind])
        for cause in CAUSES.get(kind, ()):
            all_of(cause, (*way, kind))

    for kind in Kind:
        all_of(kind, ())


def test_what_a_person_decides_on_follows_from_nothing() -> None:
    for kind in (
        Kind.DISK_FULL, Kind.FLAG_OFF, Kind.RECORDS_FORGED, Kind.EVENTS_SET_ASIDE, Kind.EVENTS_CHANGED,
        Kind.DEAD_LETTERS, Kind.TASKS_FAILING, Kind.TASKS_FAILED, Kind.DATABASE_FILLING, Kind.AGENT_BUDGET,
        Kind.NOTIFIER_FAILING,
    ):  # fmt: skip
        assert kind not in CAUSES


@pytest.mark.parametrize("effect", [Kind.OUTBOX_BACKLOG, Kind.PHASE1_LATE, Kind.PROJECTIONS_BEHIND, Kind.SLO_BURNING])
@pytest.mark.parametrize("cause", [Kind.BROKER_AWAY, Kind.DATABASE_AWAY, Kind.SESSIONS_ENDED])
def test_an_outage_makes_everything_wait(effect: Kind, cause: Kind) -> None:
    assert follows(finding(effect), finding(cause))


@pytest.mark.parametrize(
    ("effect", "cause", "expected"),
    [
        (stalled("worker-gone"), role_missing("worker"), True),
        (stalled("worker-gone"), role_missing("runner"), False),
        (stalled("broker-away"), role_missing("worker"), True),
        (stalled("event-held"), finding(Kind.EVENTS_SET_ASIDE), True),
        (stalled("event-held"), finding(Kind.FLAG_OFF), False),
        (stalled("processing-off"), finding(Kind.FLAG_OFF), True),
        (stalled("agent-slow"), finding(Kind.BREAKER_OPEN), True),
        (stalled("worker-gone"), finding(Kind.BREAKER_OPEN), False),
        (stalled("output-missing"), finding(Kind.LOCK_KEPT), True),
        (finding(Kind.ANALYSIS_LATE), role_missing("runner"), True),
        (finding(Kind.ANALYSIS_LATE), role_missing("pump"), False),
        (finding(Kind.PROJECTIONS_BEHIND), role_missing("projections"), True),
        (late("runner"), role_missing("runner"), True),
        (late("runner"), role_missing("worker"), False),
        (late("runner"), gone("runner"), True),
        (late("worker"), finding(Kind.FLAG_OFF), True),
        (late("worker"), finding(Kind.PHASE1_LATE), True),
        (late("runner"), finding(Kind.PHASE1_LATE), False),
        (finding(Kind.ANALYSIS_LATE), late("runner"), True),
        (finding(Kind.ANALYSIS_LATE), late("worker"), False),
        (role_missing("worker"), finding(Kind.BROKER_AWAY), True),
        (role_missing("gateway"), finding(Kind.BROKER_AWAY), False),
        (role_missing("worker"), finding(Kind.REGISTRY_AWAY), True),
        (role_missing("pump"), finding(Kind.REGISTRY_AWAY), False),
        (gone("runner"), finding(Kind.REGISTRY_AWAY), True),
        (finding(Kind.RELAY_FAILING), finding(Kind.REGISTRY_AWAY), True),
        (finding(Kind.REGISTRY_AWAY), finding(Kind.BROKER_AWAY), True),
        (finding(Kind.PHASE1_LATE), finding(Kind.REGISTRY_AWAY), False),
        (role_missing("gateway"), finding(Kind.SESSIONS_ENDED), True),
        (gone("worker"), role_missing("worker"), True),
        (gone("worker"), role_missing("runner"), False),
        (gone("watchdog"), finding(Kind.WATCHDOG_MISSING), True),
        (gone("worker"), finding(Kind.WATCHDOG_MISSING), False),
        (gone("alerts"), finding(Kind.ALERTS_MISSING), True),
        (finding(Kind.SLO_BURNING), finding(Kind.WATCHDOG_MISSING), True),
        (burns("recovery"), breaker("agent:x/m"), True),
        (burns("availability"), breaker("agent:x/m"), False),  # nobody is shut out by an agent
        (burns("availability"), role_missing("worker"), False),
        (burns("availability"), role_missing("gateway"), True),
        (burns("availability"), finding(Kind.DATABASE_AWAY), True),
        (finding(Kind.WATCHDOG_MISSING), finding(Kind.COMMANDS_REFUSED), True),
        (finding(Kind.DEAD_LETTERS), finding(Kind.BROKER_AWAY), False),
        (breaker("agent:x/m:shopee"), breaker("agent:x/m"), True),
        (breaker("agent:x/m"), breaker("agent:x/m:shopee"), False),
        (breaker("agent:x/m"), breaker("agent:x/m"), False),
        (breaker("agent:x/m2"), breaker("agent:x/m"), False),
    ],
)
def test_a_part_makes_its_own_work_wait(effect: Finding, cause: Finding, expected: bool) -> None:
    assert follows(effect, cause) is expected


def test_what_is_graver_than_its_cause_is_told() -> None:
    assert not follows(finding(Kind.PLANS_ESCALATED), finding(Kind.BREAKER_OPEN))
    assert not follows(role_missing("worker"), finding(Kind.LOCK_KEPT))


def test_the_cause_of_a_cause_is_told_once() -> None:
    found = named(finding(Kind.DATABASE_AWAY), role_missing("worker"), stalled("worker-gone"))
    assert roots(found, {}, AT) == {
        "role-missing:worker": "database-away:",
        "plans-stalled:worker-gone": "database-away:",
    }


def test_the_breaker_of_a_channel_is_told_with_that_of_its_agent() -> None:
    found = named(breaker("agent:x/m"), breaker("agent:x/m:shopee"), stalled("agent-slow"))
    assert set(roots(found, {}, AT).values()) == {"breaker-open:agent:x/m"}


def test_who_is_not_told_of_the_cause_is_told_of_what_follows() -> None:
    found = named(finding(Kind.DATABASE_AWAY), role_missing("worker"), stalled("worker-gone"))

    def covers(cause: Finding, effect: Finding) -> bool:
        return cause.kind is not Kind.DATABASE_AWAY or effect.kind is Kind.ROLE_MISSING

    assert roots(found, {}, AT, covers)["plans-stalled:worker-gone"] == "role-missing:worker"
    assert roots(found, {}, AT, lambda _cause, _effect: False) == {}


def test_what_lingers_follows_from_a_cause_that_is_gone_for_a_while() -> None:
    past = {"broker": Past(finding(Kind.BROKER_AWAY), AT)}
    late = named(finding(Kind.OUTBOX_BACKLOG))
    assert roots(late, past, AT + timedelta(seconds=LINGERS_S)) == {"outbox-backlog:": "broker"}
    assert roots(late, past, AT + timedelta(seconds=LINGERS_S + 1)) == {}


def test_a_process_that_ends_well_after_an_outage_has_ended_of_something_else() -> None:
    past = {"broker": Past(finding(Kind.BROKER_AWAY), AT)}
    away = {"role-missing:worker": role_missing("worker")}
    at = AT + timedelta(seconds=LINGERS_S - 1)
    soon, late = (AT + timedelta(seconds=BEGINS_WITHIN_S + more) for more in (0, 0.1))
    assert roots(away, past, at, since=dict.fromkeys(away, soon)) == {"role-missing:worker": "broker"}
    assert roots(away, past, at, since=dict.fromkeys(away, late)) == {}


#: What waits, or counts what failed, goes on when its cause has gone.
LEFT = {
    *(Kind.OUTBOX_BACKLOG, Kind.PROJECTIONS_BEHIND, Kind.CHANGES_UNHEARD, Kind.RETRIES_OVERDUE, Kind.RETRIES_WAITING),
    *(Kind.PLANS_STALLED, Kind.PLANS_ESCALATED, Kind.PHASE1_LATE, Kind.RECORDS_LATE, Kind.ANALYSIS_LATE),
    *(Kind.FAILING_OFTEN, Kind.PHASE1_FAILING, Kind.REQUESTS_FAILING, Kind.SLO_BURNING),
}


@pytest.mark.parametrize("kind", sorted(set(CAUSES) - LEFT - {Kind.LOCK_KEPT}))
def test_what_begins_well_after_a_cause_had_gone_has_another_one(kind: Kind) -> None:
    one = finding(kind)
    effect = named(one)
    full = finding(Kind.DISK_FULL)
    disk = replace(full, values={**full.values, "owners": "broker database"})
    causes = (disk if other is Kind.DISK_FULL else finding(other) for other in CAUSES[kind])
    cause = next(of for of in causes if follows(one, of))
    at = AT + timedelta(seconds=LINGERS_S - 1)
    soon, late = (dict.fromkeys(effect, AT + timedelta(seconds=BEGINS_WITHIN_S + more)) for more in (0, 0.1))
    assert roots(effect, {"gone": Past(cause, AT)}, at, since=soon) == dict.fromkeys(effect, "gone")
    assert roots(effect, {"gone": Past(cause, AT)}, at, since=late) == {}


def test_a_lock_that_is_waited_for_only_since_an_outage_ended_does_not_come_from_it() -> None:
    past = {"sessions-ended": Past(finding(Kind.SESSIONS_ENDED), AT)}
    at = AT + timedelta(seconds=2)
    before, after = (named(replace(finding(Kind.LOCK_KEPT), since=AT + timedelta(seconds=by))) for by in (-0.1, 0.1))
    assert roots(before, past, at) == dict.fromkeys(before, "sessions-ended")
    assert roots(after, past, at) == {}


@given(st.sets(st.sampled_from(sorted(Kind)), min_size=1))
def test_every_finding_is_told_or_follows_from_one_that_is(kinds: set[Kind]) -> None:
    found = {str(kind): finding(kind) for kind in kinds}
    causes = roots(found, {}, AT)
    for effect, cause in causes.items():
        assert cause in found, "it is there"
        assert cause not in causes, "it is told itself"
        assert effect != cause
    assert set(found) - set(causes), "something is told"


def test_nothing_waits_for_its_cause_or_lingers_for_long() -> None:
    assert all(settles_s(finding(kind)) <= SETTLES_LATE_S and lingers_s(finding(kind)) <= LONGEST_S for kind in Kind)
    at_once = (Kind.DATABASE_AWAY, Kind.BROKER_AWAY, Kind.DEAD_LETTERS)
    assert [settles_s(finding(kind)) for kind in at_once] == [0.0] * 3
    assert settles_s(finding(Kind.DATABASE_HANGS)) == SETTLES_S, "a second look has to take as long"
    disks = {Kind.DISK_FULL, Kind.DATABASE_DISK_FULL}
    assert all(settles_s(finding(kind)) > 0 for kind, causes in CAUSES.items() if not set(causes) <= disks)


@pytest.mark.parametrize("kind", [Kind.PLANS_STALLED, Kind.PLANS_ESCALATED])
def test_only_plans_that_wait_for_a_deaf_process_do_not_wait_for_an_outage_to_be_seen(kind: Kind) -> None:
    """The watchdog names a deaf process only if the broker has just answered."""
    waits = {cause: settles_s(replace(stalled(cause), kind=kind)) for cause in STALL_CAUSES}
    assert {cause for cause, waits_s in waits.items() if waits_s == SETTLES_S} == {"worker-deaf", "runner-deaf"}
    assert set(waits.values()) == {SETTLES_S, SETTLES_LATE_S}


def held_back(subject: str, reason: str = "HTTP 503") -> Finding:
    return Finding(Kind.BREAKER_OPEN, {"name": subject, "reason": reason, "until": None}, subject=subject)


def test_breakers_of_an_agent_follow_from_its_answers_and_those_of_others_do_not() -> None:
    lies = replace(finding(Kind.AGENT_UNUSABLE), subject="agent:x/m")
    mine, others = ["agent:x/m", "agent:x/m:shopee"], ["agent:x/m2", "agent:y/m:shopee", "notify:slack"]
    assert [name for name in (*mine, *others) if follows(held_back(name), lies)] == mine
    assert not follows(replace(held_back(mine[1]), kind=Kind.BREAKER_TRIPPED), lies), "a person has tripped it"
    assert follows(finding(Kind.FAILING_OFTEN), lies)


def test_a_breaker_that_opens_by_answers_waits_until_the_plans_that_show_it_are_there() -> None:
    assert written(AnswerUnusable("no_json")).startswith(UNUSABLE)
    assert settles_s(held_back("agent:x/m:shopee", written(AnswerUnusable("no_json")))) == SETTLES_LATE_S
    assert settles_s(held_back("agent:x/m", "AgentUnavailable: no answer within 2 s")) == SETTLES_S


def test_processes_that_are_gone_explain_what_any_of_them_did() -> None:
    last = gone("worker")  # a runner may have gone before it
    assert follows(finding(Kind.ANALYSIS_LATE), last)
    assert follows(stalled("runner-gone"), last)
    assert not follows(finding(Kind.DEAD_LETTERS), last)


def test_a_process_that_was_silent_and_is_gone_is_told_once() -> None:
    silent = finding(Kind.PROCESS_SILENT)
    assert follows(gone(str(silent.values["role"])), silent)
    assert not follows(gone("worker"), silent)
