"""What the readers hand on: tables of raw text cells, and the text around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from gateway.intake.limits import Limits
from gateway.intake.refused import Refused

#: Stands before a cell that is a number in the workbook itself, where its text (`15.125`) could be read as 15,125.
NUMBER_MARK: Final = "\ue000"


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table as it stands in the document: columns `0`, `1`, ... of text; headers are rows like others.

    `where` names the place for a person, in Portuguese ("planilha 'orders'"). `free` says that the table
    stood in running text, where a table of figures may be quoted if nothing else is known of it.
    """

    where: str
    frame: pl.DataFrame
    free: bool = False


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A document as read: nothing is masked yet, so it must not leave the reading process."""

    tables: list[RawTable] = field(default_factory=list)
    text: str = ""
    warnings: list[str] = field(default_factory=list)


def check_shape(columns: int, rows: int, limits: Limits) -> None:
    """Refuse a table that is wider or longer than the limits."""
    if columns > limits.max_columns:
        raise Refused.because("too-many-columns", limit=f"{limits.max_columns:,}")
    if rows > limits.max_rows:
        raise Refused.because("too-many-rows", limit=f"{limits.max_rows:,}")


def table_from_rows(where: str, rows: Sequence[Sequence[str | None]], limits: Limits) -> RawTable | None:
    """Build a table of running text from its rows; None where it is smaller than a header and a row."""
    width = max((len(row) for row in rows), default=0)
    check_shape(width, len(rows), limits)
    if len(rows) < 2 or width < 2:
        return None
    columns = {str(index): [_cell(row[index]) if index < len(row) else None for row in rows] for index in range(width)}
    schema = dict.fromkeys(columns, pl.String)
    return RawTable(where, pl.DataFrame(columns, schema=schema), free=True)


def _cell(value: str | None) -> str | None:
    text = " ".join(value.split()) if value else ""
    return text or None
