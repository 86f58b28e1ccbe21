"""Takes names that were erased out of the tables beside the live ones: those that a swap has kept, or a crash has left.

Nobody projects into these, so nothing else would (projections/rebuild/tables.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import asyncpg

from schemas.process.connection import Db

#: The schemas beside the one that the session writes. Rights are copied to one that is made anew before it has rows.
_BESIDE: Final = """
    select n.nspname from pg_namespace n join pg_class c on c.relnamespace = n.oid and c.relname = 'plan'
     where n.nspname in (current_schema() || '_old', current_schema() || '_new')
       and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'update')"""
#: A rebuild that is at work has the row, and comes to the event itself: it is not waited for.
_FORGET: Final = """
    update "{schema}".plan p set title = v.title, filename = v.filename
      from unnest($1::uuid[], $2::text[], $3::text[]) v (plan_id, title, filename)
     where p.plan_id = v.plan_id
       and p.plan_id in (select o.plan_id from "{schema}".plan o where o.plan_id = any ($1) for update skip locked)"""
#: It was dropped at this moment.
_GONE: Final = (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError)


async def forget(connection: Db, values: Sequence[Mapping[str, Any]]) -> None:
    """Give these plans the names that erased ones have, wherever a plan's row is kept beside the live one."""
    columns = [[row[name] for row in values] for name in ("plan_id", "title", "filename")]
    for row in await connection.fetch(_BESIDE):
        try:
            async with connection.transaction():
                await connection.execute(_FORGET.format(schema=row["nspname"]), *columns)
        except _GONE:
            continue
