"""What `marketplace alerts test` says of a notifier."""

from __future__ import annotations

from rich.console import Console

from gateway.cli.views.alerts import tried

ARRIVED = {"notifier": "slack", "state": "sent", "tries": [{"detail": "HTTP 200: ok"}]}


def said(*, escalates: bool) -> str:
    console = Console(width=200)
    with console.capture() as text:
        console.print(tried(ARRIVED, escalates=escalates))
    return text.get()


def test_one_notifier_alone_is_told_to_be_so_once_its_test_has_arrived() -> None:
    assert said(escalates=True).strip() == "The test by slack arrived: HTTP 200: ok"
    alone = said(escalates=False)
    assert alone.startswith("The test by slack arrived: HTTP 200: ok")
    assert "Nobody else is told when no one acknowledges an alert" in alone
    assert "PAGERDUTY_KEY" in alone
