"""When rows that the broker has acknowledged are marked: together, soon, and not once the log may have lost them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from gateway.outbox import marks
from gateway.outbox.marks import GATHER_S, STALE_S, Marks


class Session:
    """Takes note of the rows that are marked."""

    def __init__(self) -> None:
        self.marked: list[list[int]] = []

    async def execute(self, _query: str, rows: list[int]) -> None:
        self.marked.append(rows)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that goes on when a test says so."""
    now = [100.0]
    monkeypatch.setattr(marks, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


async def test_rows_of_several_batches_are_marked_together(clock: list[float]) -> None:
    waiting, session = Marks(), Session()
    waiting.add([1, 2])
    clock[0] += GATHER_S / 2
    waiting.add([3])

    assert waiting.waiting == [1, 2, 3]
    assert waiting.due_s() == pytest.approx(GATHER_S / 2)
    clock[0] += GATHER_S / 2
    assert waiting.due_s() == 0
    assert await waiting.write(session) == 3
    assert session.marked == [[1, 2, 3]]
    assert (waiting.waiting, waiting.due_s()) == ([], float("inf"))


async def test_what_was_acknowledged_too_long_ago_is_sent_again(clock: list[float]) -> None:
    waiting, session = Marks(), Session()
    waiting.add([1])
    clock[0] += STALE_S
    waiting.add([2])

    assert await waiting.write(session) == 1
    assert session.marked == [[2]]
    assert waiting.waiting == []


async def test_what_is_acknowledged_while_others_are_marked_waits_for_the_next_mark(clock: list[float]) -> None:
    waiting = Marks()

    class Slow(Session):
        async def execute(self, query: str, rows: list[int]) -> None:
            await super().execute(query, rows)
            waiting.add([7])

    waiting.add([1])
    session = Slow()
    assert await waiting.write(session) == 1
    assert (session.marked, waiting.waiting) == ([[1]], [7])


async def test_nothing_is_asked_where_nothing_waits() -> None:
    session = Session()

    assert await Marks().write(session) == 0
    assert session.marked == []
