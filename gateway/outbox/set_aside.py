"""Sets aside outbox rows that cannot be published as they are, and tries them again when they may be mended.

Of a stream, what follows a row that is set aside is set aside, too, so that it does not overtake.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Protocol

import asyncpg
import structlog

from schemas.process.log_context import of_rows

log = structlog.get_logger("relay")

#: How often rows that are set aside are tried again, and of how many streams at a time.
REVIEW_S: Final = 5.0
REVIEWED: Final = 200
#: What preparing a row raises where the row is to blame. Invalid is a ValueError.
UNFIT: Final = (ValueError, TypeError, LookupError, AttributeError)

_STREAMS: Final = "select distinct stream from decide.outbox where held_at is not null and published_at is null"
_SET_ASIDE: Final = """
    update decide.outbox o set held_at = now(), held_why = coalesce(h.why, o.held_why)
      from unnest($1::bigint[], $2::text[]) h (seq, why) where o.seq = h.seq
"""
#: The first of each stream decides for it.
_FIRST: Final = """
    select distinct on (o.stream) {columns} from decide.outbox o
     where o.held_at is not null and o.published_at is null and o.stream > $1 order by o.stream, o.version limit $2
"""
_RELEASE: Final = """
    update decide.outbox set held_at = null, held_why = null where stream = any ($1::text[]) and held_at is not null
"""


class Connection(Protocol):
    """A database connection, as far as rows that are set aside need it."""

    async def execute(self, query: str, *args: Any) -> Any: ...
    async def fetch(self, query: str, *args: Any) -> Any: ...
    async def fetchval(self, query: str, *args: Any) -> Any: ...


class StreamsSetAside:
    """The streams that are set aside, as the one relay at work knows them.

    `columns` are those of `decide.outbox o` that `fits` needs, `learn` asks for what else it needs to judge rows.
    """

    def __init__(
        self,
        columns: str,
        learn: Callable[[Connection, Sequence[asyncpg.Record]], Awaitable[None]],
        fits: Callable[[asyncpg.Record], object],
    ) -> None:
        self._first = _FIRST.format(columns=columns)
        self._learn = learn
        self._fits = fits
        self._streams: set[str] = set()
        self._after = ""
        self._review_at = 0.0

    def __contains__(self, stream: str) -> bool:
        return stream in self._streams

    def __bool__(self) -> bool:
        return bool(self._streams)

    async def load(self, connection: Connection) -> None:
        """Learn what earlier relays have set aside. It is tried again at once: this may be a newer version."""
        self._streams = {row["stream"] for row in await connection.fetch(_STREAMS)}
        self._after, self._review_at = "", 0.0
        if self._streams:
            log.error("outbox rows are set aside: they do not fit their schema", streams=len(self._streams))

    def refuse(self, row: asyncpg.Record, error: Exception) -> tuple[int, str | None]:
        """Set the stream of a row aside and log it as critical; return the row's number and the reason, for `mark`."""
        self._streams.add(row["stream"])
        why = f"{type(error).__name__}: {error}"[:500].replace("\0", "\ufffd")
        with of_rows([row], "relay"):
            log.critical(
                "outbox row set aside: it cannot be published, and its stream waits behind it",
                seq=row["seq"],
                type=row["type"],
                stream=row["stream"],
                error=why,
            )
        return row["seq"], why

    async def mark(self, connection: Connection, rows: list[tuple[int, str | None]]) -> None:
        """Set rows aside."""
        if rows:
            await connection.execute(_SET_ASIDE, [seq for seq, _ in rows], [why for _, why in rows])

    async def review(self, connection: Connection) -> None:
        """Release the streams whose first row fits now. Looks at some of them every REVIEW_S."""
        if not self._streams or time.monotonic() < self._review_at:
            return
        from_the_first = not self._after
        firsts = await connection.fetch(self._first, self._after, REVIEWED)
        await self._learn(connection, firsts)
        self._after = firsts[-1]["stream"] if len(firsts) == REVIEWED else ""
        mended = [row["stream"] for row in firsts if self._is_fit(row)]
        # where some fit now, more may: a newer version takes over from one to which all of them were new
        self._review_at = time.monotonic() + (0.0 if mended else REVIEW_S)
        if mended:
            await connection.execute(_RELEASE, mended)
            self._streams.difference_update(mended)
            with of_rows([row for row in firsts if row["stream"] in mended], "relay"):
                log.warning("rows that were set aside go out now", streams=len(mended))
        if from_the_first and not self._after:  # these are all: others were let go, or deleted, by a person
            self._streams = {row["stream"] for row in firsts} - set(mended)

    def _is_fit(self, row: asyncpg.Record) -> bool:
        try:
            self._fits(row)
        except UNFIT:
            return False
        return True
