"""Which records of a plan wait, and who has to wait behind whom. Pure.

The order of a plan's records is the order in which they first came: all of them come from one partition, so it is the
order of their offsets there. While one of them waits for another attempt, later ones wait behind it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from schemas import headers as h
from schemas.dead_letters import TIME_LIMIT_MS
from schemas.headers import Headers
from streams.broker.records import Incoming, Outgoing
from streams.retries.arrival import arrive

State = Literal["waiting", "done", "given_up"]


@dataclass(frozen=True, slots=True)
class Parked:
    """A record that waits, or did. `replay` and `attempt` say which copy of it counts: the latest.

    Times are milliseconds since 1970 UTC. `behind` is the id of the record that it waits for, "" for none. `key` is ""
    where the record has none. As read for an overview (`Parking.look`), `value` is None and `headers` is empty.
    """

    record_id: str
    group: str
    key: str
    orig_topic: str
    orig_partition: int
    orig_offset: int
    tier: str
    replay: int = 0
    attempt: int = 0
    type: str = ""
    code: str = ""
    error_class: str = ""
    message: str = ""
    behind: str = ""
    due_ms: int = 0
    since_ms: int = 0
    state: State = "waiting"
    value: bytes | None = None
    headers: Headers = ()  # type: ignore[assignment] # an empty default that nobody can change
    traceparent: str | None = None

    @property
    def place(self) -> tuple[str, int]:
        """Where it first came: records are in order within one place."""
        return self.orig_topic, self.orig_partition

    @property
    def generation(self) -> tuple[int, int]:
        """Rises with every attempt and every replay."""
        return self.replay, self.attempt

    def copy(self) -> Outgoing:
        """Return the record to be sent to its tier."""
        return Outgoing(self.tier, self.key.encode() or None, self.value, list(self.headers))


def storable(text: str) -> str:
    """Return text that a database can hold, whatever somebody wrote into a header."""
    return text.replace("\0", "\ufffd")


def row_of(tier: str, key: bytes | None, value: bytes | None, carried: Headers) -> Parked:
    """Return the row of a record that is in a retry topic, or about to be: its headers say everything."""
    group = h.storable(h.text(carried, h.GROUP) or "")
    waiting = arrive(group, Incoming(tier, 0, 0, 0, key, value, carried, lambda: None))
    topic, partition = waiting.place
    since_ms = h.number(waiting.said, h.FIRST_FAILED_AT) or h.number(waiting.said, h.ORIG_TIMESTAMP)

    def said(name: str) -> str:
        return storable(waiting.header(name) or "")

    return Parked(
        record_id=waiting.id,
        group=group,
        key=waiting.key,
        orig_topic=topic,
        orig_partition=partition,
        orig_offset=waiting.offset,
        tier=tier,
        replay=waiting.replay,
        attempt=waiting.attempt,
        type=said(h.TYPE),
        code=said(h.ERROR_CODE),
        error_class=said(h.ERROR_CLASS),
        message=said(h.ERROR_MESSAGE),
        behind=said(h.PARKED_BEHIND),
        due_ms=min(h.number(waiting.said, h.NEXT_ATTEMPT_AT), TIME_LIMIT_MS),
        since_ms=min(since_ms, TIME_LIMIT_MS),
        value=value,
        headers=list(carried),
        traceparent=said(h.TRACEPARENT) or None,
    )


class Waiting:
    """The parked records of some keys: the index's rows, changed as a batch is worked through."""

    def __init__(self, rows: Iterable[Parked] = ()) -> None:
        self._by_id: dict[str, Parked] = {}
        self._by_key: dict[str, dict[str, Parked]] = {}
        for row in rows:
            self.put(row)

    def put(self, row: Parked) -> None:
        """Note how a record stands now."""
        self._by_id[row.record_id] = row
        if row.state == "waiting":
            self._by_key.setdefault(row.key, {})[row.record_id] = row
        else:
            self._by_key.get(row.key, {}).pop(row.record_id, None)

    def get(self, record_id: str) -> Parked | None:
        """Return how a record stands, None where it has never waited as far as is known."""
        return self._by_id.get(record_id)

    def head_before(self, key: str, place: tuple[str, int], offset: int) -> Parked | None:
        """Return the first record of the key that waits and came before this place; None: nothing is in the way."""
        if not key:
            return None  # records without a key have no order
        before = [p for p in self._by_key.get(key, {}).values() if p.place == place and p.orig_offset < offset]
        return min(before, key=lambda p: p.orig_offset, default=None)
