"""Tables as they are once vacuum has been there, however busy the machine is."""

from __future__ import annotations

import asyncpg

from tests.support.patience import until

#: Pages of tables that may still hold a row which somebody does not see; each of them an index scan has to look at.
_UNSURE = """
    select coalesce(sum(relpages - relallvisible), 0) from pg_class where oid = any($1::text[]::regclass[])
"""


async def vacuumed(db: asyncpg.Connection | asyncpg.Pool, *tables: str) -> None:
    """Return once every page of these tables is known to be visible to all.

    One vacuum does not always do: it passes over what a transaction that began before it may still see, as a heartbeat
    or autovacuum does at times, and then the planner rightly takes another way than through an index alone.
    """

    async def nothing_unsure() -> bool:
        await db.execute("checkpoint")  # vacuum calls visible to all only what is on disk
        await db.execute(f"vacuum (analyze) {', '.join(tables)}")
        return not await db.fetchval(_UNSURE, list(tables))

    await until(nothing_unsure)
