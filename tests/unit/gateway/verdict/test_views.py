"""Verdicts of members of teams: counted once for all of them, and anew once something was changed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from gateway.verdict import seen
from gateway.verdict.finding import Verdict
from gateway.verdict.seen import Views, as_seen
from gateway.verdict.snapshot import Snapshot

TEAMS = ("a", "b")


def verdict() -> Verdict:
    return Verdict((), Snapshot(datetime(2026, 11, 28, tzinfo=UTC), "answers", 0.0, cast("Any", "well")))


class Counting:
    """A view that counts how often it is computed, and waits until it may go on."""

    def __init__(self) -> None:
        self.may = asyncio.Event()
        self.times = 0

    async def __call__(self, found: Verdict, *_: object) -> Verdict:
        self.times += 1
        await self.may.wait()
        return Verdict(found.findings, found.snapshot, f"count {self.times}")


async def test_what_was_counted_before_a_change_is_not_shown_after(monkeypatch: pytest.MonkeyPatch) -> None:
    views, count = Views(), Counting()
    monkeypatch.setattr(seen, "as_seen", count)

    async def look() -> str:
        return (await views.of(verdict(), TEAMS, cast("Any", None), 1.0)).mark

    before = asyncio.ensure_future(look())
    await asyncio.sleep(0)
    views.forget()
    count.may.set()

    assert [await before, await look(), await look()] == ["count 1", "count 2", "count 2"]


async def test_all_of_the_same_teams_share_one_count_until_it_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    views, count = Views(), Counting()
    count.may.set()
    monkeypatch.setattr(seen, "as_seen", count)

    async def look(teams: tuple[str, ...]) -> str:
        return (await views.of(verdict(), teams, cast("Any", None), 1.0)).mark

    assert await asyncio.gather(*(look(TEAMS) for _ in range(3))) == ["count 1"] * 3
    assert await look(("c",)) == "count 2"
    monkeypatch.setattr(seen, "FRESH_S", 0.0)
    assert await look(TEAMS) == "count 3"


async def test_more_sets_of_teams_than_are_remembered_are_counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    views, count = Views(), Counting()
    count.may.set()
    monkeypatch.setattr(seen, "as_seen", count)
    monkeypatch.setattr(seen, "REMEMBER_LIMIT", 2)
    marks = [(await views.of(verdict(), (team,), cast("Any", None), 1.0)).mark for team in ("a", "b", "c", "a", "a")]
    assert marks == ["count 1", "count 2", "count 3", "count 4", "count 4"]


async def test_while_the_database_is_away_everybody_sees_the_same() -> None:
    away = verdict()
    assert await as_seen(away, cast("Any", None), 1.0) is away
