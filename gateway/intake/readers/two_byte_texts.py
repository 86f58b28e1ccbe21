"""Reads texts of old workbooks whose program wrote two bytes a letter and did not say so."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.tables import RawDocument

#: What stands behind each letter then.
_NULL: Final = "\x00"
#: So many of the first rows tell it of the whole table.
_LOOKED_AT: Final = 5


def without_nulls(document: RawDocument) -> RawDocument:
    """Return the document with texts as they are meant, where those of its first rows have nulls between letters."""
    tables = [
        replace(table, frame=table.frame.with_columns(pl.all().str.replace_all(_NULL, "", literal=True)))
        if _has_nulls(table.frame.head(_LOOKED_AT))
        else table
        for table in document.tables
    ]
    return replace(document, tables=tables)


def _has_nulls(rows: pl.DataFrame) -> bool:
    return any(cell is not None and _NULL in cell for row in rows.rows() for cell in row)
