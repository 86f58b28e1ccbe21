"""Who is next is told in time, and by night of nothing that can wait until the morning."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from gateway.alerts.escalation import Escalation
from gateway.alerts.quiet import Quiet
from gateway.alerts.routing import Routing
from gateway.verdict.traits import Severity
from tests.unit.gateway.alerts.looks import Site, alert, at, letters, missing, whats

EACH = Escalation(timedelta(minutes=10), ("pagerduty",), Severity.WARNING)


def window(begins: time, ends: time) -> tuple[Quiet, ...]:
    return (Quiet(ZoneInfo("UTC"), begins, ends),)


@pytest.mark.parametrize(
    ("severity", "quiet", "minutes", "due"),
    [
        pytest.param(Severity.WARNING, (), 10, True, id="without quiet hours"),
        pytest.param(Severity.WARNING, window(time(11), time(13)), 30, False, id="its message has not gone"),
        pytest.param(Severity.WARNING, window(time(11), time(13)), 65, False, id="its message went 5 minutes ago"),
        pytest.param(Severity.WARNING, window(time(11), time(13)), 70, True, id="nobody acknowledged it since"),
        pytest.param(Severity.WARNING, window(time(12, 5), time(13)), 30, False, id="they began after its message"),
        pytest.param(Severity.WARNING, window(time(12, 5), time(13)), 60, True, id="it had its time before them"),
        pytest.param(Severity.CRITICAL, window(time(11), time(13)), 10, True, id="what is critical does not wait"),
    ],
)
def test_quiet_hours_keep_an_escalation_as_they_keep_a_message(
    severity: Severity, quiet: tuple[Quiet, ...], minutes: float, due: bool
) -> None:
    routing = Routing(escalation=EACH, quiet=quiet)

    assert routing.escalates(alert(severity=severity), at(60 * minutes)) is due


def test_a_warning_of_the_night_is_escalated_in_the_morning_and_what_is_critical_at_once() -> None:
    site = Site(escalation=EACH, quiet=window(time(11), time(13)))
    assert whats(site.until(letters(4), missing(), seconds=1800)) == ["opened", "opened", "escalated"]
    assert whats(site.until(letters(4), missing(), seconds=1790)) == []
    later = site.until(letters(4), missing(), seconds=620)
    assert [(change.what, change.alert.key) for change in later] == [("escalated", "dead-letters")]
