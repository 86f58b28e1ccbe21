"""One cause is one alert, whatever follows from it and in whatever order it is seen; and nothing stays untold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.alerts.deafness import JUDGED_S
from gateway.alerts.escalation import Escalation
from gateway.alerts.patience import Hold, Patience
from gateway.verdict.causes import LINGERS_S, follows, lingers_s
from gateway.verdict.families import key_of
from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind
from gateway.verdict.settling import SETTLES_LATE_S, SETTLES_S
from gateway.verdict.traits import Severity
from tests.unit.gateway.alerts.looks import AWAY, Site, at, letters, missing, stalled, whats
from tests.unit.gateway.verdict.examples import finding

AT_ONCE = Patience({kind: Hold(0.0, 1.0) for kind in Kind})
BROKER = finding(Kind.BROKER_AWAY)
LATE = finding(Kind.PHASE1_LATE)
BACKLOG = finding(Kind.OUTBOX_BACKLOG)
DEAF = Finding(Kind.PROCESS_DEAF, {"role": "worker", "pid": 1, "host": "a", "reason": "deaf"}, subject="a:1")


def site() -> Site:
    return Site(patience=AT_ONCE)


def test_one_cause_is_one_alert_and_one_end() -> None:
    one = site()
    assert whats(one.look(BROKER, LATE, BACKLOG, stalled(3, cause="broker-away"), seconds=0.1)) == ["opened"]
    assert {f.kind for f in one.alerts["broker"].follows} == {"phase1-late", "outbox-backlog", "plans-stalled"}
    assert whats(one.until(BROKER, LATE, BACKLOG, missing(), seconds=8)) == []
    assert "role-missing" in [f.kind for f in one.alerts["broker"].follows]
    over = one.until(LATE, BACKLOG, seconds=3) + one.until(seconds=30)
    assert [(c.what, c.alert.key) for c in over if c.what != "changed"] == [("resolved", "broker")]


def test_what_is_seen_before_its_cause_waits_for_it() -> None:
    one = site()
    assert one.look(BACKLOG, seconds=0.1) == []
    assert one.memory.next_at == at(0.1 + SETTLES_LATE_S)
    (change,) = one.look(BROKER, BACKLOG, seconds=SETTLES_LATE_S - 0.1)
    assert (change.what, change.alert.key) == ("opened", "broker")
    assert [f.kind for f in change.alert.follows] == ["outbox-backlog"]
    assert one.memory.next_at is None


def test_what_was_told_before_its_cause_is_not_told_again_and_names_it() -> None:
    one = site()
    one.look(BACKLOG, seconds=0.1)
    assert whats(one.look(BACKLOG, seconds=SETTLES_LATE_S)) == ["opened"]
    changes = one.look(BROKER, BACKLOG)
    assert whats(changes) == ["opened"]
    assert one.alerts["outbox-backlog"].caused_by == one.alerts["broker"].alert_id
    assert [f.kind for f in one.alerts["broker"].follows] == ["outbox-backlog"]
    assert whats(one.until(BROKER, BACKLOG, seconds=30)) == []
    assert sorted(whats(one.until(seconds=3))) == ["resolved", "resolved"], "who was told of both hears of both ends"


def test_plans_that_wait_for_a_deaf_process_are_told_before_what_follows_from_them() -> None:
    one = site()
    assert one.look(LATE, seconds=0.1) == []
    assert one.look(LATE, stalled(3, cause="worker-deaf"), seconds=SETTLES_LATE_S - SETTLES_S - 0.2) == []
    (change,) = one.look(LATE, stalled(3, cause="worker-deaf"), seconds=SETTLES_S)
    assert (change.what, change.alert.kind) == ("opened", "plans-stalled")
    assert [f.kind for f in change.alert.follows] == ["phase1-late"]


def test_a_deaf_process_that_an_alert_names_already_is_told_with_that_one_until_it_is_mended() -> None:
    one = site()
    assert whats(one.until(stalled(3, cause="worker-deaf"), seconds=8)) == ["opened"]
    changes = one.look(stalled(3, cause="worker-deaf"), DEAF)
    assert [(c.what, [f.kind for f in c.alert.follows]) for c in changes] == [("changed", ["process-deaf"])]
    assert whats(one.until(DEAF, seconds=300)) == [], "the plans go on, and what was told is not over"
    assert whats(one.until(seconds=2)) == ["resolved"]


def test_plans_that_go_on_before_their_process_is_found_deaf_are_one_alert_with_it() -> None:
    one = site()
    assert whats(one.until(stalled(3, cause="worker-deaf"), seconds=3)) == ["opened"]
    assert whats(one.until(seconds=int(JUDGED_S) - 1)) == [], "the watchdog is not sure yet"
    assert whats(one.until(stalled(1, cause="worker-deaf"), seconds=1)) == []
    assert whats(one.until(seconds=int(JUDGED_S) - 1)) == []
    late = Finding(Kind.RECORDS_LATE, {"count": 2, "age": 30.0, "role": "worker"})
    (change,) = one.look(DEAF, late)
    assert (change.what, [f.kind for f in change.alert.follows]) == ("changed", ["process-deaf", "records-late"])
    assert whats(one.until(DEAF, late, seconds=20)) == []
    assert whats(one.until(late, seconds=3)) == ["resolved"], "what waited is worked off"
    assert whats(one.until(stalled(2, cause="worker-deaf"), late, seconds=int(LINGERS_S) - 4)) == []
    assert whats(one.until(late, seconds=6)) == ["opened"], "and is told where it is not"


def test_plans_that_name_a_process_which_is_never_found_deaf_are_over_when_it_would_have_been() -> None:
    one = site()
    one.until(stalled(3, cause="worker-deaf"), seconds=3)
    assert whats(one.until(seconds=int(JUDGED_S))) == []
    assert whats(one.until(seconds=1)) == ["resolved"]
    assert "opened" in whats(one.until(DEAF, seconds=3)), "what comes later is told by itself"


def test_a_deaf_process_that_an_alert_names_is_escalated_with_it_though_its_plans_go_on() -> None:
    one = Site(patience=AT_ONCE, escalation=Escalation(timedelta(seconds=10), ("email",), Severity.WARNING))
    one.until(stalled(3, cause="worker-deaf"), seconds=3)
    changes = one.until(DEAF, seconds=30)
    assert [(c.what, c.alert.kind) for c in changes if c.what != "changed"] == [("escalated", "plans-stalled")]


def test_a_deaf_process_is_told_with_the_alert_that_names_it_once_an_outage_is_over() -> None:
    one = site()
    assert whats(one.until(stalled(3, cause="worker-deaf"), seconds=3)) == ["opened"]
    assert whats(one.look(AWAY)) == ["opened"]
    one.until(DEAF, seconds=3)
    assert set(one.alerts) == {"plans-stalled:worker-deaf"}
    assert [f.kind for f in one.alerts["plans-stalled:worker-deaf"].follows] == ["process-deaf"]


def test_an_alert_of_escalated_plans_names_a_deaf_process_as_well() -> None:
    one = site()
    escalated = stalled(3, escalated=True, cause="worker-deaf")
    assert whats(one.until(escalated, seconds=8)) == ["opened"]
    assert "opened" not in whats(one.until(escalated, DEAF, seconds=8))


def test_a_deaf_process_that_no_alert_names_is_told_by_itself() -> None:
    for cause in ("runner-deaf", "agent-slow"):
        one = site()
        one.until(stalled(3, cause=cause), seconds=8)
        assert "opened" in whats(one.until(stalled(3, cause=cause), DEAF, seconds=8))


def test_what_comes_while_its_cause_is_about_to_be_over_is_still_told_with_it() -> None:
    one = Site(patience=AT_ONCE.with_hold(Kind.BROKER_AWAY, Hold(0.0, 60.0)))
    assert whats(one.look(BROKER)) == ["opened"]
    (change,) = one.look(BACKLOG)
    assert (change.what, change.alert.key) == ("changed", "broker")
    assert [f.kind for f in change.alert.follows] == ["outbox-backlog"]


def test_what_was_told_long_before_is_another_matter() -> None:
    one = site()
    one.until(missing(), seconds=30)
    one.look(BROKER, missing())
    assert one.alerts["role-missing:worker"].caused_by is None
    assert one.alerts["broker"].follows == ()


def test_what_outlasts_its_cause_is_told() -> None:
    one = site()
    one.until(BROKER, BACKLOG, seconds=5)
    changes = one.until(BACKLOG, seconds=int(LINGERS_S))
    assert [(c.what, c.alert.key) for c in changes] == [("resolved", "broker")]
    (change,) = one.look(BACKLOG)
    assert (change.what, change.alert.key) == ("opened", "outbox-backlog")


def test_a_cause_that_was_never_told_hides_nothing_once_it_is_gone() -> None:
    one = Site(patience=AT_ONCE.with_hold(Kind.BROKER_AWAY, Hold(60.0, 1.0)))
    assert one.until(BROKER, BACKLOG, seconds=3) == []
    assert whats(one.look(BACKLOG)) == ["opened"]


def test_the_cause_is_escalated_and_not_what_follows() -> None:
    one = Site(patience=AT_ONCE, escalation=Escalation(timedelta(seconds=10), ("email",)))
    one.look(missing(), seconds=0.1)
    assert whats(one.look(missing())) == ["opened"]
    changes = [c for _ in range(30) for c in one.look(missing(), AWAY)]
    assert [(c.what, c.alert.key) for c in changes if c.what != "changed"] == [
        ("opened", "database"),
        ("escalated", "database"),
    ]


LIES = replace(finding(Kind.AGENT_UNUSABLE), subject="agent:x/m")
OPEN = replace(finding(Kind.BREAKER_OPEN), subject="agent:x/m:shopee")


def test_an_agent_of_no_use_and_its_breaker_are_one_alert_whichever_is_seen_first() -> None:
    for first, second in ((LIES, OPEN), (OPEN, LIES)):
        one = site()
        assert whats(one.until(first, seconds=3)) == ["opened"]
        assert "opened" not in whats(one.until(first, second, seconds=30))
        [alert] = one.alerts.values()
        assert (alert.kind, [f.kind for f in alert.follows]) == (first.kind, [second.kind])
        assert whats(one.until(LIES, seconds=9)) == [], "it goes on until the answers are good"
        assert whats(one.until(seconds=2)) == ["resolved"]


def test_a_breaker_that_opens_after_the_answers_were_good_again_is_told_by_itself() -> None:
    one = site()
    one.until(LIES, seconds=3)
    one.until(seconds=8)
    assert whats(one.until(OPEN, seconds=3)) == ["opened"]


_SEEN = [
    AWAY, BROKER, LATE, BACKLOG, missing(), missing("runner"), missing("projections"), stalled(2), letters(2),
    stalled(2, cause="broker-away"), finding(Kind.SESSIONS_ENDED), finding(Kind.LOCK_KEPT), finding(Kind.SLO_BURNING),
    finding(Kind.BREAKER_OPEN), finding(Kind.PROJECTIONS_BEHIND), finding(Kind.FAILING_OFTEN),
    DEAF, stalled(2, cause="worker-deaf"), LIES, OPEN,
]  # fmt: skip


@settings(max_examples=200)
@example([({17}, 2), ({0}, 1), ({16, 2}, 13), ({7}, 9)])  # deaf beyond an outage
@given(st.lists(st.tuples(st.sets(st.sampled_from(range(len(_SEEN)))), st.integers(1, 40)), min_size=1, max_size=8))
def test_nothing_is_ever_hidden_without_a_cause_that_is_told(story: list[tuple[set[int], int]]) -> None:
    one = site()
    there: dict[str, float] = {}
    told: dict[str, tuple[Finding, float]] = {}
    for which, seconds in story:
        findings = [_SEEN[n] for n in sorted(which)]
        for _ in range(seconds):
            one.look(*findings)
            there = {key_of(f): there.get(key_of(f), one.now) for f in findings}
            with_plans = {key_of(f) for alert in one.alerts.values() for f in alert.follows if f in (DEAF, LIES)}
            told |= {key: (f, one.now) for f in findings if (key := key_of(f)) in one.alerts.keys() | with_plans}
            for hidden in findings:
                key = key_of(hidden)
                if key in one.alerts.keys() | with_plans or one.now - there[key] < SETTLES_LATE_S:
                    continue
                ago = {told_key: (cause, one.now - when) for told_key, (cause, when) in told.items()}
                coming = [f for f in findings if one.now - there[key_of(f)] < SETTLES_LATE_S]
                assert _follows_from_any(hidden, ago, coming, findings), f"{key} is hidden"


def _follows_from_any(
    effect: Finding, told: dict[str, tuple[Finding, float]], coming: list[Finding], between: list[Finding]
) -> bool:
    """Say whether a finding follows, directly or through others, from one that was told recently enough."""
    lately = [cause for cause, ago in told.values() if ago <= lingers_s(effect)]
    if effect is DEAF and any(cause.values.get("cause") == "worker-deaf" for cause in lately):
        return True
    if effect is LIES and any(follows(cause, effect) for cause in lately):
        return True
    return any(follows(effect, cause) for cause in (*lately, *coming)) or any(
        follows(effect, one) and _follows_from_any(one, told, coming, between) for one in between
    )


@given(st.sets(st.sampled_from(range(len(_SEEN)))))
def test_what_stays_when_its_cause_has_ended_is_told(which: set[int]) -> None:
    one = site()
    everything = [_SEEN[n] for n in sorted(which)]
    one.until(*everything, seconds=5)
    left = [f for f in everything if f.kind not in (Kind.DATABASE_AWAY, Kind.BROKER_AWAY)]
    one.look(*left, seconds=1.0)
    one.look(*left, seconds=3600.0)
    one.look(*left, seconds=3.0)
    roots_of = {key_of(f) for f in left if not any(follows(f, other) for other in left if other is not f)}
    assert roots_of <= one.alerts.keys()
