"""Quiet hours: by the clocks of a place, over midnight, over a change of the clocks, and only for what can wait."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from gateway.alerts.quiet import Quiet, kept_until
from gateway.verdict.traits import Severity

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Quiet(SAO_PAULO, time(22), time(7))


def there(text: str, zone: ZoneInfo = SAO_PAULO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-05-04 21:59", None),
        ("2026-05-04 22:00", "2026-05-05 07:00"),
        ("2026-05-05 03:00", "2026-05-05 07:00"),
        ("2026-05-05 06:59", "2026-05-05 07:00"),
        ("2026-05-05 07:00", None),
    ],
)
def test_a_night_goes_over_midnight(now: str, until: str | None) -> None:
    assert kept_until([NIGHT], Severity.WARNING, there(now)) == (there(until) if until else None)


def test_what_cannot_wait_does_not() -> None:
    assert kept_until([NIGHT], Severity.CRITICAL, there("2026-05-05 03:00")) is None
    assert kept_until([], Severity.INFO, there("2026-05-05 03:00")) is None


def test_days_are_those_on_which_it_begins() -> None:
    friday = Quiet(SAO_PAULO, time(22), time(7), frozenset({"fri"}))
    assert kept_until([friday], Severity.INFO, there("2026-05-09 03:00")) == there("2026-05-09 07:00"), "a Saturday"
    assert kept_until([friday], Severity.INFO, there("2026-05-09 23:00")) is None


def test_windows_that_lead_into_one_another_are_one() -> None:
    weekend = Quiet(SAO_PAULO, time(0), time(0), frozenset({"sat", "sun"}))
    assert kept_until([NIGHT, weekend], Severity.WARNING, there("2026-05-08 23:00")) == there("2026-05-11 07:00")


def test_a_window_at_all_times_ends_the_looking() -> None:
    always = Quiet(SAO_PAULO, time(0), time(0))
    until = kept_until([always], Severity.WARNING, there("2026-05-04 12:00"))
    assert until is not None
    assert until > there("2026-05-10 00:00")


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_it_ends_by_the_clocks_on_the_wall_when_they_are_set(day: str) -> None:
    night = Quiet(BERLIN, time(1), time(8))
    assert kept_until([night], Severity.INFO, there(f"{day} 01:30", BERLIN)) == there(f"{day} 08:00", BERLIN)
