"""A listener's place in the log, as the id of a live event; with it a listener that reconnects gets what it missed."""

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
#: Such as `p.17.0.3_t.40.0.12`: of each topic how far it was heard, partition by partition. Then which log that was,
#: such as `_1f0c9a3e`, where it is not as it began.
_FORM: Final = re.compile(r"p((?:\.\d{1,18})*)_t((?:\.\d{1,18})*)(?:_([0-9a-f]{8}))?")
# What is at an offset is something else after the log lost its end, or was made anew from a backup. A lost end is told
# for ever (operations/housekeeping.py), a restore as long as the audit: once that entry goes, every listener is reset.
_LOG: Final = """
    select coalesce(left(md5(concat_ws(' ', 'cut', extract(epoch from cut.at), 'restored',
                                       extract(epoch from restored.at))), 8), '')
      from (select max(found_at) as at from flow.log_cut where topic = any ($1)) cut,
           (select max(at) as at from audit.entry
             where action = 'system.restore' and kind not in ('plan', 'task')) restored
     where cut.at is not null or restored.at is not null"""
#: Partitions of a topic that an id can have; its length follows.
_MOST_PARTITIONS: Final = 512
#: Events that are read at once.
CHUNK: Final = 200
#: Who has missed more than so many reads the lists again: that is less work for both.
MOST_MISSED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """The next offset of each partition. `log`: which log that is, "" for one that is as it began."""

    offsets: Mapping[tuple[str, int], int]
    log: str = ""

    def after(self, event: Event) -> Place:
        """Return the place behind an event."""
        return self.at({(event.topic, event.partition): event.offset + 1})

    def at(self, offsets: Mapping[tuple[str, int], int]) -> Place:
        """Return the place that is the same but for these partitions."""
        return Place({**self.offsets, **offsets}, self.log)

    def text(self) -> str:
        parts = [".".join([letter, *self._of(topic)]) for letter, topic in _TOPICS.items()]
        return "_".join([*parts, self.log] if self.log else parts)

    def elsewhere(self, other: Place) -> bool:
        """Say whether the other's log is another one, or lost its end: it says so, or any partition is further here."""
        further = any(offset > other.offsets.get(place, 0) for place, offset in self.offsets.items())
        return further or self.log != other.log

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
        for topic, said in zip(_TOPICS.values(), found.groups()[:2], strict=True)
        for n, offset in enumerate(said.split(".")[1 : _MOST_PARTITIONS + 1])
    }
    return Place(offsets, found[3] or "")


async def reached(db: Reader) -> Place:
    """Return how far the history is shown now."""
    log = await log_now(db)  # before: what is shown may be of a later log, which is seen then, and never of one before
    return Place(await reads.shown_until(db, list(_TOPICS.values())), log)


async def log_now(db: Reader) -> str:
    """Return which log it is."""
    found: str | None = await db.fetchval(_LOG, list(_TOPICS.values()))
    return found or ""


async def next_after(db: Reader, place: Place) -> Following:
    """Return up to `CHUNK` events after a place, in the order in which they are sent."""
    return await reads.shown_after(db, list(_TOPICS.values()), place.offsets, CHUNK)
