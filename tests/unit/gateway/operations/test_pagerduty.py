"""PagerDuty is believed by its signature, and heard once, about an alert of this system that goes on."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from gateway.audit.writing import Entry
from gateway.operations import pagerduty
from gateway.operations.alerting import ACKNOWLEDGE
from gateway.operations.pagerduty import ACKNOWLEDGED, RESOLVED, Said, genuine, said
from gateway.problems.problem import Problem

ALERT = UUID("0b0e1c6e-7777-4222-8333-444455556666")
KEY = "http://here/broker-away"


def signed(secret: str, body: bytes) -> str:
    return f"v1={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


@pytest.mark.parametrize(
    ("header", "believed"),
    [
        (signed("new", b"{}"), True),
        (f"{signed('other', b'{}')}, {signed('old', b'{}')}", True),
        (signed("other", b"{}"), False),
        (signed("new", b"{} "), False),
        (signed("new", b"{}").replace("v1=", "v0="), False),
        ("", False),
    ],
)
def test_one_of_the_signatures_has_to_be_of_one_of_the_secrets(header: str, believed: bool) -> None:
    assert genuine(["new", "old"], header, b"{}") is believed


def event(**other: Any) -> dict[str, Any]:
    given = {
        "id": "E1",
        "event_type": ACKNOWLEDGED,
        "occurred_at": "2026-11-02T09:00:00Z",
        "data": {"incident_key": KEY, "number": 7},
        "agent": {"type": "user_reference", "summary": "Ana"},
    }
    return {"event": given | other}


def test_an_event_is_read() -> None:
    at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    assert said(event()) == Said("E1", ACKNOWLEDGED, at, KEY, "Ana", "7", by_a_person=True)


def test_what_an_event_leaves_out_is_empty() -> None:
    read = said(event(data=None, agent=None, occurred_at="2026-11-02T09:00:00"))
    assert (read.key, read.number, read.who, read.by_a_person) == ("", "", "somebody", False)
    assert read.at.tzinfo is UTC


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        [],
        {"event": None},
        event(id=""),
        event(id=7),
        event(event_type=None),
        event(occurred_at="yesterday"),
        event(occurred_at=None),
        event(data="x"),
        event(agent=[1]),
    ],
)
def test_what_is_no_event_is_refused(nonsense: Any) -> None:
    with pytest.raises(Problem) as refused:
        said(nonsense)
    assert refused.value.status == 422


class Telling:
    """The audit of a request, with a database in which `ALERT` goes on since `opened_at`; `before`: heard before."""

    def __init__(self, opened_at: datetime | None, *, before: bool = False, outcome: str = "accepted") -> None:
        self.db = self
        self.who = SimpleNamespace(request_id="r", actor="Ana (PagerDuty)")
        self.told: list[Entry] = []
        self.acknowledged: list[Any] = []
        self._opened_at, self._before, self._outcome = opened_at, before, outcome

    def tell(self, entry: Entry) -> None:
        self.told.append(entry)

    async def fetchval(self, statement: str, *given: Any) -> Any:
        if statement == ACKNOWLEDGE:
            self.acknowledged.append(given)
            return self._outcome
        return None if self._before else 1

    async def fetch(self, _statement: str) -> list[Any]:
        known = {"alert_id": ALERT, "key": "broker-away", "opened_at": self._opened_at}
        return [] if self._opened_at is None else [known]


NOW = datetime.now(UTC)


async def heard(telling: Telling, at: datetime = NOW, type_: str = ACKNOWLEDGED, number: str = "7") -> tuple[str, str]:
    one = Said("E1", type_, at, KEY, "Ana", number)
    found = await pagerduty._acknowledge(cast("Any", telling), one, "http://here")
    return found.outcome, found.why


@pytest.mark.parametrize(
    ("type_", "number", "note"),
    [
        (ACKNOWLEDGED, "7", "acknowledged in PagerDuty, incident #7"),
        (ACKNOWLEDGED, "", "acknowledged in PagerDuty"),
        (RESOLVED, "7", "resolved in PagerDuty while it goes on here, incident #7"),
        (RESOLVED, "", "resolved in PagerDuty while it goes on here"),
    ],
)
async def test_an_incident_that_is_seen_to_acknowledges_its_alert(type_: str, number: str, note: str) -> None:
    telling = Telling(NOW - timedelta(hours=1))

    assert await heard(telling, type_=type_, number=number) == ("accepted", "")
    assert telling.acknowledged == [(ALERT, note, "r", "Ana (PagerDuty)")]
    assert [(one.action, one.outcome, one.reason) for one in telling.told] == [("alert.acknowledge", "accepted", note)]


@pytest.mark.parametrize(
    ("telling", "at", "why"),
    [
        (Telling(NOW, before=True), NOW, "it has been heard before"),
        (Telling(None), NOW, "no alert of this system that goes on has this key"),
        (Telling(NOW), NOW - timedelta(minutes=5), "it was said before this alert opened: it means an earlier one"),
        (Telling(NOW), NOW - timedelta(days=2), "which is more than a day away"),
        (Telling(NOW), NOW + timedelta(days=2), "which is more than a day away"),
    ],
)
async def test_what_means_nothing_here_is_ignored_and_audited_with_the_reason(
    telling: Telling, at: datetime, why: str
) -> None:
    outcome, told = await heard(telling, at)

    assert outcome == "ignored"
    assert why in told
    assert telling.acknowledged == []
    assert [(one.action, one.outcome, one.reason) for one in telling.told] == [("alert.hook", "ignored", told)]


async def test_two_clocks_may_differ_a_little() -> None:
    assert await heard(Telling(NOW), NOW - timedelta(seconds=50)) == ("accepted", "")


async def test_an_alert_that_somebody_sees_to_already_stays_as_it_is() -> None:
    outcome = await heard(Telling(NOW, outcome="unchanged"))
    assert outcome == ("unchanged", "somebody sees to it, or it is over")
