"""What a receiver outside was told, and whether it was told rightly."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from gateway.alerts.message import Item, gathered
from gateway.alerts.notifiers.slack import payload
from gateway.alerts.notifiers.webhook import body
from gateway.alerts.patience import Patience
from gateway.alerts.routes_file import parse
from gateway.verdict.kinds import Kind
from gateway.verdict.traits import Severity
from local.chaos.told import PROOF_MISSED_S, Receiver

PAGES = "http://pages"
BEGINS = {"opened": "", "worsened": "Worse: ", "resolved": "Resolved after 2 s: "}


def of(alert: str, about: str, key: str = "broker", kind: str = "broker-away") -> Item:
    """Return one alert of a message; its id is a digit that is repeated."""
    alert_id = "-".join(alert * n for n in (8, 4, 4, 4, 12))
    title = f"{BEGINS[about]}{kind} <{alert}> & more"
    return Item(
        alert_id, key, about, kind, "critical", title, "", "", "2026-05-04T12:00:00+00:00", f"{PAGES}/alerts/{alert_id}"
    )


def tell(told: Receiver, *items: Item, repeat: bool = False) -> None:
    """Tell it all as the engine does: in one message to Slack, and to the webhook."""
    message = replace(gathered("m", items, PAGES), may_repeat=repeat)
    told.take(payload(message))
    told.name(body(message))


def test_messages_come_over_http_and_the_engine_is_told_to_wait_for_nothing(tmp_path: Path) -> None:
    message = gathered("m", [of("1", "opened"), of("2", "opened", "role-missing:worker", "role-missing")], PAGES)
    with Receiver() as told:
        env = told.env(tmp_path)
        assert httpx.post(env["SLACK_WEBHOOK_URL"], json=payload(message)).status_code == 200
        assert [one.kind for one in told.came] == ["unknown", "unknown"]
        assert httpx.post(env["MARKETPLACE_ALERT_WEBHOOK_URL"], json=body(message)).status_code == 200
        assert [(one.title, one.kind, one.key) for one in told.came] == [
            ("broker-away <1> & more", "broker-away", "broker"),
            ("role-missing <2> & more", "role-missing", "role-missing:worker"),
        ]
        assert httpx.get(env["MARKETPLACE_ALERT_HEARTBEAT_URL"]).status_code == 200
    text = Path(env["MARKETPLACE_ALERT_ROUTES"]).read_text()
    assert tomllib.loads(text)["patience"].keys() == set(Kind)
    assert parse(text, ["slack", "webhook"]).patience.hold(Kind.PLANS_STALLED, Severity.WARNING).opens_s == 0


def test_the_end_of_what_came_several_times_is_an_end() -> None:
    over = replace(of("1", "resolved"), title="Resolved, wrong on and off for 5 min: broker-away")
    with Receiver() as told:
        told.take(payload(gathered("m", [over], PAGES)))
        assert [one.about for one in told.came] == ["resolved"]


def test_with_the_patience_of_an_installation_nothing_is_told_sooner(tmp_path: Path) -> None:
    with Receiver(patient=True) as told:
        text = Path(told.env(tmp_path)["MARKETPLACE_ALERT_ROUTES"]).read_text()
    assert parse(text, ["slack", "webhook"]).patience == Patience()


def test_that_the_proof_of_life_stopped_is_seen_once_it_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    told, at = Receiver(), [100.0]
    monkeypatch.setattr("local.chaos.told.time", SimpleNamespace(monotonic=lambda: at[-1]))
    for later in (100.0, 100.2, 100.4):
        at.append(later)
        told._take("/proof", b"")
    assert told.silent(100.3) is None
    at.append(103.0)
    assert told.silent(100.3) == pytest.approx(100.4 + PROOF_MISSED_S - 100.3)
    told._take("/proof", b"")
    assert told.silent(100.3) == pytest.approx(100.4 + PROOF_MISSED_S - 100.3), "it is known later, too"
    assert told.silent(103.1) is None


def test_what_came_before_the_fault_does_not_count() -> None:
    told = Receiver()
    tell(told, of("0", "opened"))
    told.arm()
    tell(told, of("0", "resolved"), of("1", "opened"))
    assert told.unended() == ["broker-away <1> & more"]
    opened, ended = told.came
    assert (opened.about, ended.about) == ("opened", "resolved")
    assert told.first(opened.at) == {"broker-away <1> & more": 0.0}
    assert (told.first(opened.at + 1), told.ended()) == ({}, 0)
    tell(told, of("1", "resolved"))
    assert (told.unended(), told.ended()) == ([], 1)


def test_an_alert_that_comes_again_once_it_was_over_is_the_one_that_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    at = [100.0]
    monkeypatch.setattr("local.chaos.told.time", SimpleNamespace(monotonic=lambda: at[-1]))

    def after(told: Receiver, *items: Item) -> None:
        for one in items:
            at.append(at[-1] + 1)
            tell(told, one)

    one_by_one, at_once, of_two = Receiver(), Receiver(), Receiver()
    after(one_by_one, of("1", "opened"), of("1", "resolved"), of("2", "opened"), of("2", "resolved"))
    after(at_once, of("1", "opened"), of("2", "opened"), of("1", "resolved"), of("2", "resolved"))
    after(of_two, of("1", "opened"), of("1", "resolved"), of("2", "opened", "role-missing:worker", "role-missing"))
    assert (one_by_one.again(0), at_once.again(0), of_two.again(0)) == (1, 0, 0)
    assert one_by_one.again(102.5) == 0, "of the one before the fault nothing is known"


@pytest.mark.parametrize("kind", ["slo-burning", "requests-failing", "phase1-failing"])
def test_what_is_judged_by_the_minutes_before_says_nothing_of_the_fault(kind: str) -> None:
    told = Receiver()
    tell(told, of("1", "opened", "other", kind), of("2", "opened"))
    since = told.came[0].at
    assert told.causes(since) == ("broker-away",)
    assert told.first(since).keys() == {"broker-away <2> & more"}
    first = told.opened(since)
    assert first is not None
    assert first.kind == "broker-away"


async def test_what_is_told_twice_or_never_over_is_a_problem() -> None:
    told = Receiver()
    tell(told, of("1", "opened"), of("2", "opened"))
    for about in ("opened", "worsened", "resolved"):
        tell(told, of("1", about))
    tell(told, of("2", "opened"), repeat=True)
    assert await told.settle(0) == [
        "nobody was told that this is over: broker-away <2> & more",
        "nobody was told that this is over: broker-away <2> & more",
        "told 2 times: broker-away <1> & more",
    ], "what says that it may be a repeat is not taken for a second one"


@pytest.mark.parametrize(
    "messages",
    [
        [of("1", "opened", "slo-burning:queue", "slo-burning")],  # it goes on for minutes
        [of(n, about) for n in "12" for about in ("opened", "resolved")] + [of("3", "opened")],  # it flaps
    ],
)
async def test_what_cannot_be_over_yet_is_no_problem(messages: list[Item]) -> None:
    told = Receiver()
    for one in messages:
        tell(told, one)
    assert await told.settle(0) == []
