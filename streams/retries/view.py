"""A worker's view of the parked records: the index in the database and, while that is away, its own memory.

The effects of a batch come in this order: outputs are published, rows are saved, the copies of what waits are
published, ends are noted, then the batch is acknowledged. What a crash leaves at each point:

- before the outputs are published: nothing has happened; the records come again.
- outputs published, rows not saved: the records come again, with the same outputs under the same ids.
- rows saved, copies not published: the records come again. Each finds its own row, which is further than it is, and
  sends the row's copy instead of being handled early. Were rows saved before the outputs of earlier records, a row
  that is sent on its way meanwhile ("retry now", or overdue) would overtake them.
  One that a person has given up before it comes again finds that, and is dropped.
- published, ends not noted: outputs are published again under the same ids. Retry copies are in their topic twice: the
  second one finds the row ended or further on, and changes nothing.
- ends noted, not acknowledged: the copy that comes again finds its row ended and is dropped. A record that had no row
  is handled again: the same outputs under the same ids.

People act at any time, also between the view and the saving of rows. Then:

- what is being handled and is given up may be both: a dead letter, and done. Its failure is not saved any more.
- what is kept back behind a record that has been given up or sent on its way since the view keeps the time of its
  place behind it: nobody lets it go at once, and it waits up to the delay of that record's tier though nothing may be
  before it. A later record of the plan waits behind it, so the order holds; "retry now" takes it.
- what was let go meanwhile, with a row that is saved here afterwards, comes twice. The copy that counts less sends the
  other one; of two alike, one is handled.

An end that could not be noted leaves a row that waits for nobody. Its copy is sent again by the pump when it is long
overdue, handled again, and ended then.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from streams.broker.records import Outgoing
from streams.retries.arrival import Arrival
from streams.retries.index import Away, Ending, Parking
from streams.retries.order import Parked, Waiting

#: A wait is forgotten so long after its time: its record has come back by then, here or elsewhere.
REMEMBER_MS: Final = 60_000
#: Most records remembered; beyond that the oldest are forgotten.
REMEMBERED: Final = 10_000


class Known:
    """The index as one worker sees it. Never raises for an outage. Without a `parking` there is the memory only."""

    def __init__(
        self,
        group: str,
        parking: Parking | None,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._group = group
        self._now_ms = now_ms
        self._parking = parking
        self._memory: dict[str, Parked] = {}  # what waited when it was last heard of
        self._unsaved: set[str] = set()  # those of them of which the index has not heard
        self._unnoted: dict[str, Ending] = {}

    async def view(self, arrivals: Sequence[Arrival]) -> Waiting:
        """Return the parked records of these records' keys. One query at most."""
        if not arrivals:
            return Waiting()
        keys = {a.key for a in arrivals} - {""}
        rows = await self._look(keys, {a.id for a in arrivals})
        self._forget(self._now_ms())
        view = Waiting(row for row in rows or () if not self._is_ahead_of(row))
        for id_, row in list(self._memory.items()):
            if row.key not in keys or view.get(id_) is not None:
                continue
            if rows is None or id_ in self._unsaved:
                view.put(row)
            else:
                self._drop(id_)  # the index answers, and knows of no such wait any more
        for row in rows or ():
            if self._is_ahead_of(row):
                continue
            if row.state == "waiting":
                self._remember(row, saved=True)
            else:
                self._drop(row.record_id)
        for id_, replay, state in self._unnoted.values():
            row_ = view.get(id_)
            if row_ is not None and row_.replay <= replay:
                view.put(replace(row_, state=state))
        return view

    async def save(self, rows: Mapping[str, Parked], copies: Mapping[str, Outgoing]) -> dict[str, Outgoing | None]:
        """Save rows; return the copy to send for each: its own, a later one, or None where the record has ended."""
        sent: dict[str, Outgoing | None] = dict(copies)
        if rows:
            try:
                for row in await self._ask().save(list(rows.values())):
                    sent[row.record_id] = row.copy() if row.state == "waiting" else None
                saved = True
            except Away:
                saved = False
            for row in rows.values():
                self._remember(row, saved=saved)
        return sent

    async def current(self, ids: Collection[str]) -> dict[str, Parked | None]:
        """Return the rows of records; without the database, those that this worker does not know are missing.

        None: the copy that counts is on its way, sent by this worker in an outage of the index, whose row is older.
        """
        if not ids:
            return {}
        try:
            rows = await self._ask().current(ids)
        except Away:
            return {}
        return {row.record_id: None if self._is_ahead_of(row) else row for row in rows}

    async def note(self, endings: Sequence[Ending]) -> None:
        """Note how records ended, now or as soon as the index answers."""
        for ending in endings:
            self._drop(ending[0])
            self._unnoted[ending[0]] = ending
        while len(self._unnoted) > REMEMBERED:
            del self._unnoted[next(iter(self._unnoted))]
        if endings:
            await self._note_what_is_left()

    async def _look(self, keys: Collection[str], ids: Collection[str]) -> list[Parked] | None:
        try:
            rows = await self._ask().look(self._group, keys, ids)
        except Away:
            return None
        await self._note_what_is_left()
        return rows

    async def _note_what_is_left(self) -> None:
        left = list(self._unnoted.values())
        if left:
            try:
                await self._ask().resolve(left)
            except Away:
                return
            for ending in left:  # and no others: more may have ended meanwhile
                if self._unnoted.get(ending[0]) == ending:
                    del self._unnoted[ending[0]]

    def _is_ahead_of(self, row: Parked) -> bool:
        """Return whether this worker put a record back in an outage, and the index has an older attempt of it."""
        if row.record_id not in self._unsaved:
            return False
        mine = self._memory[row.record_id]
        return mine.generation > row.generation and (row.state == "waiting" or mine.replay > row.replay)

    def _ask(self) -> Parking:
        if self._parking is None:
            raise Away("there is no index")
        return self._parking

    def _remember(self, row: Parked, *, saved: bool) -> None:
        self._memory[row.record_id] = replace(row, value=None, headers=[])
        if saved:
            self._unsaved.discard(row.record_id)
        else:
            self._unsaved.add(row.record_id)
        while len(self._memory) > REMEMBERED:
            self._drop(next(iter(self._memory)))

    def _drop(self, id_: str) -> None:
        self._memory.pop(id_, None)
        self._unsaved.discard(id_)

    def _forget(self, now_ms: int) -> None:
        for id_ in [id_ for id_, row in self._memory.items() if row.due_ms + REMEMBER_MS < now_ms]:
            self._drop(id_)
