"""What the reader wrote of a document, its places and remarks, in the language that is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gateway.uploads.reading_words import place_in_english, remark_in_english
from gateway.uploads.wanted import WRITTEN
from projections.reads.documents import DocumentReading
from schemas.facts import DocumentFacts, TableRead


def remarks_in(language: str, remarks: Iterable[str]) -> list[str]:
    """Return the remarks; one that is not known stays as it was written."""
    return list(remarks) if language == WRITTEN else list(map(remark_in_english, remarks))


def tables_in(language: str, tables: Iterable[TableRead]) -> list[TableRead]:
    """Return the tables with their places and remarks."""
    return [
        replace(table, where=_place(language, table.where), warnings=remarks_in(language, table.warnings))
        for table in tables
    ]


def reading_in(language: str, found: DocumentReading) -> DocumentReading:
    """Return how a document was read."""
    return replace(found, tables=tables_in(language, found.tables), warnings=remarks_in(language, found.warnings))


def facts_in(language: str, facts: DocumentFacts) -> DocumentFacts:
    """Return a document's facts; what it says itself stays in its own words."""
    return replace(
        facts,
        tables=tables_in(language, facts.tables),
        channels=[replace(one, warnings=remarks_in(language, one.warnings)) for one in facts.channels],
        stated=[replace(one, where=_place(language, one.where)) for one in facts.stated],
        warnings=remarks_in(language, facts.warnings),
    )


def _place(language: str, where: str) -> str:
    return where if language == WRITTEN else place_in_english(where)
