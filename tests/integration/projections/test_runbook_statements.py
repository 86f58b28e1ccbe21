"""Statements that the runbooks have people type fit a database of this version: its tables, columns and settings."""

from __future__ import annotations

import re

import asyncpg
import pytest

from local.state import ROOT

#: What stands in capitals is filled in by a person.
FILLED = {"PID": "1", "SEQ": "1", "VERSION": "1", "STATUS": "approved", "STREAM": "plan-1", "GID": "1"}
FILLED |= {"NAME": "current_user"}


def statements() -> list[str]:
    """Return each statement of the runbooks once, as a person would type it."""
    found: dict[str, None] = {}
    for page in sorted((ROOT / "docs" / "runbooks").glob("*.md")):
        text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
        for typed in re.findall(r"`((?:select|update|delete|alter|grant|rollback) [^`]+)`", text):
            found[re.sub(r"\b[A-Z]{3,}\b", lambda word: FILLED[word[0]], " ".join(typed.split()))] = None
    return list(found)


STATEMENTS = statements()


def test_statements_of_all_kinds_are_found() -> None:
    kinds = {statement.partition(" ")[0] for statement in STATEMENTS}
    assert kinds == {"select", "update", "alter", "grant", "rollback"}


@pytest.mark.parametrize("statement", STATEMENTS)
async def test_a_statement_of_a_runbook_fits_the_database(database_url: str, statement: str) -> None:
    """It is only planned: it ends no session, and changes nothing."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.prepare(statement)
    finally:
        await connection.close()


async def test_one_that_does_not_fit_is_refused(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        with pytest.raises(asyncpg.UndefinedColumnError):
            await connection.prepare("update decide.head set state = 'approved' where stream = 'plan-1'")
    finally:
        await connection.close()
