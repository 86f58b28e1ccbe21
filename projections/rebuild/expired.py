"""Copies rows whose records have expired from the log into the rebuilt read models.

Such rows are taken over from the live tables as they are. Everything about plans and tasks is kept for ever, so this
concerns dead letters alone: their records, and what people did about them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import asyncpg

from schemas.topics import SYSTEM_EVENTS, declared

TABLE: Final = "dead_letter"
#: The broker deletes by whole segments, so an action that is nearly old enough may be gone, or not.
MARGIN: Final = timedelta(days=1)


async def take_over(
    connection: asyncpg.Connection, live: str, shadow: str, starts: Mapping[tuple[str, int], int]
) -> int:
    """Copy the rows that cannot be made again; `starts` is the first offset of each partition. Return how many."""
    gone = {tp: start for tp, start in starts.items() if start > 0 and declared()[tp[0]].retention_ms >= 0}
    if not gone:
        return 0
    kept = timedelta(milliseconds=declared()[SYSTEM_EVENTS].retention_ms)
    rows = await connection.fetch(
        f'select l.record_id from "{live}".{TABLE} l'  # noqa: S608 - names of our own tables
        "  left join unnest($1::text[], $2::int[], $3::bigint[]) v (topic, partition, start)"
        "    on v.topic = l.dlq_topic and v.partition = l.dlq_partition"
        " where l.dlq_offset between 0 and v.start - 1 or ($4 and l.acted_at < now() - $5::interval)",
        [topic for topic, _ in gone],
        [partition for _, partition in gone],
        list(gone.values()),
        any(topic == SYSTEM_EVENTS for topic, _ in gone),
        kept - MARGIN,
    )
    ids = [row["record_id"] for row in rows]
    columns = await connection.fetchval(
        "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute"
        " where attrelid = to_regclass($1) and attnum > 0 and not attisdropped and attgenerated = ''",
        f"{live}.{TABLE}",
    )
    async with connection.transaction():
        await connection.execute(f'delete from "{shadow}".{TABLE} where record_id = any($1)', ids)  # noqa: S608 - its name is ours
        await connection.execute(
            f'insert into "{shadow}".{TABLE} ({columns})'  # noqa: S608 - names of the catalogue
            f' select {columns} from "{live}".{TABLE} where record_id = any($1)',
            ids,
        )
    return len(ids)
