"""Databases for tests, on the server of their session: copies of a template, dropped when their file is over."""

from __future__ import annotations

import os
import uuid
from types import TracebackType
from typing import Self

import asyncpg


class Databases:
    """Makes one database after the other through one connection, since a connection costs half as much as a database.

    `admin`: the server's own database. `url_of` gives the URL of another one. Those of files that are over are dropped
    if `dropped`: in memory they would take it up, and on a disk it costs more than it gives.
    """

    def __init__(self, admin: str, *, dropped: bool) -> None:
        self._admin = admin
        self._dropped = dropped
        self._pool = asyncpg.create_pool(admin, min_size=0, max_size=1)
        self._made: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        await self._pool
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.terminate()

    async def create(self, template: str = "template1", *, kept: bool = False) -> str:
        """Make a database and return its URL; `kept` to the end of the session, else to the end of the test's file."""
        name, file = f"test_{uuid.uuid4().hex}", _file()
        async with self._pool.acquire() as connection:
            if self._dropped:
                for over in [made for made, its in self._made.items() if its != file]:
                    await connection.execute(f'drop database if exists "{over}" with (force)')
                    del self._made[over]
            # not by the write-ahead log, which is as long again as the database
            await connection.execute(f'create database "{name}" template "{template}" strategy file_copy')
        if not kept:
            self._made[name] = file
        return f"{self._admin.rpartition('/')[0]}/{name}"


def _file() -> str:
    """Return the file of the test that runs, whose fixtures are set up or torn down."""
    return os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[0]
