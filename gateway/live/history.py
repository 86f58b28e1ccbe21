"""The events for one listener: first those that it missed, then each as soon as it is shown, with its log position."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import Final

import orjson

from gateway.live.places import CHUNK, MOST_MISSED, Place, log_now, next_after, place_of, reached
from projections.reads.rows import Reader
from projections.timeline.reads import Event, with_tasks
from schemas.headers import rfc3339

#: Something may have been missed.
ALL: Final = b"event: all\ndata: {}\n\n"
#: What is shown within so long is read together: under load a commit comes every few milliseconds.
TOGETHER_S: Final = 0.2


class History:
    """The events for one listener, who can reconnect and go on from its place. Raises the database's errors."""

    def __init__(self, db: Reader, last_event_id: str) -> None:
        self._db = db
        self._last = last_event_id
        self._place = Place({})
        self._read_at = 0.0

    async def begin(self) -> bytes:
        """Return the first frame: nothing where the listener goes on from its place, `all` or `reset` where not."""
        here = await reached(self._db)
        before = place_of(self._last) if self._last else None
        if before is not None and not before.elsewhere(here) and before.missed(here) <= MOST_MISSED:
            self._place = before
            return b": goes on\n\n"
        self._place = here
        return _anew(b"reset" if self._last else b"all", here)

    async def frames(self) -> AsyncGenerator[bytes, None]:
        """Yield what is new since the last frame, or `reset` where the log is another one now."""
        await asyncio.sleep(max(0.0, self._read_at + TOGETHER_S - time.monotonic()))
        self._read_at = time.monotonic()
        more = True
        while more:
            found = await next_after(self._db, self._place)
            # after: what was read is of the log that the place is of
            if await log_now(self._db) != self._place.log:
                self._place = await reached(self._db)
                yield _anew(b"reset", self._place)
                return
            for event in found.events:
                self._place = self._place.after(event)
                yield _frames(event, self._place)
            self._place = self._place.at(found.after)
            more = len(found.events) == CHUNK


def _anew(name: bytes, place: Place) -> bytes:
    return b"id: %s\nevent: %s\ndata: {}\n\n" % (place.text().encode(), name)


def _frames(shown: Event, place: Place) -> bytes:
    """Return an event and the tasks that it tells. The id comes with the last of them: they are heard together."""
    told = [
        orjson.dumps(
            {
                "eventId": event.event_id,
                "planId": event.correlation_id,
                "type": event.type,
                "stream": event.stream,
                "version": event.version,
                "occurredAt": rfc3339(event.occurred_at),
                "actor": event.actor,
            }
        )
        for event in with_tasks(shown)
    ]
    before = b"".join(b"event: event\ndata: %s\n\n" % data for data in told[:-1])
    return b"%sid: %s\nevent: event\ndata: %s\n\n" % (before, place.text().encode(), told[-1])
