"""When a summary is due: by the clocks of its place, once its time has come, and not when it is old news."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gateway.alerts.routing import Summary
from gateway.alerts.summaries import due

SUMMARY = Summary("America/Sao_Paulo", "08:00", "mon 08:00", ("email",))


def there(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/Sao_Paulo")).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "about"),
    [
        ("2026-05-05 07:59", []),
        ("2026-05-05 08:00", ["daily"]),
        ("2026-05-05 13:59", ["daily"]),
        ("2026-05-05 14:00", []),
        ("2026-05-04 08:01", ["daily", "weekly"]),
    ],
)
def test_a_summary_is_due_from_its_time_on_for_some_hours(now: str, about: list[str]) -> None:
    assert [one.about for one in due(SUMMARY, there(now))] == about


def test_it_tells_of_the_day_or_the_week_before() -> None:
    daily, weekly = due(SUMMARY, there("2026-05-04 08:30"))
    assert (daily.ends, weekly.ends) == (there("2026-05-04 08:00"), there("2026-05-04 08:00"))
    assert (daily.ends - daily.begins, weekly.ends - weekly.begins) == (timedelta(days=1), timedelta(days=7))


def test_one_that_is_due_late_in_the_evening_is_due_after_midnight_too() -> None:
    late = Summary("UTC", "23:30", "sun 23:30", ("email",))
    assert [one.about for one in due(late, datetime(2026, 5, 4, 1, tzinfo=UTC))] == ["daily", "weekly"]
    assert [one.about for one in due(late, datetime(2026, 5, 5, 1, tzinfo=UTC))] == ["daily"]


def test_what_is_off_is_never_due() -> None:
    assert list(due(Summary("UTC", None, None, ("email",)), datetime(2026, 5, 4, 8, tzinfo=UTC))) == []
