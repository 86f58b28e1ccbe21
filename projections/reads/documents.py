"""The reading of a plan's document: its figures and how its tables were understood, never the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from projections.reads.rows import Reader, from_json
from schemas.facts import ByChannel, ChannelFacts, CurrencySource, DocumentFacts, Figure, StatedFigure, TableRead


@dataclass(frozen=True, slots=True)
class Document:
    document_id: UUID
    plan_id: UUID
    sha256: str
    channels: list[str]
    facts: DocumentFacts
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class ChannelCurrency:
    """The currency of a channel's amounts and how it is known; both empty: unknown."""

    channel: str
    currency: str
    source: CurrencySource


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """How a document was read: each table's layout and columns, and the limits of the reading.

    `channels` are those that the document has figures of, chosen for the plan or not.
    """

    tables: list[TableRead]
    warnings: list[str]
    channels: list[str]
    currencies: list[ChannelCurrency] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Unnamed:
    """Sales of a document that name no channel. `revenue` without its rows; None: unknown."""

    rows: int
    revenue: Figure | None


@dataclass(frozen=True, slots=True)
class DocumentFigures(ByChannel):
    """The figures of a document by channel, without the samples of their rows: these are many."""

    reading: DocumentReading
    channels: list[ChannelFacts]
    stated: list[StatedFigure]  # by the document's text
    unnamed: Unnamed | None = None


_READING = """
    facts -> 'tables' as tables, facts -> 'warnings' as warnings,
    jsonb_path_query_array(facts, '$.channels[*].channel') as names,
    (select jsonb_agg(jsonb_build_array(c -> 'channel', c -> 'currency', c -> 'currency_source') order by n)
       from jsonb_array_elements(facts -> 'channels') with ordinality cs (c, n)) as currencies"""
_WITHOUT_SAMPLES = """
    jsonb_typeof(facts -> 'unnamed') = 'object' as is_unnamed,
    jsonb_path_query_first(facts, '$.unnamed.figures[*] ? (@.metric == "revenue")') - 'rows' as revenue,
    (select jsonb_agg(c - '{month_rows,product_rows}'::text[] || jsonb_build_object('figures',
            (select coalesce(jsonb_agg(f #- '{rows,sample}' order by n), '[]')
               from jsonb_array_elements(c -> 'figures') with ordinality fs (f, n))) order by m)
       from jsonb_array_elements(facts -> 'channels') with ordinality cs (c, m)) as channels"""


async def reading_of_plan(db: Reader, plan_id: UUID) -> DocumentReading | None:
    """Return how a plan's document was read, without its figures; None where it is not there (any more)."""
    row = await db.fetchrow(f"select {_READING} from decide.document where plan_id = $1", plan_id)  # noqa: S608 - constants
    return None if row is None else _reading(row)


async def figures_of_plan(db: Reader, plan_id: UUID) -> DocumentFigures | None:
    """Return the figures of a plan's document without the rows behind them; None where it is not there (any more)."""
    row = await db.fetchrow(
        f"select {_READING}, {_WITHOUT_SAMPLES}, facts -> 'stated' as stated"  # noqa: S608 - constants
        " from decide.document where plan_id = $1",
        plan_id,
    )
    if row is None:
        return None
    return DocumentFigures(
        _reading(row),
        [ChannelFacts.from_dict(c) for c in from_json(row["channels"]) or []],
        [StatedFigure.from_dict(s) for s in from_json(row["stated"]) or []],
        _unnamed(row) if row["is_unnamed"] else None,
    )


async def of_plan(db: Reader, plan_id: UUID) -> Document | None:
    """Return the document that a plan was made from; None for an unknown plan."""
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


def _reading(row: Any) -> DocumentReading:
    tables = [TableRead.from_dict(table) for table in from_json(row["tables"]) or []]
    # a document of before told no source: its currency was read
    currencies = [
        ChannelCurrency(channel, code or "", ("read" if source is None else source) if code else "")
        for channel, code, source in from_json(row["currencies"]) or []
    ]
    return DocumentReading(tables, from_json(row["warnings"]) or [], from_json(row["names"]), currencies)


def _unnamed(row: Any) -> Unnamed:
    revenue = from_json(row["revenue"])
    return Unnamed(
        sum(table.get("unnamed", 0) for table in from_json(row["tables"]) or []),
        None if revenue is None else Figure.from_dict(revenue),
    )
