"""What a worker knows of waiting records: the index in the database and, while that is away, its own memory.

The effects of a batch come in this order: rows are saved, records are published, ends are noted, then the batch is
acknowledged. What a crash leaves at each point:

- before the rows are saved: nothing has happened; the records come again.
- rows saved, nothing published: the records come again. Each finds its own row, which is further than it is, and sends
  the row's copy instead of being handled early.
- published, ends not noted: outputs are published again under the same ids. Retry copies are in their topic twice: the
  second one finds the row ended or further on, and changes nothing.
- ends noted, not acknowledged: the copy that comes again finds its row ended and is dropped. A record that had no row
  is handled again: the same outputs under the same ids.

An end that could not be noted leaves a row that waits for nobody. Its copy is sent again by the pump when it is long
overdue, handled again, and ended then.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from streams.parking import Away, Ending, Parking
from streams.records import Incoming, Outgoing
from streams.waiting import Parked, Waiting, comes_again, key_of, record_id

#: A row that could not be saved is forgotten so long after its time: its copy has come back by then, here or elsewhere.
REMEMBER_MS: Final = 60_000
#: Most records remembered; beyond that the oldest are forgotten.
REMEMBERED: Final = 10_000


class Known:
    """The index as one worker sees it. Never raises for an outage. Without a `parking` there is the memory only."""

    def __init__(self, group: str, parking: Parking | None) -> None:
        self._group = group
        self._parking = parking
        self._unsaved: dict[str, Parked] = {}
        self._unnoted: dict[str, Ending] = {}

    async def view(self, records: Sequence[Incoming]) -> Waiting:
        """Return what is known of these records and their keys. One query at most."""
        if not records:
            return Waiting()
        keys = {key_of(r) for r in records} - {""}
        again = {record_id(self._group, r) for r in records if comes_again(r)}
        view = Waiting(await self._look(keys, again))
        now_ms = time.time_ns() // 1_000_000
        for id_, row in list(self._unsaved.items()):
            if view.get(id_) is not None or row.due_ms + REMEMBER_MS < now_ms:
                del self._unsaved[id_]
            else:
                view.put(row)
        for id_, replay, state in self._unnoted.values():
            row_ = view.get(id_)
            if row_ is not None and row_.replay <= replay:
                view.put(replace(row_, state=state))
        return view

    async def save(self, rows: Mapping[str, Parked], copies: Mapping[str, Outgoing]) -> dict[str, Outgoing | None]:
        """Save rows; return what is to be sent for each: its copy, a later one, or None where the record has ended."""
        sent: dict[str, Outgoing | None] = dict(copies)
        if rows:
            try:
                for row in await self._ask().save(list(rows.values())):
                    sent[row.record_id] = row.copy() if row.state == "waiting" else None
            except Away:
                self._unsaved |= rows
                _bound(self._unsaved)
        return sent

    async def current(self, ids: Collection[str]) -> dict[str, Parked]:
        """Return records as they stand; those that nobody can tell now are missing."""
        if not ids:
            return {}
        try:
            return {row.record_id: row for row in await self._ask().current(ids)}
        except Away:
            return {}

    async def note(self, endings: Sequence[Ending]) -> None:
        """Note how records ended, now or as soon as the index answers."""
        for ending in endings:
            self._unsaved.pop(ending[0], None)
            self._unnoted[ending[0]] = ending
        _bound(self._unnoted)
        if endings:
            await self._note_what_is_left()

    async def _look(self, keys: Collection[str], ids: Collection[str]) -> list[Parked]:
        try:
            rows = await self._ask().look(self._group, keys, ids)
        except Away:
            return []
        await self._note_what_is_left()
        return rows

    async def _note_what_is_left(self) -> None:
        if self._unnoted:
            try:
                await self._ask().resolve(list(self._unnoted.values()))
            except Away:
                return
            self._unnoted.clear()

    def _ask(self) -> Parking:
        if self._parking is None:
            raise Away("there is no index")
        return self._parking


def _bound(remembered: dict[str, Any]) -> None:
    while len(remembered) > REMEMBERED:
        del remembered[next(iter(remembered))]
