"""Gives each process its user in the database with the rights that it needs, and its password where a file has one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import asyncpg

from projections.migration.refusals import MigrationRefused
from schemas.database.grants import PROCESSES, statements, user_of
from schemas.process import audited

#: A process's password stands in the folder that is called after it.
PASSWORD: Final = "password"  # noqa: S105 - the name of a file
#: By the server: it quotes a password as it has to be.
_SET: Final = "select format('alter role %I password %L', $1::text, $2::text)"


async def give(url: str, passwords: Path | None = None, *, added: bool = False) -> list[str]:
    """Make users and rights as the owner at `url`; return the users. `added`: the rights of the version before stay.

    `passwords`: a folder with a folder for each process. Raises MigrationRefused, before anything is changed, where one
    is missing there, and asyncpg's errors as they are.
    """
    users = {process: user_of(process) for found in PROCESSES.values() for process in found}
    given = {} if passwords is None else {process: _password(passwords / process / PASSWORD) for process in users}
    connection = await asyncpg.connect(url)
    try:
        for statement in statements(added=added):
            await connection.execute(statement)
        for process, password in given.items():
            await connection.execute(await connection.fetchval(_SET, users[process], password))
        if await connection.fetchval("select to_regclass('audit.entry') is not null"):
            told = {"users": list(users.values()), "passwords": len(given), "added": added}
            await audited.tell(connection, "system.rights", "", **told)
    finally:
        await connection.close()
    return list(users.values())


def _password(file: Path) -> str:
    try:
        said = file.read_text("utf-8")
    except OSError as error:
        raise MigrationRefused(f"no password in {file}: {error.strerror}") from error
    if not said:
        raise MigrationRefused(f"no password in {file}: it is empty")
    return said
