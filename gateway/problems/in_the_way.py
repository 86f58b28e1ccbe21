"""A decision that failed because a row stands in the outbox where its event belongs: nobody of ours decided that row.

A decision takes the next version of its stream under the lock of the head, so no other decision has that version. The
relay is to judge the row, so that it is found, listed, and can be taken out.
"""

from __future__ import annotations

import re
from typing import Any, Final, Protocol

import asyncpg

#: The constraints by which a row stands in another one's way.
_OF_OUTBOX: Final = frozenset({"outbox_stream_version_key", "outbox_event_id_key"})
#: What Postgres says of a stream and a version, in whatever language.
_PLACE: Final = re.compile(r"\(stream, version\)=\((.+), (-?\d+)\)")
#: One that claims to be published, or to wait behind another, is not looked at, so it is to be sent again: what is
#: there truly is sent twice, or set aside once more.
_HAVE_JUDGED: Final = """
    update decide.outbox set published_at = null, held_at = null, held_why = null where stream = $1 and version = $2
"""


class _Pool(Protocol):
    async def execute(self, query: str, *args: Any) -> Any: ...


def is_in_the_way(error: BaseException) -> bool:
    """Say whether this is the failure of such a decision."""
    return isinstance(error, asyncpg.UniqueViolationError) and error.constraint_name in _OF_OUTBOX


async def have_it_judged(pool: _Pool, error: BaseException) -> None:
    """Have the relay look at the row in the way: it checks the seal, and sets the row aside if that does not fit."""
    if is_in_the_way(error) and (place := _PLACE.search(getattr(error, "detail", None) or "")) is not None:
        await pool.execute(_HAVE_JUDGED, place[1], int(place[2]))
