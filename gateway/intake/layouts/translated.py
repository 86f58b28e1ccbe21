"""Translates the headers of an export that a marketplace writes in several languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import polars as pl

from gateway.intake.tables import RawTable

#: Puts the texts of a column into Portuguese.
Texts = Callable[[pl.Series], pl.Series]


@dataclass(frozen=True, slots=True)
class InPortuguese:
    """A marketplace's table with names in Portuguese; `written` tells each as it stands in the document."""

    table: RawTable
    written: dict[str, str]
    currency: str | None
    is_documented: bool  # known from descriptions and programs, not from a file


def translated(
    table: RawTable,
    row: int,
    places: Mapping[str, str],
    currency: str | None,
    *,
    is_documented: bool,
    texts: Mapping[str, Texts] | None = None,
) -> InPortuguese:
    """Return the table with these names (column -> name) in its header, the row number `row` from 0.

    `texts` puts what stands below a name into Portuguese, too.
    """
    above = table.top.row(row)
    written = {name: " ".join(str(above[int(place)]).split()) for place, name in places.items()}
    told = texts or {}

    def renamed(frame: pl.DataFrame) -> pl.DataFrame:
        columns = []
        for column in frame.iter_columns():
            name = places.get(column.name)
            if name is not None:
                put = told.get(name)
                column = (column if put is None else put(column)).scatter(row, name)  # noqa: PLW2901
            columns.append(column)
        return pl.DataFrame(columns)

    whole, needed = table.whole, table.needed
    put = replace(
        table,
        frame=renamed(table.frame),
        whole=None if whole is None else lambda columns: renamed(whole(columns)),
        needed=None if needed is None else lambda: renamed(needed()),
    )
    return InPortuguese(put, written, currency, is_documented)
