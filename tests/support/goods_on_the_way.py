"""Writes the rows of what is on its way to the log of goods, as the projections would."""

from __future__ import annotations

import asyncpg

from projections.rows import Recorded, at
from projections.run.connections import connect
from projections.run.writer import rows_of, write
from schemas.catalogue import newest
from schemas.events import Event
from schemas.fit import compile_fit
from schemas.process.outbox_seals import COLUMNS, event_of
from schemas.wire import as_record


async def project_goods(pool: asyncpg.Pool, database_url: str, like: str = "%") -> list[Event]:
    """Write the rows of all events of goods in the outbox whose type is `like` this; return the events, in order.

    The session is of this call alone: one that stays is ended by Postgres while a busy machine reads a document.
    """
    rows = await pool.fetch(
        f"select {COLUMNS} from decide.outbox o where o.topic = 'goods.events' and o.type like $1 order by o.seq",
        like,
    )
    events = [event_of(row) for row in rows]
    connection = await connect(database_url, "rm")
    try:
        for event in events:
            assert compile_fit(newest(event.type).parsed)(as_record(event)) is None
            recorded = Recorded(event, "goods.events", 0, event.version, at(event.occurred_at), None)
            await write(connection, rows_of(recorded), [], [])
    finally:
        await connection.close()
    return events
