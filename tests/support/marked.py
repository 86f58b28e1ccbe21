"""Looks for words in everything that a database keeps, in whatever schema, table and column, bytes included."""

from __future__ import annotations

from typing import Any

#: All tables but the server's own. A schema that only a rebuild or a crash has left is looked at, too.
_TABLES = """
    select format('%I.%I', schemaname, tablename) from pg_tables
     where schemaname <> 'information_schema' and schemaname not like 'pg\\_%' order by 1"""


async def tables_with(db: Any, *words: str) -> list[str]:
    """Return the tables that have one of the words anywhere: as text, within JSON, or within bytes."""
    wanted = [f"%{form}%" for word in words for form in (word, word.encode().hex())]
    return [
        table
        for (table,) in await db.fetch(_TABLES)
        if await db.fetchval(f"select exists (select from {table} t where t::text ilike any ($1::text[]))", wanted)
    ]
