"""What a receiver outside was told, and whether it was told rightly."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.alerts.routes_file import parse
from gateway.verdict.kinds import Kind
from gateway.verdict.traits import Severity
from local.chaos.told import Receiver


def of(alert: str, about: str, key: str = "broker", kind: str = "broker-away") -> dict[str, Any]:
    return {"alertId": alert, "about": about, "key": key, "kind": kind, "title": f"{kind} {alert}"}


async def test_messages_come_over_http_and_the_engine_is_told_to_wait_for_nothing(tmp_path: Path) -> None:
    with Receiver() as told:
        env = told.env(tmp_path)
        answer = httpx.post(
            env["MARKETPLACE_ALERT_WEBHOOK_URL"], json={"alerts": [of("1", "opened"), of("2", "opened")]}
        )
        assert answer.status_code == 204
        assert [one.title for one in told.came] == ["broker-away 1", "broker-away 2"]
    text = Path(env["MARKETPLACE_ALERT_ROUTES"]).read_text()
    assert tomllib.loads(text)["patience"].keys() == set(Kind)
    assert parse(text, ["webhook"]).patience.hold(Kind.PLANS_STALLED, Severity.WARNING).opens_s == 0


def test_what_came_before_the_fault_does_not_count() -> None:
    told = Receiver()
    told.take({"alerts": [of("0", "opened")]})
    told.arm()
    told.take({"alerts": [of("0", "resolved"), of("1", "opened")]})
    assert told.unended() == ["broker-away 1"]
    since = told.came[0].at
    assert told.first(since) == {"broker-away 1": told.came[1].at - since}
    assert (told.first(since + 1), told.ended()) == ({}, 0)
    told.take({"alerts": [of("1", "resolved")]})
    assert (told.unended(), told.ended()) == ([], 1)


@pytest.mark.parametrize("kind", ["slo-burning", "requests-failing", "phase1-failing"])
def test_what_is_judged_by_the_minutes_before_says_nothing_of_the_fault(kind: str) -> None:
    told = Receiver()
    told.take({"alerts": [of("1", "opened", kind=kind), of("2", "opened")]})
    since = told.came[0].at
    assert told.causes(since) == ("broker-away",)
    assert told.opened(since) == told.came[1]
    assert told.first(since).keys() == {"broker-away 2"}


async def test_what_is_told_twice_or_never_over_is_a_problem() -> None:
    told = Receiver()
    told.take({"alerts": [of("1", "opened"), of("1", "opened"), of("2", "opened"), of("1", "worsened")]})
    told.take({"alerts": [of("1", "resolved")]})
    assert await told.settle(0) == [
        "nobody was told that this is over: broker-away 2",
        "told 2 times: broker-away 1",
    ]


@pytest.mark.parametrize(
    "messages",
    [
        [of("1", "opened", "slo-burning:queue", "slo-burning")],  # it goes on for minutes
        [of(n, about) for n in "12" for about in ("opened", "resolved")] + [of("3", "opened")],  # it flaps
    ],
)
async def test_what_cannot_be_over_yet_is_no_problem(messages: list[dict[str, Any]]) -> None:
    told = Receiver()
    told.take({"alerts": messages})
    assert await told.settle(0) == []
