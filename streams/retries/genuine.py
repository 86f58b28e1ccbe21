"""Believe what a retried copy says of itself only if a process of ours made the copy."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

import structlog

from schemas.belief import Belief, UntilUnknown, without_claims
from schemas.process.log_context import of_record
from streams.broker.records import Incoming

log = structlog.get_logger("belief")

#: How soon a record is looked at again that cannot be judged before it is known where signing began, in seconds.
UNKNOWN_S: Final = 0.2
T = TypeVar("T")


async def judged(ask: Callable[[], T]) -> T:
    """Return the verdict on a record's signature; wait, with the record unacknowledged, until there can be one.

    A copy of it would be sealed as one of ours, with claims that nobody has judged.
    """
    waits = False
    while True:
        try:
            return ask()
        except UntilUnknown as reason:
            if not waits:
                log.warning("a record waits", reason=str(reason))
            waits = True
            await asyncio.sleep(UNKNOWN_S)


async def genuine(belief: Belief, record: Incoming) -> Incoming:
    """Return the record, without its x-* headers where none of our processes wrote them: as a first attempt.

    With them, anybody could end the wait of a parked record, or begin another, by a copy that claims its place.
    """
    with of_record(record):
        if await judged(lambda: belief.is_genuine(record)):
            return record
        place = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
        log.error("a copy is not of our making", **place)
    return replace(record, headers=without_claims(record.headers))
