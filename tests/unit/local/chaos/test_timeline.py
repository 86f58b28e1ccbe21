"""The way of a message is told step by step, each with how long it took."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.chaos.report import timeline as lines
from local.chaos.timeline import BEGUN, MARKED, OPENED, QUEUED, steps, way
from local.chaos.verdict import Outcome

FAULT = datetime(2026, 5, 4, 12, tzinfo=UTC)
ENV = {"MARKETPLACE_DATABASE_URL": "postgres://nobody"}


def after(seconds: float) -> datetime:
    return FAULT + timedelta(seconds=seconds)


def test_each_step_that_was_made_has_its_time() -> None:
    row = {"opened_at": after(1.5), "queued_at": after(1.75), "begun_at": after(2.0), "marked_at": None}
    assert steps(row, FAULT) == {OPENED: 1.5, QUEUED: 1.75, BEGUN: 2.0}
    assert steps({**row, "marked_at": after(2.25)}, FAULT)[MARKED] == 2.25


def test_the_lines_say_when_and_how_long_after_the_step_before() -> None:
    made = Outcome("s", 1, 0.0, {}, None, 0.0, 0, 0, way={QUEUED: 1.75, OPENED: 1.5})
    assert lines(made) == [f"   1.50 s  +1.50 s  {OPENED}", f"   1.75 s  +0.25 s  {QUEUED}"]


async def test_a_database_that_is_away_tells_no_way(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(*_: Any, **__: Any) -> Any:
        raise ConnectionRefusedError

    monkeypatch.setattr("asyncpg.connect", refused)
    assert await way(ENV, "6f1f0c1e-6b0e-5d36-9d3a-0a5c7e1b4f20", FAULT) == {}


async def test_the_database_is_asked_for_the_alert(monkeypatch: pytest.MonkeyPatch) -> None:
    class Kept:
        async def fetchrow(self, _query: str, alert: Any) -> Any:
            row = {"opened_at": after(1.5), "queued_at": None, "begun_at": None, "marked_at": None}
            return row if str(alert).startswith("6f1f") else None

        async def close(self, **_: Any) -> None:
            pass

    async def connect(*_: Any, **__: Any) -> Any:
        return Kept()

    monkeypatch.setattr("asyncpg.connect", connect)
    assert await way(ENV, "6f1f0c1e-6b0e-5d36-9d3a-0a5c7e1b4f20", FAULT) == {OPENED: 1.5}
    assert await way(ENV, "00000000-6b0e-5d36-9d3a-0a5c7e1b4f20", FAULT) == {}
