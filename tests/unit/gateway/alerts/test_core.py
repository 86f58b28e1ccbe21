"""What opens, lasts, worsens, escalates and resolves, and that no order of looks tells anything twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.alerts.alert import About, State, alert_id, notice_id
from gateway.alerts.core import Memory, look
from gateway.alerts.escalation import Escalation
from gateway.alerts.patience import Hold, Patience
from gateway.alerts.starting import START
from gateway.verdict import flapping
from gateway.verdict.finding import Finding
from gateway.verdict.judge import judge
from gateway.verdict.kinds import Kind
from gateway.verdict.traits import Severity
from projections.reads.operations import Operations
from tests.unit.gateway.alerts.looks import AWAY, BEGAN, Site, at, letters, missing, stalled, whats
from tests.unit.gateway.verdict.examples import EXAMPLES, RUNS, finding, process, seen, without


def test_a_finding_opens_an_alert_once_it_has_lasted() -> None:
    site = Site()
    assert whats(site.until(missing(), seconds=2)) == []
    (change,) = site.look(missing())
    assert (change.what, change.alert.key, change.alert.severity) == ("opened", "role-missing:worker", "critical")
    assert change.alert.words[0].startswith("No worker runs")
    assert change.alert.words[2].startswith("Its supervisor starts it again")
    assert change.alert.runbook.startswith("docs/runbooks/")
    assert site.until(missing(), seconds=30) == []


def test_what_comes_and_goes_within_a_moment_is_never_told() -> None:
    site = Site()
    for _ in range(50):
        assert site.look(missing()) == []
        assert site.look() == []


def test_it_is_resolved_once_it_was_gone_for_long_enough() -> None:
    site = Site()
    site.until(missing(), seconds=3)
    assert whats(site.until(seconds=5)) == []
    site.look(missing())  # back for a moment: it was not over
    assert whats(site.until(seconds=5)) == []
    (change,) = site.look()
    assert change.what == "resolved"
    assert change.alert.state is State.RESOLVED
    assert change.alert.resolved_at == at(site.now - 5), "when it was gone, not when that was sure"
    assert change.alert.version == 2


def test_how_long_it_was_wrong_is_from_when_it_began_until_it_was_gone() -> None:
    site = Site()
    site.until(missing(), seconds=17)
    (change,) = site.until(seconds=30)
    assert (change.alert.began, change.alert.resolved_at, change.alert.came) == (at(1), at(18), 1)


def test_of_what_came_several_times_it_is_known_that_it_did_and_its_last_quiet_time_does_not_count() -> None:
    site = Site()
    for _ in range(flapping.TIMES - 1):
        site.until(missing(), seconds=4)
        site.until(seconds=6)
    began = site.now + 1
    site.until(missing(), seconds=4)
    site.until(seconds=6)
    (back,) = site.until(missing(), seconds=4)
    assert (back.what, back.alert.came) == ("changed", 2), "it is stored at once"
    (change,) = site.until(seconds=int(flapping.QUIET_S) + 1)
    assert (change.what, change.alert.came) == ("resolved", 2)
    assert (change.alert.began, change.alert.resolved_at) == (at(began), at(began + 14))


def test_five_hundred_plans_of_one_cause_are_one_alert() -> None:
    site = Site()
    changes = site.until(stalled(500), seconds=20)
    assert whats(changes) == ["opened"]
    assert site.alerts["plans-stalled:worker-gone"].words[0].startswith("500 plans are stalled")


def test_figures_that_change_are_kept_and_not_told_again() -> None:
    site = Site()
    site.until(stalled(3), seconds=17)
    (change,) = site.look(stalled(9))
    assert change.what == "changed"
    assert change.alert.words[0].startswith("9 plans")
    assert site.look(stalled(9)) == []


def test_an_age_that_goes_on_is_written_now_and_then() -> None:
    site = Site()

    def aged(age: float) -> Finding:
        return Finding(Kind.BROKER_AWAY, {"reason": "refused", "age": age}, at(0))

    changes = [change for n in range(600) for change in site.look(aged(float(n)))]
    assert 5 < len(changes) < 60
    alert = site.alerts["broker"]
    assert alert.finding is not None
    assert isinstance(alert.finding.values["age"], float)
    assert alert.finding.values["age"] > 500
    (change,) = site.look(Finding(Kind.BROKER_AWAY, {"reason": "timed out", "age": 600.0}, at(0)))
    assert "timed out" in change.alert.words[1]


def test_what_becomes_more_severe_is_told_again_and_wants_a_new_acknowledgement() -> None:
    site = Site()
    site.until(stalled(3), seconds=17)
    site.acknowledge("plans-stalled:worker-gone")
    (change,) = site.look(stalled(3, escalated=True))
    assert (change.what, change.alert.severity, change.alert.state) == ("worsened", "critical", "open")
    assert change.alert.kind == Kind.PLANS_ESCALATED
    assert change.alert.acknowledged_at is None, "who acknowledged it knew of less"
    back = site.look(stalled(3))
    assert whats(back) == []
    assert back[0].alert.severity is Severity.CRITICAL, "it stays as severe as it was at its worst"


def test_what_worsens_while_it_is_silenced_stays_so() -> None:
    site = Site()
    site.until(stalled(3), seconds=17)
    site.silence("plans-stalled:worker-gone", 60)
    (change,) = site.look(stalled(3, escalated=True))
    assert (change.what, change.alert.state) == ("worsened", "silenced")


def test_kinds_that_follow_one_another_are_one_alert() -> None:
    site = Site()
    site.until(letters(4), seconds=6)
    assert whats(site.until(letters(40, recent=30), seconds=30)) == []
    assert whats(site.until(letters(40), seconds=30)) == []
    assert list(site.alerts) == ["dead-letters"]


def test_a_silence_holds_for_the_next_alert_of_its_key_too() -> None:
    site = Site()
    site.silence("role-missing:worker", 600)
    (change,) = site.until(missing(), seconds=3)
    assert (change.what, change.alert.state) == ("opened", "silenced")
    site.silences["role-missing:worker"] = at(0)  # over long ago
    other = Site()
    other.silence("role-missing:worker", 1)
    assert [c.alert.state for c in other.until(missing(), seconds=5)] == ["open"]


def test_when_a_silence_ends_what_is_wrong_still_is_told() -> None:
    site = Site()
    site.until(missing(), seconds=3)
    site.silence("role-missing:worker", 5)
    assert site.until(missing(), seconds=4) == []
    (change,) = site.look(missing())
    assert (change.what, change.alert.state) == ("reopened", "open")


def test_who_is_told_again_after_a_silence_has_time_before_the_next_one_is() -> None:
    site = Site(escalation=Escalation(timedelta(seconds=10), ("pagerduty",)))
    site.until(missing(), seconds=3)
    site.silence("role-missing:worker", 60)
    assert whats(site.until(missing(), seconds=59)) == []
    assert whats(site.until(missing(), seconds=10)) == ["reopened"]
    assert whats(site.look(missing())) == ["escalated"]


def test_a_silence_that_a_person_took_back_is_over() -> None:
    site = Site()
    site.until(missing(), seconds=3)
    site.silence("role-missing:worker", 500)
    site.acknowledge("role-missing:worker")
    site.alerts["role-missing:worker"] = replace(site.alerts["role-missing:worker"], silenced_until=None)
    (change,) = site.look(missing())
    assert (change.what, change.alert.state) == ("quieted", "acknowledged"), "somebody sees to it: nobody is called"


def test_a_silence_that_ends_while_all_is_well_is_over_and_what_comes_again_is_told() -> None:
    site = Site()
    site.until(missing(), seconds=3)
    site.silence("role-missing:worker", 500)
    site.look()
    site.alerts["role-missing:worker"] = replace(site.alerts["role-missing:worker"], silenced_until=None)
    (change,) = site.look()
    assert (change.what, change.alert.state, change.alert.silenced_until) == ("quieted", "open", None)
    assert whats(site.until(missing(), seconds=10)) == ["recurred"]


def test_a_silence_that_runs_out_while_all_is_well_leaves_it_with_who_sees_to_it() -> None:
    site = Site()
    site.until(missing(), seconds=3)
    site.silence("role-missing:worker", 2)
    site.acknowledge("role-missing:worker")
    changes = site.until(seconds=4)
    assert [(one.what, one.alert.state) for one in changes][:1] == [("quieted", "acknowledged")]


def test_while_the_database_is_away_nothing_else_is_over_and_nothing_else_begins() -> None:
    site = Site()
    site.until(missing(), seconds=3)
    changes = site.until(AWAY, seconds=4) + [c for _ in range(60) for c in site.look(AWAY, whole=False)]
    assert whats(changes) == ["opened"]
    assert set(site.alerts) == {"role-missing:worker", "database"}
    back = site.until(missing(), seconds=11)
    assert [(c.what, c.alert.key) for c in back] == [("resolved", "database")]


def test_a_look_without_the_database_forgets_what_was_going_to_be_over() -> None:
    site = Site()
    site.until(missing(), seconds=3)
    site.until(seconds=5)
    site.look(AWAY, whole=False)
    assert whats(site.until(seconds=5)) == [], "it has to be seen to be well, not only not to be seen"
    assert whats(site.look()) == ["resolved"]


def test_that_the_database_is_back_is_seen_in_any_look() -> None:
    site = Site()
    for _ in range(5):
        site.look(AWAY, whole=False)
    assert "database" in site.alerts
    assert whats([c for _ in range(11) for c in site.look(whole=False)]) == ["resolved"]


def test_what_nobody_acknowledges_is_escalated_step_by_step() -> None:
    site = Site(escalation=Escalation(timedelta(seconds=10), ("pagerduty", "email")))
    changes = site.until(missing(), seconds=60)
    assert whats(changes) == ["opened", "escalated", "escalated"]
    assert [c.alert.escalations for c in changes] == [0, 1, 2]
    first, second = (c.alert.escalated_at for c in changes[1:])
    assert first is not None
    assert second is not None
    assert second - first == timedelta(seconds=10)


@pytest.mark.parametrize("how", ["acknowledged", "silenced", "warning"])
def test_what_somebody_sees_to_is_not_escalated(how: str) -> None:
    site = Site(escalation=Escalation(timedelta(seconds=10), ("pagerduty",)))
    found = letters(4) if how == "warning" else missing()
    site.until(found, seconds=6)
    (key,) = site.alerts
    if how == "acknowledged":
        site.acknowledge(key)
    elif how == "silenced":
        site.silence(key, 3600)
    assert whats(site.until(found, seconds=60)) == []


def test_what_flaps_is_over_only_after_a_long_quiet() -> None:
    site = Site()
    for _ in range(flapping.TIMES - 1):
        assert whats(site.until(missing(), seconds=3) + site.until(seconds=6)) == ["opened", "resolved"]
    assert whats(site.until(missing(), seconds=3)) == ["opened"]
    assert whats(site.until(seconds=int(flapping.QUIET_S))) == []
    assert whats(site.look()) == ["resolved"]


def test_an_alert_of_a_kind_that_this_version_does_not_know_is_resolved_all_the_same() -> None:
    site = Site()
    site.until(missing(), seconds=3)
    known = site.alerts["role-missing:worker"]
    site.alerts["role-missing:worker"] = replace(known, finding=None, kind="of-tomorrow")
    assert whats(site.until(seconds=11)) == ["resolved"]
    site.until(missing(), seconds=3)
    site.alerts["role-missing:worker"] = replace(site.alerts["role-missing:worker"], finding=None)
    assert [c.what for c in site.look(missing())] == ["changed"]


def test_times_of_single_kinds_can_be_given() -> None:
    site = Site(patience=Patience().with_hold(Kind.DEAD_LETTERS, Hold(0.0, 0.0)))
    assert whats(site.look(letters(1))) == ["opened"]
    assert whats(site.look()) == ["resolved"]


def test_each_look_takes_the_most_urgent_finding_of_a_key_and_no_note() -> None:
    both = replace(RUNS, stalls=[*EXAMPLES[Kind.PLANS_ESCALATED].operations.stalls])
    found, _ = look(judge(seen(operations=both)), Memory(BEGAN))
    assert [f.kind for f in found.findings.values()] == [Kind.PLANS_ESCALATED]
    note, _ = look(judge(EXAMPLES[Kind.ALERTS_UNTOLD]), Memory(BEGAN))
    assert note.findings == {}
    away, _ = look(judge(EXAMPLES[Kind.DATABASE_AWAY]), Memory(BEGAN))
    assert (list(away.findings), away.whole) == (["database"], False)


def test_a_role_that_has_just_to_start_is_not_missing_yet() -> None:
    late = replace(seen(operations=without("worker")), as_of=BEGAN + START)
    early = replace(late, as_of=BEGAN + START - timedelta(seconds=1))
    found, memory = look(judge(early), Memory(BEGAN))
    assert found.findings == {}
    assert "runner" in memory.roles
    assert list(look(judge(late), memory)[0].findings) == ["role-missing:worker"]
    lived = replace(memory, roles=memory.roles | {"worker"})
    assert list(look(judge(early), lived)[0].findings) == ["role-missing:worker"], "it was there, and is gone"
    no_dog = replace(early, operations=without("watchdog"))
    assert look(judge(no_dog), Memory(BEGAN))[0].findings == {}


def test_a_dead_process_counts_as_none_that_started() -> None:
    gone = Operations(processes=[process("worker", connected=False)])
    assert look(judge(seen(operations=gone)), Memory(BEGAN))[1].roles == frozenset()


def test_ids_derive_from_what_they_are_of() -> None:
    one = alert_id("k", at(0))
    assert one == alert_id("k", at(0)) != alert_id("k", at(1))
    assert notice_id(one, About.OPENED, 1, "slack") == notice_id(one, About.OPENED, 1, "slack")
    assert len({notice_id(one, about, v, n) for about in About for v in (1, 2) for n in ("slack", "email")}) == 40


FINDINGS: dict[str, Finding] = {
    "missing": missing(),
    "runner": missing("runner"),
    "stalled": stalled(3),
    "escalated": stalled(3, escalated=True),
    "letters": letters(4),
    "growing": letters(40, recent=30),
}
STEPS = st.one_of(
    st.tuples(st.just("look"), st.sets(st.sampled_from(sorted(FINDINGS))), st.integers(1, 40)),
    st.tuples(st.just("blind"), st.just(frozenset[str]()), st.integers(1, 40)),
    st.tuples(st.just("acknowledge"), st.just(frozenset[str]()), st.just(0)),
    st.tuples(st.just("silence"), st.just(frozenset[str]()), st.integers(1, 60)),
)


@given(st.lists(STEPS, max_size=30))
def test_whatever_is_seen_in_whatever_order_no_state_is_told_twice(steps: list[tuple[str, set[str], int]]) -> None:
    site = Site(escalation=Escalation(timedelta(seconds=30), ("pagerduty",)))
    told: list[tuple[str, str, int]] = []
    for what, names, amount in steps:
        if what == "look":
            order = sorted(names, key=list(FINDINGS).index, reverse=True)
            changes = site.until(*(FINDINGS[name] for name in order), seconds=amount)
        elif what == "blind":
            changes = [c for _ in range(amount) for c in site.look(AWAY, whole=False)]
        else:
            changes = []
            for key in list(site.alerts)[:1]:
                site.acknowledge(key) if what == "acknowledge" else site.silence(key, amount)
        told += [(str(c.alert.alert_id), c.what, c.alert.version) for c in changes if c.what != "changed"]
    assert len(told) == len(set(told))
    for one in {identity for identity, _, _ in told}:
        life = [(what, version) for identity, what, version in told if identity == one]
        assert life[0] == ("opened", 1), "every alert begins once"
        assert [what for what, _ in life].count("resolved") <= 1
        assert [version for _, version in life] == sorted({version for _, version in life}), "each change has a number"
        assert "resolved" not in [what for what, _ in life[:-1]], "nothing comes after the end"


CERTAIN = [
    Kind.DISK_FULL, Kind.BREAKER_OPEN, Kind.BREAKER_TRIPPED, Kind.DEAD_LETTERS,
    Kind.DEAD_LETTERS_GROWING, Kind.RECORDS_FORGED, Kind.EVENTS_SET_ASIDE, Kind.EVENTS_CHANGED, Kind.LOG_CUT,
]  # fmt: skip


@pytest.mark.parametrize("kind", CERTAIN)
def test_what_is_certain_when_it_is_seen_is_told_with_the_next_look_but_one(kind: Kind) -> None:
    """It has failed several times by then, or a person has to decide: to wait would only be late."""
    site = Site()
    assert site.look(finding(kind)) == []
    assert whats(site.until(finding(kind), seconds=2)) == ["opened"]


@pytest.mark.parametrize("kind", [Kind.PROCESS_GONE, Kind.PLANS_STALLED, Kind.PHASE1_LATE, Kind.CHANGES_UNHEARD])
def test_what_mostly_mends_itself_has_time_for_it(kind: Kind) -> None:
    assert whats(Site().until(finding(kind), seconds=4)) == []


def test_an_alert_that_is_over_tells_how_old_its_finding_was_when_it_was_seen_last() -> None:
    site = Site()
    for second in range(25):  # each age is too near to the one before to be stored
        waits = stalled(3)
        site.look(replace(waits, values={**waits.values, "age": 30.0 + second / 10}))
    (change,) = site.until(seconds=60)
    assert change.what == "resolved"
    assert change.alert.finding is not None
    assert change.alert.finding.values["age"] == 32.4
