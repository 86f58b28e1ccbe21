"""Records that wait for the guard, by priority, so that a flood in one lane does not delay another lane.

A record is in the lane of its plan's priority, as its header says it. Records of one key stay in order: while one
waits, those after it join its lane.
"""

from __future__ import annotations

import asyncio
import time
from typing import Final

from schemas import headers
from streams.broker.records import Incoming
from streams.guard.lanes import WEIGHTS, Lanes

#: Faust hands over one record in each turn of the event loop. For so many turns at most the first one waits for others
#: that came with it: each go costs a question to the database, a request to the broker and who is woken by it.
TURNS: Final = 16


class Backlog:
    """Holds up to `limit` records, for one caller of `take`. The next call says that the last records are handled."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lanes: Lanes[Incoming] = Lanes()
        self._of_key: dict[bytes, tuple[str, int]] = {}  # lane of what waits for a key, and how many that are
        self._was_short = self._were_mixed = False
        self._taken, self._taken_at = 0, 0.0
        self._filled = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    def __len__(self) -> int:
        return len(self._lanes)

    @property
    def in_hand(self) -> int:
        """Return how many records wait or are being handled."""
        return len(self._lanes) + self._taken

    def under_way_s(self, now: float) -> float:
        """Return for how long the last records that were taken are being handled; 0 where they are done."""
        return now - self._taken_at if self._taken else 0.0

    @property
    def urgent(self) -> bool:
        """Return whether records of several lanes wait, or did as some were taken: some are more urgent than others."""
        return self._were_mixed or self._mixed

    @property
    def _mixed(self) -> bool:
        return sum(self._lanes.size(lane) > 0 for lane in WEIGHTS) > 1

    def has_enough(self) -> bool:
        """Return whether so many wait that no more is wanted, but for what is urgent: for that there is room."""
        return 4 * len(self._lanes) >= 3 * self._limit

    def has_enough_low(self) -> bool:
        """Return whether so many low ones wait that no more of them is wanted: the rest of the room is for others."""
        return 2 * self._lanes.size("low") >= self._limit

    async def put(self, record: Incoming) -> None:
        """Add a record; waits while the backlog is full. Await each call before the next, so that the order is kept."""
        while len(self._lanes) >= self._limit:
            self._room.clear()
            await self._room.wait()
        lane = headers.lane_of(record.headers)
        if record.key is not None:
            lane, count = self._of_key.get(record.key, (lane, 0))
            self._of_key[record.key] = lane, count + 1
        self._lanes.put(lane, record)
        self._filled.set()

    async def take(self, most: int) -> list[Incoming]:
        """Return up to `most` records, each lane's share by its weight; waits for the first.

        Records that are taken together are acknowledged together. To spare the most urgent lane a wait for many records
        of the others, every second call ends with the last record of that lane. In the calls between, all get their
        share.
        """
        self._taken = 0
        while not len(self._lanes):
            self._filled.clear()
            await self._filled.wait()
            await self._let_in()
        self._were_mixed = self._mixed
        first = next(lane for lane in WEIGHTS if self._lanes.size(lane))
        short = not self._was_short and self._lanes.size(first) < len(self._lanes)
        self._was_short = short
        taken: list[Incoming] = []
        while len(taken) < most and (record := self._lanes.take()) is not None:
            taken.append(record)
            self._left(record.key)
            if short and not self._lanes.size(first):
                break
        self._taken, self._taken_at = len(taken), time.monotonic()
        self._room.set()
        return taken

    async def _let_in(self) -> None:
        """Give the host turns of the loop while it hands over one record in each."""
        for _ in range(TURNS):
            before = len(self._lanes)
            await asyncio.sleep(0)
            if len(self._lanes) == before:
                return

    def _left(self, key: bytes | None) -> None:
        if key is not None:
            lane, count = self._of_key.pop(key)
            if count > 1:
                self._of_key[key] = lane, count - 1
