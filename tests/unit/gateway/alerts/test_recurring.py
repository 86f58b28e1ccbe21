"""What comes again while its alert is not over yet is told again, and what comes and goes in short turns is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.alerts.alert import State
from gateway.alerts.escalation import Escalation
from gateway.alerts.recurring import MOST_S, RECURS_S, Recurring
from gateway.verdict import flapping
from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind
from tests.unit.gateway.alerts.looks import Site, at, missing, stalled, whats
from tests.unit.gateway.verdict.examples import finding

WORKER = "role-missing:worker"


def unsteady(escalation: Escalation | None = None) -> Site:
    """Return a site at which a worker has been away so often that its alert is not over though the worker is back."""
    site = Site(escalation=escalation or Escalation())
    for _ in range(flapping.TIMES):
        site.until(missing(), seconds=3)
        site.until(seconds=6)
    assert WORKER in site.alerts
    return site


def test_what_comes_again_after_a_quiet_time_is_told_once_it_has_lasted() -> None:
    site = unsteady()
    site.until(seconds=int(RECURS_S))
    assert whats(site.until(missing(), seconds=2)) == []
    (change,) = [one for one in site.look(missing()) if one.what != "changed"]
    assert (change.what, change.alert.state) == ("recurred", State.OPEN)
    assert whats(site.until(missing(), seconds=600)) == [], "and is told once"


def test_the_next_look_comes_when_it_has_lasted() -> None:
    site = unsteady()
    site.until(seconds=int(RECURS_S))
    site.look(missing())
    assert site.memory.next_at == at(site.now + 2.0)


def test_what_is_back_for_less_than_a_moment_is_told_when_it_stays() -> None:
    site = unsteady()
    site.until(seconds=int(RECURS_S))
    for _ in range(5):
        assert whats(site.look(missing()) + site.look()) == []
    assert whats(site.until(missing(), seconds=3)) == ["recurred"]


def test_what_comes_and_goes_in_short_turns_is_not_told_each_time() -> None:
    """Each time it has to be gone for twice as long: ten minutes of it are one message, and not fifteen."""
    site = unsteady()
    told = whats([one for _ in range(15) for one in site.until(missing(), seconds=5) + site.until(seconds=35)])
    assert told == ["recurred"]


def test_however_often_it_came_a_long_quiet_time_is_enough() -> None:
    waits = [Recurring(times).gone_for.total_seconds() for times in range(5)]
    assert waits == [RECURS_S, 2 * RECURS_S, 4 * RECURS_S, 8 * RECURS_S, MOST_S]
    one = Recurring()
    for _ in range(9):
        one = replace(one, owed=True).told
    assert (one.times, one.gone_for.total_seconds()) == (9, MOST_S)
    assert MOST_S < flapping.QUIET_S, "else what comes again is never told again"


def test_who_acknowledged_it_has_to_do_so_again_and_it_is_escalated_only_when_nobody_does() -> None:
    site = unsteady(Escalation(timedelta(seconds=60), ("pagerduty",)))
    site.acknowledge(WORKER)
    site.until(seconds=int(RECURS_S))
    site.until(missing(), seconds=3)
    alert = site.alerts[WORKER]
    assert (alert.state, alert.acknowledged_at, alert.escalations) == (State.OPEN, None, 0)
    assert whats(site.until(missing(), seconds=59)) == []
    assert whats(site.until(missing(), seconds=2)) == ["escalated"]


def test_what_became_more_severe_is_escalated_only_when_nobody_acknowledges_that() -> None:
    """It may have been there for hours, and was none of those that are escalated."""
    site = Site(escalation=Escalation(timedelta(seconds=60), ("pagerduty",)))
    site.until(stalled(3), seconds=600)
    assert whats(site.until(stalled(3, escalated=True), seconds=60)) == ["worsened"]
    assert whats(site.until(stalled(3, escalated=True), seconds=2)) == ["escalated"]


def test_nobody_is_told_again_while_it_is_silenced() -> None:
    site = unsteady()
    site.silence(WORKER, 120)
    site.until(seconds=int(RECURS_S))
    assert whats(site.until(missing(), seconds=20)) == []
    assert whats(site.until(missing(), seconds=120)) == ["reopened"], "the end of the silence tells it"


@pytest.mark.parametrize("kind", [Kind.BROKER_AWAY, Kind.DATABASE_HANGS])
def test_what_comes_again_for_another_cause_is_told_with_that_one(kind: Kind) -> None:
    site = unsteady()
    site.until(seconds=int(RECURS_S))
    cause: Finding = finding(kind)
    assert whats(site.until(cause, missing(), seconds=30)) == ["opened"]
    assert whats(site.until(missing(), seconds=30)) == ["resolved", "recurred"], "and by itself where it outlasts that"
