"""A decision that failed because a row stands in the outbox where its event belongs: nobody of ours decided that row.

A decision takes the next version of its stream under the lock of the head, and an id of its own, so no other decision
has these.
"""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

import asyncpg

#: The constraints by which a row stands in another one's way.
_OF_OUTBOX: Final = frozenset({"outbox_stream_version_key", "outbox_event_id_key"})
#: What Postgres says of a stream and a version, or of an id, in whatever language.
_PLACE: Final = re.compile(r"\(stream, version\)=\((.+), (-?\d+)\)")
_ID: Final = re.compile(r"\(event_id\)=\(([0-9a-f-]{36})\)")


class PlaceTaken(Exception):  # noqa: N818 - says what is so
    """A row that nobody of ours decided has the place of an event: an operator takes it out."""


def is_in_the_way(error: BaseException) -> bool:
    """Say whether this is the failure of such a decision."""
    return isinstance(error, asyncpg.UniqueViolationError) and error.constraint_name in _OF_OUTBOX


def place_of(error: BaseException) -> tuple[str, int, UUID | None] | None:
    """Return stream and version of what is in the way, or its id ("", 0, id); None for any other failure."""
    if not is_in_the_way(error):
        return None
    detail = getattr(error, "detail", None) or ""
    if (place := _PLACE.search(detail)) is not None:
        return place[1], int(place[2]), None
    if (own := _ID.search(detail)) is not None:
        return "", 0, UUID(own[1])
    return None
