"""Postgres' own counters of its work."""

from __future__ import annotations

from typing import Final

import asyncpg

#: Settings for the time of the bench. Writing the time of a commit costs next to nothing (16 bytes, in memory).
SETTINGS: Final = {"track_commit_timestamp": "on", "track_wal_io_timing": "on", "track_functions": "none"}

#: A session of Postgres reports once a second, and ten seconds later at the latest where it has nothing to do any more.
SETTLES_S: Final = 10.5
#: What is exact at once: numbers of transactions and of bytes in the write-ahead log are given out at one place.
AT_ONCE: Final = ("writes", "wal_bytes", "bytes")

_COUNTERS: Final = """
    select d.xact_commit + d.xact_rollback as transactions,
           pg_snapshot_xmax(pg_current_snapshot())::text::bigint as writes,
           (pg_current_wal_insert_lsn() - '0/0')::float8 as wal_bytes,
           (select sum(fsyncs) from pg_stat_io where object = 'wal') as flushes,
           (select sum(fsync_time) from pg_stat_io where object = 'wal') as flush_ms,
           (select sum(n_tup_upd + n_tup_del) from pg_stat_all_tables) as dead_rows,
           (select sum(n_tup_ins) from pg_stat_all_tables) as new_rows,
           pg_database_size(current_database()) as bytes
      from pg_stat_database d where datname = current_database()
"""


async def counters(database: asyncpg.Connection, *, settled: bool) -> dict[str, float]:
    """Return `postgres/<counter>`, since the server was started.

    `transactions` are all, those of the caller too; `writes` those that wrote; `dead_rows` versions of rows that
    updates and deletes left behind. Unless sessions had SETTLES_S to say what they did, only what is exact at once.
    """
    row = await database.fetchrow(_COUNTERS)
    assert row is not None
    return {f"postgres/{name}": float(value or 0) for name, value in row.items() if settled or name in AT_ONCE}
