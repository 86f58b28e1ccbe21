"""A record as one consumer group sees it: which record it is, where it first came, which copy of it this is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas import dead_letters
from schemas import headers as h
from streams.broker.records import Incoming


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record whose headers are read: once, when it arrives.

    `id` is group|topic|partition|offset of its origin: it stays the same through all retries and replays. `key` is text
    that a database can hold and index, "" where the record has none. `place` and `offset` say where it first came.
    `generation` says which copy this is: replay and failed attempts. `comes_again`: it has been kept back or replayed
    before, so there may be a row for it.
    """

    record: Incoming
    group: str
    id: str
    key: str
    place: tuple[str, int]
    offset: int
    generation: tuple[int, int]
    comes_again: bool
    said: Mapping[str, bytes]

    @property
    def replay(self) -> int:
        """Return how often the record was replayed as a dead letter."""
        return self.generation[0]

    @property
    def attempt(self) -> int:
        """Return how many attempts have failed since it was replayed last."""
        return self.generation[1]

    @property
    def source(self) -> dead_letters.Source:
        """Return the origin of the record, for the headers of its copies."""
        r = self.record
        return dead_letters.Source(self.group, r.topic, r.partition, r.offset, r.timestamp_ms, self.said)

    def header(self, name: str) -> str | None:
        """Return a header as text, None where it is missing."""
        return h.text(self.said, name)


def arrive(group: str, record: Incoming) -> Arrival:
    """Read a record's headers for a consumer group; damaged ones give defaults."""
    said = dead_letters.by_name(record.headers)
    topic, partition, offset = dead_letters.origin(said, record.topic, record.partition, record.offset)
    return Arrival(
        record=record,
        group=group,
        id=dead_letters.record_id(group, topic, partition, offset),
        key="" if not record.key else h.storable(record.key.decode("utf-8", "replace")),
        place=(topic, partition),
        offset=offset,
        generation=(dead_letters.small(h.number(said, h.REPLAY)), dead_letters.small(h.number(said, h.ATTEMPT))),
        comes_again=bool(said.get(h.ORIG_TOPIC)),
        said=said,
    )
