"""The functions of the database: each file that differs is applied, as one set with a number that rises.

The rows that the functions go by (`schemas/database/reference.py`) belong to the set.

Old and new versions run side by side in a rolling deploy, and both may run `migrate`. So the higher number stays: the
older version leaves it alone, and its processes work with the newer functions as they do during the deploy.

How a function changes while both versions call it:
- Its body: edit the file. The old version calls the new body.
- Its parameters: add an overload to its file; a later version takes the old one out and drops it by a `post` change.
- Its result, or a parameter's name: Postgres replaces no such function. Give the new one another name.
- It goes: delete the file, and drop the function by a `post` change. A file that is gone drops nothing by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from projections.migration import records, reference
from projections.migration.patience import in_one_go
from projections.migration.records import Records
from projections.migration.refusals import FunctionRefused, NotSealed, NumberTaken
from schemas.database import Files, Function, Seal
from schemas.process import logs


def check_sealed(files: Files) -> None:
    """Raise NotSealed where a function differs from the sealed set."""
    if files.functions_digest != files.seal.digest:
        raise NotSealed(
            f"the functions are not those of set {files.seal.number} any more:"
            " `python -m projections.migrate --seal` gives them a number of their own"
        )


def is_due(own: Seal, there: Seal | None, *, back: bool) -> bool:
    """Tell whether a database with the set `there` gets the set `own`.

    Raises NumberTaken where the number says that they are the same, and they are not.
    """
    if there is None or own.number > there.number or back:
        return own != there
    if own.number == there.number and own.digest != there.digest:
        raise NumberTaken(
            f"the database has other functions under the number {own.number}: they come from another branch."
            " Raise the number above theirs in schemas/database/functions/set.toml, or apply these with --back"
        )
    return False


async def apply(connection: asyncpg.Connection, files: Files, known: Records, *, back: bool) -> list[str]:
    """Apply every function file that differs, and the rows that they go by, in one transaction; return their names.

    Raises MigrationRefused.
    """
    if not is_due(files.seal, known.seal, back=back):
        if known.seal is not None and known.seal.number > files.seal.number:
            logs.tell(
                f"the database has set {known.seal.number} of the functions, newer than {files.seal.number} of this"
                " version: it stays (--back puts the older one in its place)"
            )
        return []
    due = [f for f in files.functions if known.functions.get(f.name) != f.digest]
    filled: list[str] = []

    async def work() -> None:
        # what a body calls may come later in the order of the files
        await connection.execute("set local check_function_bodies = off")
        await _create(connection, due)
        filled[:] = await reference.fill(connection, files.references)
        await records.replace_functions(connection, files.functions, files.seal)

    await in_one_go(connection, f"set {files.seal.number} of the functions", work)
    return [*(f"functions/{f.name}" for f in due), *filled]


async def _create(connection: asyncpg.Connection, functions: Sequence[Function]) -> None:
    for function in functions:
        try:
            await connection.execute(function.definition)
        except asyncpg.InvalidFunctionDefinitionError as error:
            raise FunctionRefused(
                f"functions/{function.name}: {error}. Processes of the old version call it as it is: give the new one"
                " another name, and drop the old one later by a post migration"
            ) from error
