"""The index of waiting records in memory, with the rules of the one in Postgres."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from schemas.topics import AGENTS_DLQ, REDELIVER
from streams.broker.records import Outgoing
from streams.retries.index import Away, Ending
from streams.retries.order import Parked


class MemoryParking:
    """`away`: it does not answer. `moment` is called with "save" or "resolve", and "before" or "after" it is done."""

    def __init__(self, moment: Callable[[str, str], None] = lambda _call, _side: None) -> None:
        self._moment = moment
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
        self._moment("save", "before")
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
        self._moment("save", "after")
        return left

    async def current(self, ids: Collection[str]) -> list[Parked]:
        self._answer()
        return [self.rows[i] for i in ids if i in self.rows]

    async def resolve(self, endings: Sequence[Ending]) -> None:
        self._answer()
        self._moment("resolve", "before")
        for record_id, replay, state in endings:
            row = self.rows.get(record_id)
            if row is not None and row.state == "waiting" and row.replay <= replay:
                self.rows[record_id] = replace(row, state=state, behind="")
        self._moment("resolve", "after")

    def add_missing(self, row: Parked) -> None:
        if not self.away:
            self.rows.setdefault(row.record_id, row)

    def _answer(self) -> None:
        if self.away:
            raise Away("on purpose")

    # what people ask for, as flow.retry_now and flow.give_up do it; each returns the copies that go into the outbox

    def retry_now(self, id_: str, now_ms: int) -> list[Outgoing]:
        """Send the first record of a key on its way, and those behind it."""
        row = self.rows[id_]
        return [self._send(row, now_ms), *self._release_behind(row, now_ms)]

    def give_up(self, id_: str, now_ms: int) -> list[Outgoing]:
        """Make a dead letter of a record. Those behind it go on their way, unless there is another one before them."""
        row = self.rows[id_]
        self.rows[id_] = ended = replace(row, state="given_up", behind="", tier=AGENTS_DLQ)
        letter = ended.copy()
        if any(r.orig_offset < row.orig_offset for r in self._waiting_with(row)):
            return [letter]
        return [letter, *self._release_behind(row, now_ms)]

    def _release_behind(self, row: Parked, now_ms: int) -> list[Outgoing]:
        sent = []
        for follower in sorted(self._waiting_with(row), key=lambda r: r.orig_offset):
            if follower.orig_offset <= row.orig_offset:
                continue
            if not follower.behind:
                break
            if follower.due_ms > now_ms:
                sent.append(self._send(follower, now_ms))
        return sent

    def _waiting_with(self, row: Parked) -> list[Parked]:
        of_key = [r for r in self.rows.values() if (r.group, r.key, r.place) == (row.group, row.key, row.place)]
        return [r for r in of_key if r.state == "waiting"]

    def _send(self, row: Parked, now_ms: int) -> Outgoing:
        self.rows[row.record_id] = sent = replace(row, due_ms=now_ms, behind="", tier=REDELIVER)
        return sent.copy()
