"""What a worker remembers of waiting records: while others of its items go on, and while the index is away."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace

import pytest

from streams.broker.records import Incoming
from streams.retries import view
from streams.retries.arrival import Arrival, arrive
from streams.retries.index import Away, Ending
from streams.retries.order import Parked
from streams.retries.view import Known


class SlowIndex:
    """An index that is slow once: its first answer waits for `gate`, calls that come meanwhile find it away."""

    def __init__(self) -> None:
        self.noted: list[Ending] = []
        self.asked = asyncio.Event()
        self.gate = asyncio.Event()

    async def look(self, group: str, keys: Collection[str], ids: Collection[str]) -> list[Parked]:
        return []

    async def save(self, rows: Sequence[Parked]) -> list[Parked]:
        return []

    async def current(self, ids: Collection[str]) -> list[Parked]:
        return []

    async def resolve(self, endings: Sequence[Ending]) -> None:
        if not self.gate.is_set():
            if self.asked.is_set():
                raise Away
            self.asked.set()
            await self.gate.wait()
        self.noted += endings


async def test_endings_that_come_while_others_are_noted_are_kept() -> None:
    index = SlowIndex()
    known = Known("analysis", index)
    first = asyncio.create_task(known.note([("one", 0, "done"), ("two", 0, "done")]))
    await index.asked.wait()
    await known.note([("one", 1, "given_up")])
    await known.note([("three", 0, "done")])
    index.gate.set()
    await first
    index.noted.clear()

    await known.note([("four", 0, "done")])

    assert sorted(index.noted) == [("four", 0, "done"), ("one", 1, "given_up"), ("three", 0, "done")]


class Index(SlowIndex):
    """An index that answers at once, or is away. `further`: what it has instead of rows that are saved."""

    def __init__(self, *rows: Parked) -> None:
        super().__init__()
        self.gate.set()
        self.rows = {row.record_id: row for row in rows}
        self.further: list[Parked] = []
        self.away = False

    async def look(self, group: str, keys: Collection[str], ids: Collection[str]) -> list[Parked]:
        self._answer()
        return [row for row in self.rows.values() if row.record_id in ids or row.key in keys]

    async def save(self, rows: Sequence[Parked]) -> list[Parked]:
        self._answer()
        self.rows |= {row.record_id: row for row in rows}
        return self.further

    async def current(self, ids: Collection[str]) -> list[Parked]:
        self._answer()
        return [self.rows[id_] for id_ in ids if id_ in self.rows]

    async def resolve(self, endings: Sequence[Ending]) -> None:
        self._answer()
        await super().resolve(endings)

    def _answer(self) -> None:
        if self.away:
            raise Away


NOW = 1_773_147_845_000


def row(offset: int, **more: object) -> Parked:
    id_ = f"agents|plan.events|3|{offset}"
    found = Parked(id_, "agents", "plan-1", "plan.events", 3, offset, "agents.retry.1s", due_ms=NOW + 900, value=b"v")
    return replace(found, **more)  # type: ignore[arg-type] # the fields of Parked


def arrival(offset: int) -> Arrival:
    return arrive("agents", Incoming("plan.events", 3, offset, NOW, b"plan-1", b"v", [], lambda: None))


def known_of(index: Index) -> Known:
    return Known("agents", index, lambda: NOW)


async def test_while_the_index_is_away_its_own_memory_says_who_waits() -> None:
    index = Index(row(17))
    known = known_of(index)
    assert (await known.view([arrival(18)])).head_before("plan-1", ("plan.events", 3), 18) is not None
    index.away = True
    head = (await known.view([arrival(18)])).head_before("plan-1", ("plan.events", 3), 18)
    assert head is not None
    assert (head.orig_offset, head.value) == (17, None)
    assert await known.current([row(17).record_id]) == {}


async def test_a_wait_that_the_index_no_longer_knows_is_forgotten() -> None:
    index = Index(row(17))
    known = known_of(index)
    await known.view([arrival(18)])
    index.rows.clear()
    assert (await known.view([arrival(18)])).head_before("plan-1", ("plan.events", 3), 18) is None
    index.away = True
    assert (await known.view([arrival(18)])).head_before("plan-1", ("plan.events", 3), 18) is None


async def test_an_end_that_could_not_be_noted_holds_nobody_and_is_noted_later() -> None:
    index = Index(row(17))
    known = known_of(index)
    await known.view([arrival(18)])
    index.away = True
    await known.note([(row(17).record_id, 0, "done")])
    index.away = False

    index.gate.clear()  # the index answers looks, and has not heard of the end yet
    index.asked.set()
    found = await known.view([arrival(18)])
    assert found.head_before("plan-1", ("plan.events", 3), 18) is None
    index.gate.set()
    await known.view([arrival(18)])
    assert index.noted == [(row(17).record_id, 0, "done")]


@pytest.mark.parametrize(
    ("further", "copied"), [(row(17, attempt=2), True), (row(17, state="given_up"), False)], ids=["further", "ended"]
)
async def test_a_record_that_is_further_or_ended_sends_its_own_copy_or_none(further: Parked, copied: bool) -> None:
    index = Index()
    index.further = [further]
    mine = row(17)
    sent = await known_of(index).save({mine.record_id: mine}, {mine.record_id: mine.copy()})
    assert sent == {mine.record_id: further.copy() if copied else None}


async def test_what_was_put_back_in_an_outage_is_ahead_of_the_older_row() -> None:
    index = Index(row(17))
    known = known_of(index)
    index.away = True
    mine = row(17, attempt=1)
    assert await known.save({mine.record_id: mine}, {mine.record_id: mine.copy()}) == {mine.record_id: mine.copy()}
    index.away = False
    assert await known.current([mine.record_id]) == {mine.record_id: None}
    head = (await known.view([arrival(18)])).head_before("plan-1", ("plan.events", 3), 18)
    assert head is not None
    assert head.attempt == 1


async def test_no_more_is_remembered_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "REMEMBERED", 2)
    index = Index()
    known = known_of(index)
    index.away = True
    rows = {one.record_id: one for one in map(row, (17, 18, 19))}
    await known.save(rows, {})
    head = (await known.view([arrival(25)])).head_before("plan-1", ("plan.events", 3), 25)
    assert head is not None
    assert head.orig_offset == 18, "the oldest is forgotten"
    await known.note([(f"agents|plan.events|4|{n}", 0, "done") for n in range(3)])
    index.away = False
    await known.view([arrival(25)])
    assert [id_ for id_, *_ in index.noted] == ["agents|plan.events|4|1", "agents|plan.events|4|2"]


async def test_a_wait_whose_time_is_long_over_is_forgotten_and_without_an_index_there_is_the_memory() -> None:
    now = NOW
    known = Known("agents", None, lambda: now)
    mine = row(17)
    await known.save({mine.record_id: mine}, {})
    assert (await known.view([arrival(18)])).head_before("plan-1", ("plan.events", 3), 18) is not None
    now = mine.due_ms + view.REMEMBER_MS + 1
    assert (await known.view([arrival(18)])).head_before("plan-1", ("plan.events", 3), 18) is None
