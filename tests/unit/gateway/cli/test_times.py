"""Times as people type them: a day, a time, or how long ago."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import typer

from gateway.cli.times import length_s, moment


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90.0),
        ("30min", 1800.0),
        ("30m", 1800.0),
        (" 1.5 h", 5400.0),
        ("2d", 172_800.0),
        ("soon", None),
        ("", None),
    ],
)
def test_a_length_of_time_in_seconds(text: str, seconds: float | None) -> None:
    assert length_s(text) == seconds


@pytest.mark.parametrize(("text", "ago"), [("1h", timedelta(hours=1)), ("2d", timedelta(days=2))])
def test_a_length_is_a_time_so_long_ago(text: str, ago: timedelta) -> None:
    before = datetime.now(UTC)
    found = datetime.fromisoformat(moment(text))
    assert before - ago <= found <= datetime.now(UTC) - ago


def test_a_time_keeps_its_offset_and_nothing_is_nothing() -> None:
    assert moment("2026-05-04T12:00:00+02:00").startswith("2026-05-04T")
    assert datetime.fromisoformat(moment("2026-05-04T12:00:00+02:00")) == datetime(2026, 5, 4, 10, tzinfo=UTC)
    assert moment("") == ""


@pytest.mark.parametrize("text", ["soon", "1", "1y", "99999999d", "1e400d"])
def test_what_is_no_time_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="or how long ago: 30min"):
        moment(text)
