"""Has the relay judge a row of the outbox that has the stream and version which a decision needs for its event."""

from __future__ import annotations

import re
from typing import Final

import asyncpg

from gateway.problems.in_the_way import is_in_the_way

#: What Postgres says of a stream and a version, in whatever language.
_PLACE: Final = re.compile(r"\(stream, version\)=\((.+), (-?\d+)\)")
#: One that claims to be published, or to wait behind another, is not looked at, so it is to be sent again: what is
#: there truly is sent twice, or set aside once more.
_HAVE_JUDGED: Final = """
    update decide.outbox set published_at = null, held_at = null, held_why = null where stream = $1 and version = $2
"""


async def have_it_judged(pool: asyncpg.Pool, error: BaseException) -> None:
    """Have the relay look at the row in the way: it checks the seal, and sets the row aside if that does not fit."""
    if is_in_the_way(error) and (place := _PLACE.search(getattr(error, "detail", None) or "")) is not None:
        await pool.execute(_HAVE_JUDGED, place[1], int(place[2]))
