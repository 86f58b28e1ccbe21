"""Operators discard dead letters for good, in chunks. Each is in the audit."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import orjson
from starlette.requests import Request

from gateway.audit.texts import text
from gateway.audit.writing import Entry, audited
from gateway.operations.letters import result_of
from gateway.operations.retrying import Result
from projections.dead_letters import reads as dead_letters
from projections.reads.letter_filter import LetterFilter

#: The most letters that one request discards, and the seconds within which it begins another chunk. The next request
#: goes on.
MOST_DISCARDED: Final = 10_000
DISCARDING_S: Final = 3.0
#: Letters that one statement discards: far within the database's timeout.
CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Discarded:
    """The outcome for the first letters of a selection. `left`: how many more fit; `after`: the cursor for them."""

    results: list[Result]
    left: int
    after: str | None


async def discard(request: Request, ids: Sequence[str], reason: str) -> list[Result]:
    """Discard letters for good; their bytes are kept.

    Each chunk is a transaction: a failure undoes no earlier chunk.
    """
    results: list[Result] = []
    reason = await text(request, reason)
    try:
        for start in range(0, len(ids), CHUNK):
            async with audited(request) as telling:
                rows = await telling.db.fetch(
                    "select flow.dead_discard(id, $2, $3) as said from unnest($1::text[]) with ordinality i (id, n)"
                    " order by n",
                    list(ids[start : start + CHUNK]),
                    reason,
                    request.state.principal.name,
                )
                chunk = [result_of(orjson.loads(row["said"])) for row in rows]
                for one in chunk:
                    after = {"state": "discarded"} if one.outcome == "accepted" else None
                    telling.tell(
                        Entry("letter.discard", "letter", one.record_id, None, one.outcome, None, after, reason)
                    )
            results += chunk
    finally:
        request.state.services.publishing.wake()
    return results


async def discard_fitting(request: Request, wanted: LetterFilter, reason: str, after: str | None) -> Discarded:
    """Discard the letters that fit a filter, oldest first, as many as one request may. Raises BadCursor."""
    pool = request.state.services.pool
    until = time.monotonic() + DISCARDING_S
    results: list[Result] = []
    while True:
        # the read models show it later, so the place in the order tells which letters are done, not the state
        page = await dead_letters.ids(pool, wanted, min(CHUNK, MOST_DISCARDED - len(results)), after)
        results += await discard(request, page.items, reason)
        if page.next_cursor is None:
            return Discarded(results, 0, None)
        after = page.next_cursor
        if len(results) >= MOST_DISCARDED or time.monotonic() > until:
            return Discarded(results, await dead_letters.count(pool, wanted, after), after)
