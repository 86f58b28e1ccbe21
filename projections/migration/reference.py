"""Fills the reference tables from the code: differences before the new version starts, deletions after it."""

from __future__ import annotations

from collections.abc import Iterable

import asyncpg

from schemas.database.reference import Reference


async def fill(connection: asyncpg.Connection, references: Iterable[Reference]) -> list[str]:
    """Add and change rows; one that the new version does not know stays, since the old one works by it.

    Return the tables in which anything changed.
    """
    changed: list[str] = []
    for reference in references:
        rows = [await connection.fetchrow(_upsert(reference), *row) for row in reference.rows]
        changed += [f"rows of {reference.table}"] if any(rows) else []
    return changed


async def clear(connection: asyncpg.Connection, references: Iterable[Reference]) -> list[str]:
    """Delete the rows that the code no longer has; return them."""
    gone: list[str] = []
    for reference in references:
        keys = [[row[n] for row in reference.rows] for n in range(reference.keys)]
        gone += [
            f"{reference.table} without {' '.join(row)}" for row in await connection.fetch(_delete(reference), *keys)
        ]
    return gone


def _upsert(reference: Reference) -> str:
    key = ", ".join(reference.columns[: reference.keys])
    others = reference.columns[reference.keys :]
    return (
        f"insert into {reference.table} as there ({', '.join(reference.columns)})"  # noqa: S608 - names of the code
        f" values ({', '.join(f'${n}' for n in range(1, len(reference.columns) + 1))})"
        f" on conflict ({key}) do update set {', '.join(f'{name} = excluded.{name}' for name in others)}"
        f" where ({', '.join(f'there.{name}' for name in others)})"
        f" is distinct from ({', '.join(f'excluded.{name}' for name in others)}) returning true"
    )


def _delete(reference: Reference) -> str:
    names = reference.columns[: reference.keys]
    arrays = ", ".join(f"${n}::text[]" for n in range(1, reference.keys + 1))
    return (
        f"delete from {reference.table} there where not exists (select from unnest({arrays}) known ({', '.join(names)})"  # noqa: S608 - names of the code
        f" where {' and '.join(f'known.{name} = there.{name}' for name in names)})"
        f" returning {', '.join(f'there.{name}' for name in names)}"
    )
