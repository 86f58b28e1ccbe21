"""Parses each distinct cell of a column once: a million rows have few different prices and days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

#: The least cells for which this saves time.
_WORTH_IT: Final = 50_000
#: With more distinct cells than this share of all, each is read where it stands.
_MOST_DISTINCT: Final = 0.5
#: A text of so many bytes lies within its cell.
_WITHIN_CELLS: Final = 12


@dataclass(frozen=True, slots=True)
class Distinct:
    """A column as its distinct cells, in the order of their first rows, and each row's place among them.

    `places` is None if too many cells are distinct: then `cells` is the column itself.
    """

    cells: pl.Series
    places: pl.Series | None = None

    @classmethod
    def of(cls, column: pl.Series) -> Distinct:
        """Take a column of text apart."""
        if len(column) < _WORTH_IT or _about_how_many(column) > _MOST_DISTINCT * len(column):
            return cls(column)
        # as categories each text is looked up once; joining the different ones to their rows costs four times as much
        codes = column.cast(pl.Categorical(pl.Categories.random())).to_physical()
        first = codes.arg_unique()
        by_code = pl.DataFrame({"code": codes.gather(first)}).with_row_index("place").sort("code", nulls_last=True)
        texts = by_code.height - by_code["code"].null_count()
        if codes.max() != texts - 1:  # codes are numbered without gaps; else they could not be looked up by place
            return cls(column)
        return cls(
            column.gather(first), by_code["place"].gather(codes.fill_null(texts) if codes.has_nulls() else codes)
        )

    def read(self, convert: Callable[[pl.Series], pl.Series]) -> pl.Series:
        """Apply `convert` to a column, each different cell once.

        The values may depend only on which cells there are and on the order of their first rows, by which dates are
        told apart.
        """
        return self.to_rows(convert(self.cells))

    def to_rows(self, made: pl.Series) -> pl.Series:
        """Return the converted cells of a column, in the order of its rows."""
        return made if self.places is None else made.gather(self.places)


def shared(column: pl.Series) -> pl.Series:
    """Return the column with each different text in memory once, if they are long enough to lie outside of the cells.

    Where most differ it is returned as it is.
    """
    longest = column.str.len_bytes().max()
    if not isinstance(longest, int) or longest <= _WITHIN_CELLS:
        return column
    found = Distinct.of(column)
    # a text that is put together anew leaves the memory of all texts of the column
    return column if found.places is None else (found.cells + "").gather(found.places).alias(column.name)


def _about_how_many(column: pl.Series) -> int:
    """Estimate the number of distinct cells: counting them would cost as much as reading some columns."""
    return int(pl.DataFrame({"cell": column}).select(pl.col("cell").approx_n_unique()).item())


def by_distinct(cells: pl.Series, convert: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Apply `convert` to cells, each different one once (`Distinct.read`)."""
    return Distinct.of(cells).read(convert).alias(cells.name)
