"""Has the relay judge a row that stands where the event of a decision belongs, so that an operator can take it out."""

from __future__ import annotations

from typing import Any, Final, Protocol

from schemas.outbox_seal import IS_TOLD
from schemas.process.in_the_way import place_of

#: One that claims to be published, or to wait behind another, is not looked at, so it is to be sent again: what is
#: there truly is sent twice, or set aside once more. One that is listed as forged stays in its list.
_HAVE_JUDGED: Final = f"""
    update decide.outbox set published_at = null, held_at = null, held_why = null
     where ((stream = $1 and version = $2) or event_id = $3) and not ({IS_TOLD})
"""  # noqa: S608 - a constant


class _Pool(Protocol):
    async def execute(self, query: str, *args: Any) -> Any: ...


async def have_it_judged(pool: _Pool, error: BaseException) -> None:
    """Have the relay look at the row in the way: it checks the seal, and sets the row aside if that does not fit."""
    if (place := place_of(error)) is not None:
        await pool.execute(_HAVE_JUDGED, *place)
