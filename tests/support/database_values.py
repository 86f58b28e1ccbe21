"""One value of a database, by a connection of its own."""

from __future__ import annotations

import asyncpg


async def value(url: str, query: str) -> object:
    """Return the first value of the first row that a query finds."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()
