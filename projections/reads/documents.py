"""The reading of a plan's document: its figures and how its tables were understood, never the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from projections.reads.rows import Reader, from_json
from schemas.facts import DocumentFacts, TableRead


@dataclass(frozen=True, slots=True)
class Document:
    document_id: UUID
    plan_id: UUID
    sha256: str
    channels: list[str]
    facts: DocumentFacts
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """How a document was read: each table's layout and columns, and what the reading could not do."""

    tables: list[TableRead]
    warnings: list[str]


async def reading_of_plan(db: Reader, plan_id: UUID) -> DocumentReading | None:
    """Return how a plan's document was read, without its figures; None where it is not there (any more)."""
    row = await db.fetchrow(
        "select facts -> 'tables' as tables, facts -> 'warnings' as warnings from decide.document where plan_id = $1",
        plan_id,
    )
    if row is None:
        return None
    tables = [TableRead(**table) for table in from_json(row["tables"]) or []]
    return DocumentReading(tables, from_json(row["warnings"]) or [])


async def of_plan(db: Reader, plan_id: UUID) -> Document | None:
    """Return the document that a plan was made from; None where there is no such plan."""
    row = await db.fetchrow(
        "select document_id, plan_id, sha256, channels, facts, stored_at from decide.document where plan_id = $1",
        plan_id,
    )
    if row is None:
        return None
    return Document(
        row["document_id"],
        row["plan_id"],
        row["sha256"],
        row["channels"],
        DocumentFacts.from_dict(from_json(row["facts"])),
        row["stored_at"],
    )
