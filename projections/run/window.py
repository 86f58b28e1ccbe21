"""Records that were read and not projected yet, and which of them are shown before their turn.

In their turn records go in the order of the log. Where many wait, those of more urgent plans are shown ahead of it, and
projected again in their turn, which changes nothing then: so nothing is left out, and nothing has to be remembered.
What goes ahead is always the smaller part. Where most of what waits is as urgent, it would only be work done twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final

from aiokafka import TopicPartition

from schemas.headers import lane_of
from schemas.plan import PRIORITIES
from schemas.topics import PLAN_EVENTS, TASK_EVENTS

#: Records of a window at most, some 4 KB each, and bytes of their values. What lies beyond them in the log is not seen.
LIMIT: Final = 24_000
BYTES: Final = 64 * 1024 * 1024
#: With so many, only plans are read further: what people wait for comes with the events of plans.
PLANS_ALONE: Final = 4_000
#: Plans whose lane is remembered after their records are gone: not every record says its priority.
REMEMBERED: Final = 20_000

Records = dict[TopicPartition, list[Any]]


class Window:
    """Holds records of the partitions that a session projects. Those of one key stay in order, also ahead.

    Which lane they are in is asked once more wait than one turn takes.
    """

    def __init__(self, limit: int = LIMIT, most_bytes: int = BYTES) -> None:
        self._limit, self._most_bytes = limit, most_bytes
        self._records: dict[TopicPartition, deque[Any]] = {}
        self._count = self._bytes = 0
        self._ranked: dict[TopicPartition, int] = {}  # offset up to which the records have a lane
        self._lines: dict[str, dict[TopicPartition, deque[Any]]] = {lane: {} for lane in PRIORITIES}
        self._waiting: dict[str, int] = dict.fromkeys(PRIORITIES, 0)
        self._of_key: dict[bytes, tuple[str, int]] = {}  # lane of what waits for a key, and how many that are
        self._stay: set[bytes] = set()
        self._known: dict[bytes, str] = {}

    def __len__(self) -> int:
        return self._count

    @property
    def room(self) -> int:
        """Return how many more records may be read."""
        return max(0, self._limit - self._count) if self._bytes < self._most_bytes else 0

    @property
    def room_for_low(self) -> int:
        """Return how many records of low plans may be read: the last quarter of the room is for others."""
        return max(0, self.room - self._limit // 4) if 4 * self._bytes < 3 * self._most_bytes else 0

    def add(self, found: Mapping[TopicPartition, Sequence[Any]]) -> None:
        """Take in what was read: of each partition what follows on what is here."""
        for tp, records in found.items():
            self._records.setdefault(tp, deque()).extend(records)
            self._count += len(records)
            self._bytes += sum(map(_size, records))

    def take(self, most: int) -> Records:
        """Return up to `most` records whose turn it is: of each partition its share, in its order."""
        taken: Records = {}
        while most > 0 and self._records:
            share = -(-most // len(self._records))
            for tp, waiting in list(self._records.items()):
                count = min(share, most, len(waiting))
                taken.setdefault(tp, []).extend(waiting.popleft() for _ in range(count))
                most -= count
                if not waiting:
                    del self._records[tp]
        for tp, records in taken.items():
            self._count -= len(records)
            self._bytes -= sum(map(_size, records))
            until = self._ranked.get(tp, 0)
            for record in records:
                if record.offset >= until:
                    break
                self._leave(tp, record)
        return {tp: records for tp, records in taken.items() if records}

    def ahead(self, turn: int, most: int) -> Records:
        """Return up to `most` records to be shown before their turn, each once; none where all fit into a turn."""
        taken: Records = {}
        if self._count <= turn:
            return taken
        self._rank()
        before, waiting = 0, sum(self._waiting.values())
        for lane, lines in self._lines.items():
            before += self._waiting[lane]
            if 2 * before > waiting:
                break
            for tp, line in lines.items():
                while line and most > 0:
                    record = line.popleft()
                    if _key(record) not in self._stay:
                        taken.setdefault(tp, []).append(record)
                        most -= 1
        return taken

    def stay(self, records: Mapping[TopicPartition, Sequence[Any]]) -> None:
        """Let records wait for their turn after all, and with them all of their keys: none overtakes another."""
        self._stay |= {_key(record) for of_partition in records.values() for record in of_partition}

    def _rank(self) -> None:
        for tp, records in self._records.items():
            until = self._ranked.get(tp, 0)
            if tp.topic not in (PLAN_EVENTS, TASK_EVENTS) or records[-1].offset < until:
                continue
            # what is new is at the end
            new = next((n for n, record in enumerate(reversed(records)) if record.offset < until), len(records))
            for record in islice(records, len(records) - new, None):
                self._come(tp, record)
            self._ranked[tp] = records[-1].offset + 1

    def _come(self, tp: TopicPartition, record: Any) -> None:
        key = _key(record)
        lane, count = self._of_key.get(key, ("", 0))
        if not count:
            lane = lane_of(record.headers, self._known.pop(key, None))
            self._known[key] = lane
            while len(self._known) > REMEMBERED:
                del self._known[next(iter(self._known))]
        self._of_key[key] = lane, count + 1
        self._waiting[lane] += 1
        self._lines[lane].setdefault(tp, deque()).append(record)

    def _leave(self, tp: TopicPartition, record: Any) -> None:
        key = _key(record)
        lane, count = self._of_key.pop(key)
        if count > 1:
            self._of_key[key] = lane, count - 1
        else:
            self._stay.discard(key)
        self._waiting[lane] -= 1
        line = self._lines[lane][tp]
        if line and line[0] is record:
            line.popleft()


def _key(record: Any) -> bytes:
    key: bytes | None = record.key
    return key or b""


def _size(record: Any) -> int:
    return len(record.value or b"")
