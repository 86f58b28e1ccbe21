"""The index of parked records in Postgres (flow.parked), which the guard reads and writes.

The index is shared by all workers. It never stops them: where the database does not answer quickly, `Away` is raised
and the caller goes on with what it knows. What is missing then is put right by the pump.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any, Final, Protocol, TypeVar

import asyncpg
import structlog

from schemas.events import ID_TEXT
from schemas.process import database
from schemas.topics import groups
from streams.retries.order import Parked, State
from streams.retries.rows import columns_of, whole, without_bytes

log = structlog.get_logger("parking")

T = TypeVar("T")

#: A worker waits so long for the index, then goes on without it. A process that has just started knows nothing itself,
#: so it is more patient; one that has found the index away does not stop for it again and again.
PATIENCE_S: Final = 2.0
FIRST_PATIENCE_S: Final = 10.0
SHORT_PATIENCE_S: Final = 0.25
#: After a failure the index is not asked again at once.
AWAY_S: Final = 1.0
POOL: Final = 4

#: id, replay that it closes, how it ended
Ending = tuple[str, int, State]


class Away(Exception):  # noqa: N818 - says what is so
    """The index in Postgres does not answer."""


class Parking(Protocol):
    """An index of waiting records. Every method raises Away where it does not answer."""

    async def look(self, group: str, keys: Collection[str], ids: Collection[str]) -> list[Parked]:
        """Return the parked records of these keys and the rows of these records, without bytes and headers."""
        ...

    async def save(self, rows: Sequence[Parked]) -> list[Parked]:
        """Write rows; return the stored rows of those that were refused, because they are resolved or newer."""
        ...

    async def current(self, ids: Collection[str]) -> list[Parked]:
        """Return records as they stand, with bytes and headers."""
        ...

    async def resolve(self, endings: Sequence[Ending]) -> None:
        """Note how records ended. A replay that began later stays open."""
        ...


_LIGHT: Final = (
    "record_id, grp, key, orig_topic, orig_partition, orig_offset, tier, replay, attempt, type, code, error_class,"
    " message, behind, (extract(epoch from due_at) * 1000)::bigint as due_ms,"
    " (extract(epoch from since) * 1000)::bigint as since_ms, state, traceparent"
)
_LOOK: Final = f"""
    select {_LIGHT} from flow.parked where grp = $1 and key = any ($2::text[]) and state = 'waiting'
    union select {_LIGHT} from flow.parked where record_id = any ($3::text[])
"""  # noqa: S608 - constants only
_FULL: Final = f"select {_LIGHT}, value, headers from flow.parked where record_id = any ($1::text[])"  # noqa: S608 - constants
_VALUES: Final = """
    insert into flow.parked as p (record_id, grp, key, orig_topic, orig_partition, orig_offset, tier, replay, attempt,
        type, code, error_class, message, behind, due_at, since, state, value, headers, traceparent)
    select v.record_id, v.grp, v.key, v.orig_topic, v.orig_partition, v.orig_offset, v.tier, v.replay, v.attempt,
           v.type, v.code, v.error_class, v.message, v.behind, v.due_at, v.since, 'waiting', v.value, v.headers,
           v.traceparent
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::bigint[], $7::text[], $8::int[],
                  $9::int[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::timestamptz[],
                  $16::timestamptz[], $17::bytea[], $18::jsonb[], $19::text[])
           v (record_id, grp, key, orig_topic, orig_partition, orig_offset, tier, replay, attempt, type, code,
              error_class, message, behind, due_at, since, value, headers, traceparent)
     order by v.record_id
"""
#: A record that waits because an attempt failed tells of that attempt, once, whoever saves it and how often.
_SAVE: Final = f"""
    with saved as (
    {_VALUES}
    on conflict (record_id) do update
       set tier = excluded.tier, replay = excluded.replay, attempt = excluded.attempt, type = excluded.type,
           code = excluded.code, error_class = excluded.error_class, message = excluded.message,
           behind = excluded.behind, due_at = excluded.due_at, state = 'waiting', resolved_at = null,
           value = excluded.value, headers = excluded.headers, traceparent = excluded.traceparent
     where (p.state = 'waiting' and (excluded.replay, excluded.attempt) >= (p.replay, p.attempt))
        or excluded.replay > p.replay
    returning p.*
    ), told as (
    insert into flow.job_attempt (record_id, replay, attempt, grp, key, type, code, error_class, message, stream)
    select record_id, replay, attempt, grp, key, type, code, error_class, message,
           coalesce((select h ->> 1 from jsonb_array_elements(headers) h where h ->> 0 = 'ce_subject' limit 1), '')
      from saved
     where attempt > 0 and code <> ''
    on conflict do nothing
    )
    select record_id from saved
"""  # noqa: S608 - constants only
_ADD: Final = f"{_VALUES} on conflict (record_id) do nothing"
_RESOLVE: Final = """
    update flow.parked p set state = v.state, resolved_at = now(), behind = ''
      from (select * from unnest($1::text[], $2::int[], $3::text[]) v (record_id, replay, state) order by 1) v
     where p.record_id = v.record_id and p.state = 'waiting' and p.replay <= v.replay
"""
#: Records whose time is long over and which nobody has brought back: their copy is lost, or their end was not noted.
_OVERDUE: Final = f"""
    update flow.parked set due_at = now(), tier = coalesce($3, flow.replay_topic(grp, orig_topic))
     where record_id in (select record_id from flow.parked
                          where state = 'waiting' and grp = $1 and due_at < now() - make_interval(secs => $2)
                            and exists (select from flow.running where role = $5 and connected)
                            and not exists (select from flow.flag where name = 'queue_processing' and not enabled)
                          order by due_at limit $4 for update skip locked)
    returning {_LIGHT}, value, headers
"""  # noqa: S608 - constants only
_UUID: Final = f"^{ID_TEXT}$"
#: Requests for an analysis whose channel has its result: nothing is left to be done. The subject names the channel.
_HAVE_RESULTS: Final = """
    update flow.parked set state = 'done', resolved_at = now(), behind = ''
     where record_id in (select p.record_id from flow.parked p
                          where p.state = 'waiting' and p.grp = $1 and p.due_at < now() - make_interval(secs => $2)
                            and exists (select from decide.channel_result r
                                         where r.plan_id = case when p.key ~ $4 then p.key::uuid end
                                           and p.headers @> jsonb_build_array(jsonb_build_array(
                                                   'ce_subject', 'work-' || p.key || '.' || r.channel)))
                          order by p.due_at limit $3 for update of p skip locked)
    returning record_id
"""


class PostgresParking:
    """The index in the database, on connections of its own. Bounded in time: see Away."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._pool: asyncpg.Pool | None = None
        #: A session that nobody asks now. To give it back and to take it again costs as much as a question.
        self._kept: Any = None
        self._waiting = 0  # for a session of the pool
        self._connecting = asyncio.Lock()
        self._patience_s = FIRST_PATIENCE_S
        self._away_until = 0.0

    async def close(self) -> None:
        """Close the connections."""
        pool, self._pool = self._pool, None
        self._kept = None
        if pool is not None:
            pool.terminate()

    async def look(self, group: str, keys: Collection[str], ids: Collection[str]) -> list[Parked]:
        rows = await self._ask(lambda c: c.fetch(_LOOK, group, list(keys), list(ids)))
        return [without_bytes(row) for row in rows]

    async def save(self, rows: Sequence[Parked]) -> list[Parked]:
        columns = columns_of(rows)
        taken = {r["record_id"] for r in await self._ask(lambda c: c.fetch(_SAVE, *columns))}
        left = [row.record_id for row in rows if row.record_id not in taken]
        if not left:
            return []
        return [whole(row) for row in await self._ask(lambda c: c.fetch(_FULL, left))]

    async def current(self, ids: Collection[str]) -> list[Parked]:
        return [whole(row) for row in await self._ask(lambda c: c.fetch(_FULL, list(ids)))]

    async def add_missing(self, rows: Sequence[Parked]) -> None:
        """Write rows for records that have none; others stay as they are."""
        columns = columns_of(rows)
        await self._ask(lambda c: c.execute(_ADD, *columns))

    async def resolve(self, endings: Sequence[Ending]) -> None:
        columns = [list(column) for column in zip(*endings, strict=True)]
        await self._ask(lambda c: c.execute(_RESOLVE, *columns))

    async def take_overdue(self, group: str, grace_s: float, tier: str | None, limit: int) -> list[Parked]:
        """Claim records that are overdue by more than `grace_s`, to be sent to `tier` now; no other pump gets them.

        Without a `tier` each goes where its group reads it again. None where nobody would take one now: then they are
        late for a reason, and copy after copy would pile up.
        """
        role = groups()[group].role
        return [whole(row) for row in await self._ask(lambda c: c.fetch(_OVERDUE, group, grace_s, tier, limit, role))]

    async def close_with_results(self, group: str, grace_s: float, limit: int) -> int:
        """End overdue requests for analyses whose channel has its result; return how many."""
        return len(await self._ask(lambda c: c.fetch(_HAVE_RESULTS, group, grace_s, limit, _UUID)))

    async def _ask(self, call: Any) -> Any:
        if time.monotonic() < self._away_until:
            raise Away("the index did not answer a moment ago")
        try:
            async with asyncio.timeout(self._patience_s):
                async with self._connecting:
                    if self._pool is None:
                        self._pool = await database.pool(self._url, "parking", POOL, session=database.PLANNED_EMPTY)
                answer = await self._answered(self._pool, call)
            self._patience_s = PATIENCE_S
        except asyncpg.DataError as error:  # a record's own fault: the next question is another one
            raise Away(str(error)) from error
        except Exception as error:  # asyncpg raises much when a server goes; nothing depends on it
            self._patience_s = SHORT_PATIENCE_S
            self._away_until = time.monotonic() + AWAY_S
            log.warning("going on without the index of waiting records", error=f"{type(error).__name__}: {error}"[:200])
            raise Away(str(error)) from error
        else:
            return answer

    async def _answered(self, pool: asyncpg.Pool, call: Any) -> Any:
        connection, self._kept = self._kept, None
        if connection is not None and _has_ended(connection):
            await pool.release(connection)
            connection = None
        if connection is None:
            self._waiting += 1
            try:
                connection = await pool.acquire()
            finally:
                self._waiting -= 1
        answered = False
        try:
            answer = await call(connection)
            answered = True
        except asyncio.CancelledError:
            # giving it back alone would tell the server that the question is off, and wait until it has heard
            with suppress(asyncpg.InterfaceError):  # the server was quicker
                connection.terminate()
            raise
        finally:
            if answered and self._kept is None and not self._waiting and pool is self._pool:
                self._kept = connection
            else:
                await pool.release(connection)
        return answer


def _has_ended(connection: Any) -> bool:
    """Say whether the server has ended a session meanwhile: the pool then takes it back by itself."""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True
