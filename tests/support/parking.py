"""The index of waiting records in memory, with the rules of the one in Postgres."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from streams.parking import Away, Ending
from streams.waiting import Parked


class MemoryParking:
    """`away`: it does not answer."""

    def __init__(self) -> None:
        self.rows: dict[str, Parked] = {}
        self.away = False
        self.looks = 0

    async def look(self, group: str, keys: Collection[str], ids: Collection[str]) -> list[Parked]:
        self._answer()
        self.looks += 1
        return [
            replace(row, value=None, headers=[])
            for row in self.rows.values()
            if (row.group == group and row.key in keys and row.state == "waiting") or row.record_id in ids
        ]

    async def save(self, rows: Sequence[Parked]) -> list[Parked]:
        self._answer()
        left = []
        for row in rows:
            known = self.rows.get(row.record_id)
            if (
                known is None
                or row.replay > known.replay
                or (known.state == "waiting" and row.generation >= known.generation)
            ):
                self.rows[row.record_id] = row
            else:
                left.append(known)
        return left

    async def current(self, ids: Collection[str]) -> list[Parked]:
        self._answer()
        return [self.rows[i] for i in ids if i in self.rows]

    async def resolve(self, endings: Sequence[Ending]) -> None:
        self._answer()
        for record_id, replay, state in endings:
            row = self.rows.get(record_id)
            if row is not None and row.state == "waiting" and row.replay <= replay:
                self.rows[record_id] = replace(row, state=state, behind="")

    def add_missing(self, row: Parked) -> None:
        if not self.away:
            self.rows.setdefault(row.record_id, row)

    def _answer(self) -> None:
        if self.away:
            raise Away("on purpose")
