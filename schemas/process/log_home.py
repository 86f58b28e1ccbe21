"""Refuses to start a process whose topic prefix is not the one of its database's log.

With another prefix the log looks empty. The read models would begin anew, groups would read from the beginning, and
what was published would be taken for lost and sent once more, into topics of nobody. So the prefix is noted with the
data when the topics are made (`streams.provision`), and a process with another one ends before it reads or writes.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

import asyncpg
import structlog

from schemas import prefix
from schemas.process.connection import Db
from schemas.process.database import connect
from schemas.process.database_away import DATABASE_UNABLE
from schemas.process.places import growth
from schemas.process.settings import DATABASE, TOPIC_PREFIX, SettingsError

#: A database that takes longer is away; it is asked again meanwhile.
WITHIN_S: Final = 3.0
#: Between two questions: twice as long each time, up to the second one. A process may begin before its prefix is noted.
AGAIN_S: Final = (1.0, 60.0)
#: As start.REFUSED: what is wrong is a setting.
REFUSED: Final = 2
NOTED: Final = "select prefix from flow.log_home"
_GROWN: Final = "select partitions, dealt_among from flow.log_home"


def demand_same(env: Mapping[str, str], end: Callable[[int], object] = os._exit) -> None:
    """Return where the prefix is the one that is noted, or none is. Raises SettingsError where it is another one.

    While the database is away, or before the topics are made, nobody knows: then it is asked again beside the work, and
    `end` ends the process.
    """
    url = env.get(DATABASE)
    if url and not _is_same(url):
        threading.Thread(target=_keep_asking, args=(url, end), name="log-home", daemon=True).start()


def why_not(noted: str | None) -> str | None:
    """Return why the log is not where this process looks, None where it is or nobody has noted it."""
    used = prefix.used()
    if noted is None or noted == used:
        return None
    return (
        f"{TOPIC_PREFIX} is {used!r}, and the log of this database is under {noted!r}: set it to {noted!r} again,"
        " or give the database that belongs to this log. To move a system to another prefix, restore a backup of it"
        " there (docs/deploy.md)"
    )


async def noted_in(connection: asyncpg.Connection) -> str | None:
    """Return the prefix that is noted; None where none is, as by an earlier version, or where it may not be read."""
    try:
        found: str | None = await connection.fetchval(NOTED)
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError, asyncpg.InsufficientPrivilegeError):
        return None
    return found


async def learn_growth(connection: Db) -> None:
    """Learn how many partitions there are, where some were added. Who has a heartbeat hears of more by that."""
    try:
        found = await connection.fetchrow(_GROWN)
    except (
        asyncpg.UndefinedTableError,
        asyncpg.UndefinedColumnError,
        asyncpg.InvalidSchemaNameError,
        asyncpg.InsufficientPrivilegeError,
    ):
        return  # tables of an earlier version
    if found is not None:
        growth.learn(found["partitions"], found["dealt_among"])


def _is_same(url: str) -> bool:
    """Say whether the prefix is the one that is noted; not, where nobody knows yet. Raises SettingsError."""
    try:
        noted = asyncio.run(_asked(url))
    except DATABASE_UNABLE:
        return False
    if why := why_not(noted):
        raise SettingsError(why)
    return noted is not None


async def _asked(url: str) -> str | None:
    connection = await connect(url, "log-home", connect_s=WITHIN_S, statement_s=WITHIN_S)
    try:
        await learn_growth(connection)
        return await noted_in(connection)
    finally:
        await connection.close(timeout=1)


def _keep_asking(url: str, end: Callable[[int], object]) -> None:
    again_s, most_s = AGAIN_S
    try:
        while not _is_same(url):
            time.sleep(again_s)
            again_s = min(again_s * 2, most_s)
    except SettingsError as error:
        structlog.get_logger("log-home").critical(str(error))
        end(REFUSED)
