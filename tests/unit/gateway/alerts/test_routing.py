"""Who is told: by severity, kind and scope; of the end whoever was told of the beginning; nobody by what is broken."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from gateway.alerts.alert import State
from gateway.alerts.core import Change
from gateway.alerts.escalation import Escalation
from gateway.alerts.quiet import Quiet
from gateway.alerts.routes_file import usual
from gateway.alerts.routing import GATHER_S, Gathering, Notice, Route, Routing, Told, notices
from gateway.verdict.kinds import Kind
from gateway.verdict.traits import Scope, Severity
from tests.unit.gateway.alerts.looks import alert, at
from tests.unit.gateway.verdict.examples import finding

KNOWN = ("slack", "email", "pagerduty")
ROUTING = Routing(
    (
        Route(("slack",), fallback=("email", "slack", "fax")),
        Route(("pagerduty",), frozenset({Severity.CRITICAL})),
    ),
    Escalation(steps=("pagerduty", "fax")),
)
SOON = at(10)


def made(change: Change, routing: Routing = ROUTING, **told: Told) -> list[Notice]:
    return list(notices(change, routing, told, at(10), KNOWN))


def test_each_route_that_takes_it_tells_once() -> None:
    twice = replace(ROUTING, routes=(*ROUTING.routes, Route(("slack",))))
    found = made(Change("opened", alert()), twice)
    assert [(n.notifier, n.about, n.due_at, n.fallback) for n in found] == [
        ("slack", "opened", SOON, ("email",)),
        ("pagerduty", "opened", SOON, ()),
    ]
    assert len({n.notice_id for n in found}) == 2
    assert found == made(Change("opened", alert()), twice), "the same again is the same notice"


@pytest.mark.parametrize(
    ("route", "kind", "severity", "takes"),
    [
        (Route(("slack",)), Kind.ROLE_MISSING, Severity.INFO, False),
        (Route(("slack",), kinds=frozenset({"role-missing"})), Kind.ROLE_MISSING, Severity.WARNING, True),
        (Route(("slack",), kinds=frozenset({"broker-away"})), Kind.ROLE_MISSING, Severity.WARNING, False),
        (Route(("slack",), scopes=frozenset({Scope.BUSINESS})), Kind.TASKS_FAILED, Severity.WARNING, True),
        (Route(("slack",), scopes=frozenset({Scope.BUSINESS})), Kind.ROLE_MISSING, Severity.WARNING, False),
    ],
)
def test_a_route_takes_what_it_says(route: Route, kind: Kind, severity: Severity, takes: bool) -> None:
    found = made(Change("opened", alert(kind, severity)), Routing((route,)))
    assert bool(found) is takes


def test_an_alert_of_another_version_is_one_of_the_system() -> None:
    unknown = replace(alert(), finding=None, kind="of-tomorrow")
    assert made(Change("opened", unknown), Routing((Route(("slack",), scopes=frozenset({Scope.SYSTEM})),)))
    assert not made(Change("opened", unknown), Routing((Route(("slack",), scopes=frozenset({Scope.BUSINESS})),)))


def test_that_slack_takes_nothing_is_not_told_to_slack() -> None:
    broken = replace(alert(Kind.NOTIFIER_FAILING, Severity.WARNING), subject="notify:slack")
    assert [n.notifier for n in made(Change("opened", broken))] == ["email"]
    other = replace(broken, subject="notify:webhook")
    assert [n.notifier for n in made(Change("opened", other))] == ["slack"]


def test_who_does_not_exist_is_told_nothing() -> None:
    assert made(Change("opened", alert()), Routing((Route(("fax",)),))) == []


@pytest.mark.parametrize("state", [State.SILENCED, State.ACKNOWLEDGED])
def test_of_what_is_silenced_or_seen_to_nobody_is_told(state: State) -> None:
    assert made(Change("opened", alert(state=state))) == []
    assert made(Change("worsened", alert(state=state))) == []
    assert made(Change("changed", alert())) == []


def test_that_it_is_over_is_told_to_whoever_was_told_that_it_began() -> None:
    over = replace(alert(state=State.RESOLVED), resolved_at=at(10), version=2)
    later = at(5000)
    found = made(Change("resolved", over), slack=Told(at(0), ("email",)), email=Told(later))
    assert [(n.notifier, n.about, n.due_at, n.kept, n.fallback) for n in found] == [
        ("slack", "resolved", SOON, False, ("email",)),
        ("email", "resolved", later, True, ()),
    ], "not before that it began"
    assert made(Change("resolved", over)) == []


def test_an_escalation_goes_to_the_next_one_at_once() -> None:
    first = replace(alert(), escalations=1)
    assert [(n.notifier, n.about, n.due_at) for n in made(Change("escalated", first))] == [
        ("pagerduty", "escalated", at(10))
    ]
    assert made(Change("escalated", replace(first, escalations=2))) == [], "who is not there is told nothing"


def test_in_quiet_hours_what_can_wait_is_kept() -> None:
    noon = Quiet(ZoneInfo("UTC"), time(12), time(13))
    quiet = replace(ROUTING, quiet=(noon,))
    kept = made(Change("opened", alert(severity=Severity.WARNING)), quiet)
    assert [(n.notifier, n.due_at, n.kept) for n in kept] == [("slack", at(0) + timedelta(hours=1), True)]
    assert [n.kept for n in made(Change("opened", alert()), quiet)] == [False, False], "what is critical is not"


def test_the_first_is_told_at_once_and_what_comes_soon_after_it_together() -> None:
    gathering = Gathering()
    assert gathering.due(at(0)) == at(0)
    assert [gathering.due(at(seconds)) for seconds in (0.2, 0.4, 0.9)] == [at(GATHER_S)] * 3
    assert gathering.due(at(GATHER_S + 0.3)) == at(2 * GATHER_S), "one message a moment, however much opens"
    assert gathering.due(at(60)) == at(60)


@pytest.mark.parametrize(
    ("kinds", "covers"), [((), True), (("phase1-late",), False), (("broker-away", "phase1-late"), True)]
)
def test_a_cause_is_enough_for_whoever_is_told_of_it_only(kinds: tuple[str, ...], covers: bool) -> None:
    routing = Routing((Route(("slack",), kinds=frozenset(kinds)),))
    assert routing.covers(finding(Kind.BROKER_AWAY), finding(Kind.PHASE1_LATE)) is covers


@pytest.mark.parametrize(
    ("known", "alone"),
    [
        ((), ""),
        (("slack",), "slack"),
        (("email",), "email"),
        (("pagerduty",), ""),
        (("slack", "email"), ""),
        (("slack", "webhook"), ""),
        (("slack", "pagerduty"), ""),
    ],
)
def test_one_notifier_alone_has_nobody_to_escalate_to(known: tuple[str, ...], alone: str) -> None:
    assert usual(known).alone == alone


def test_who_is_told_of_grave_alerts_alone_counts() -> None:
    notes = Route(("email",), frozenset({Severity.INFO}))
    assert Routing((Route(("slack",)), notes), Escalation(steps=("slack",))).alone == "slack"
    assert Routing((Route(("slack",)), notes), Escalation(steps=("email",))).alone == ""


@pytest.mark.parametrize(
    ("routing", "unheard"),
    [
        pytest.param(usual(("slack",)), False, id="by default all of it is told"),
        pytest.param(Routing((Route(("slack",), kinds=frozenset({"role-missing"})),)), True, id="one kind alone"),
        pytest.param(Routing((Route(("slack",), frozenset({Severity.WARNING})),)), True, id="nothing critical"),
        pytest.param(
            Routing((Route(("slack",), frozenset({Severity.WARNING})),), Escalation(steps=("email",))),
            False,
            id="whoever is next is told",
        ),
    ],
)
def test_critical_kinds_that_come_to_nobody_are_known(routing: Routing, unheard: bool) -> None:
    assert ("broker-away" in routing.unheard) is unheard
    assert "role-missing" not in Routing((Route(("slack",), kinds=frozenset({"role-missing"})),)).unheard
    assert "tasks-failed" not in routing.unheard, "it is no critical one"
