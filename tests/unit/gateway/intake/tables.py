"""Tables for tests, as readers hand them on."""

import polars as pl

from gateway.intake.fields import Mappings
from gateway.intake.layouts import Reading, understand
from gateway.intake.tables import RawTable

Row = list[str | None]


def raw(rows: list[Row], where: str = "t", *, free: bool = False) -> RawTable:
    """Return the rows as a table; short ones are filled up."""
    width = max(len(row) for row in rows)
    data = {str(i): [row[i] if i < len(row) else None for row in rows] for i in range(width)}
    return RawTable(where, pl.DataFrame(data, schema=dict.fromkeys(data, pl.String)), free)


def cells(text: str, separator: str = ";") -> list[Row]:
    """Return the lines of a text as rows; an empty field is a blank cell."""
    return [[field.strip() or None for field in line.split(separator)] for line in text.strip().splitlines()]


def reading(
    text: str, channels: list[str] | None = None, *, where: str = "t", mappings: Mappings | None = None
) -> Reading:
    """Read a table that is written with semicolons."""
    return understand(raw(cells(text), where), channels or ["own_store"], mappings)


def sold(found: Reading) -> pl.DataFrame:
    """Return the lines that were read; they have to be there."""
    assert found.lines is not None, found.report
    return found.lines


def fields(found: Reading) -> dict[str, str]:
    """Return field -> column, of those that were used."""
    return {column.field: column.header for column in found.report.columns if column.field and column.confidence >= 0.6}
