"""Where in the log a listener is, as the id of a live event: with it a listener that was away hears what it missed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from projections.reads.rows import Reader
from projections.timeline import reads
from projections.timeline.reads import Event, Following
from schemas.topics import PLAN_EVENTS, TASK_EVENTS

#: The topics that are told, by the letter that stands for each.
_TOPICS: Final = {"p": PLAN_EVENTS, "t": TASK_EVENTS}
#: Such as `p.17.0.3_t.40.0.12`: of each topic how far it was heard, partition by partition.
_FORM: Final = re.compile(r"p((?:\.\d{1,18})*)_t((?:\.\d{1,18})*)")
#: Partitions of a topic that an id can have; its length follows.
_MOST_PARTITIONS: Final = 512
#: Events that are read at once.
CHUNK: Final = 200
#: Who has missed more than so many reads the lists again: that is less work for both.
MOST_MISSED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """The next offset of each partition."""

    offsets: Mapping[tuple[str, int], int]

    def after(self, event: Event) -> Place:
        """Return the place behind an event."""
        return Place({**self.offsets, (event.topic, event.partition): event.offset + 1})

    def at(self, offsets: Mapping[tuple[str, int], int]) -> Place:
        """Return the place that is the same but for these partitions."""
        return Place({**self.offsets, **offsets})

    def text(self) -> str:
        return "_".join(".".join([letter, *self._of(topic)]) for letter, topic in _TOPICS.items())

    def beyond(self, other: Place) -> bool:
        """Say whether any partition is further here: then the other's log is another one, or lost its end."""
        return any(offset > other.offsets.get(place, 0) for place, offset in self.offsets.items())

    def missed(self, other: Place) -> int:
        """Return how many records there are from here to another place, at most."""
        return sum(max(0, offset - self.offsets.get(place, 0)) for place, offset in other.offsets.items())

    def _of(self, topic: str) -> Iterator[str]:
        partitions = [partition for of, partition in self.offsets if of == topic]
        return (str(self.offsets.get((topic, n), 0)) for n in range(max(partitions, default=-1) + 1))


def place_of(text: str) -> Place | None:
    """Return the place that an id says; None for what is none of ours."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    offsets = {
        (topic, n): int(offset)
        for topic, said in zip(_TOPICS.values(), found.groups(), strict=True)
        for n, offset in enumerate(said.split(".")[1 : _MOST_PARTITIONS + 1])
    }
    return Place(offsets)


async def reached(db: Reader) -> Place:
    """Return how far the history is shown now."""
    return Place(await reads.shown_until(db, list(_TOPICS.values())))


async def next_after(db: Reader, place: Place) -> Following:
    """Return the next events behind a place, `CHUNK` at most, in the order in which they are told."""
    return await reads.shown_after(db, list(_TOPICS.values()), place.offsets, CHUNK)
