"""What `marketplace alerts` shows: times as the machine's own, receivers' words as they are, and a notifier's test."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from rich.console import Console, RenderableType

from gateway.cli.views.alerts import sent, silences, tried

ARRIVED = {"notifier": "slack", "state": "sent", "tries": [{"detail": "HTTP 200: ok"}]}


@pytest.fixture
def in_sao_paulo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/Sao_Paulo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def shown(what: RenderableType) -> str:
    console = Console(width=200)
    with console.capture() as text:
        console.print(what)
    return text.get()


def said(*, escalates: bool) -> str:
    return shown(tried(ARRIVED, escalates=escalates))


@pytest.mark.usefixtures("in_sao_paulo")
def test_the_end_of_a_silence_and_the_time_of_a_message_are_the_machines_own() -> None:
    silence = {"alertId": "0" * 32, "text": "t", "over": False, "silencedBy": "ana", "reason": "known"}
    assert "2026-05-04 09:30:00" in shown(silences([{**silence, "until": "2026-05-04T12:30:00Z"}]))
    message = {"about": "opened", "notifier": "slack", "state": "waiting", "tries": [], "error": "answered [red]503"}
    found = shown(sent([{**message, "dueAt": "2026-05-04T12:30:00Z"}]))
    assert ("2026-05-04 09:30:00" in found, "answered [red]503" in found) == (True, True)


def test_one_notifier_alone_is_told_to_be_so_once_its_test_has_arrived() -> None:
    assert said(escalates=True).strip() == "The test by slack arrived: HTTP 200: ok"
    alone = said(escalates=False)
    assert alone.startswith("The test by slack arrived: HTTP 200: ok")
    assert "Nobody else is told when no one acknowledges an alert" in alone
    assert "PAGERDUTY_KEY" in alone
