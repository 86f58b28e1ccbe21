"""Link new audit entries into the hash chain, a moment after they are written. One gateway does it at a time.

Decisions do not wait for one another's place in the chain, and none waits for a hash.
"""

from __future__ import annotations

import asyncio
from typing import Final

import asyncpg
import structlog

from schemas import audit
from schemas.audit import Told
from schemas.process.database_away import DATABASE_FAILS
from schemas.process.named import named
from schemas.process.rounds import Round

log = structlog.get_logger("gateway")

#: How often it is looked whether there is something to link: while there is, and while nobody does anything.
SEAL_S: Final = 1.0
IDLE_S: Final = 5.0
#: How often the head of the chain is told in the log, where it changed: outside of the database it cannot be made anew.
SAY_S: Final = 3600.0
#: One gateway continues the chain; an advisory lock of the transaction says which.
LOCK: Final = 0x61756474
_COLUMNS: Final = ", ".join(f"e.{name}" for name in Told.__dataclass_fields__)
_HEAD: Final = """
    select position, hash from audit.link
    union all select position, hash from audit.checkpoint order by position desc limit 1"""
#: What came before an entry that was linked a while ago is linked, or was never committed: only what came since is
#: looked at.
_OPEN: Final = f"""
    select {_COLUMNS} from audit.entry e
     where e.entry_id > coalesce((select l.entry_id from audit.link l
                                   where l.linked_at < now() - make_interval(secs => {audit.SETTLED_S})
                                   order by l.entry_id desc limit 1), 0)
       and not exists (select from audit.link l where l.entry_id = e.entry_id)
     order by e.entry_id limit $1"""  # noqa: S608 - constants only
_LINK: Final = """
    insert into audit.link (position, entry_id, previous, hash, linked_at)
    select *, $5::timestamptz from unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[])"""


async def keep_sealing(pool: asyncpg.Pool) -> None:
    """Link until cancelled."""
    said, waited = b"", SAY_S
    while True:
        linked = 0
        with Round("audit", _later, *DATABASE_FAILS):
            linked = await seal(pool)
            if waited >= SAY_S:
                said, waited = await _say(pool, said), 0.0
        if linked < audit.MOST:
            wait_s = SEAL_S if linked else IDLE_S
            await asyncio.sleep(wait_s)
            waited += wait_s


def _later(error: Exception) -> None:
    log.warning("the audit is linked later", error=named(error, 200))


async def seal(pool: asyncpg.Pool) -> int:
    """Link entries that are not linked, audit.MOST at once; return how many, 0 where another gateway is at it."""
    if not await pool.fetch(_OPEN, 1):
        return 0
    async with pool.acquire() as connection, connection.transaction():
        if not await connection.fetchval("select pg_try_advisory_xact_lock($1)", LOCK):
            return 0
        # by the database's clock, and before the look: what is older and settled was seen by it
        at = await connection.fetchval("select clock_timestamp()")
        rows = await connection.fetch(_OPEN, audit.MOST)
        if not rows:
            return 0
        head = await connection.fetchrow(_HEAD)
        after = (0, audit.START) if head is None else (head["position"], head["hash"])
        links = audit.chain(after, [Told(**row) for row in rows], at)
        await connection.execute(
            _LINK,
            [one.position for one in links],
            [one.entry_id for one in links],
            [one.previous for one in links],
            [one.hash for one in links],
            at,
        )
        return len(links)


async def _say(pool: asyncpg.Pool, said: bytes) -> bytes:
    """Tell the head of the chain in the log unless it is as it was told; return its hash."""
    head = await pool.fetchrow(_HEAD)
    if head is None or head["hash"] == said:
        return said
    log.info("audit chain", head=f"{head['position']}:{head['hash'].hex()}")
    return bytes(head["hash"])
