"""What readers return: tables of raw text cells, and the text around them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

from gateway.intake.limits import Limits
from gateway.intake.refused import Refused

#: Stands before a cell that is a number in the workbook itself, where its text (`15.125`) could be read as 15,125.
NUMBER_MARK: Final = "\ue000"
#: As text this is fifteen or fifteen thousand; as a number it is only one of them.
AMBIGUOUS: Final = r"^-?[1-9]\d{0,2}\.\d{3}$"


def unmarked(cells: pl.Series) -> pl.Series:
    """Return the cells without the mark of numbers; without such a mark the column is not copied."""
    if not cells.str.starts_with(NUMBER_MARK).any():
        return cells
    return cells.str.strip_chars_start(NUMBER_MARK)


@dataclass(frozen=True, slots=True)
class Marks:
    """The numbers of rows, from 1: struck through, and in the colour that a legend says is of no sale.

    `colour`: the word of the legend; empty without one.
    """

    struck: frozenset[int] = frozenset()
    coloured: frozenset[int] = frozenset()
    colour: str = ""


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table as it stands in the document: columns `0`, `1`, ... of text; headers are rows like others.

    `where` names the place for a person, in Portuguese ("planilha 'orders'"). `free` says that the table
    stood in running text, where a table of figures may be quoted if nothing else is known of it; `caption` is the
    line above it there.
    """

    where: str
    frame: pl.DataFrame
    free: bool = False
    caption: str = ""
    #: The headings that it stands under, from the outermost one to the nearest; of a table in running text. In a PDF:
    #: the short lines above it.
    headings: tuple[str, ...] = ()
    #: Of a large table `frame` is only the head: all `height` rows of named columns are read by this.
    whole: Callable[[Sequence[str]], pl.DataFrame] | None = None
    height: int = 0
    #: All rows of the columns that are needed of a large table, once its head told which. Nobody else holds them.
    needed: Callable[[], pl.DataFrame] | None = None
    #: The number of each row in its sheet, from 1, where rows were left out or made of columns.
    numbers: pl.Series | None = None
    #: Cells have no blanks around them, and are null where empty.
    is_clean: bool = False
    #: The channel that the file's name tells, of those that were asked for; empty where it tells none, or several.
    named_by_file: str = ""
    #: The channel that the sheet's name tells beside those of other sheets; empty where it tells none by that.
    named_by_sheet: str = ""
    #: As uploaded, where it may tell what no cell does.
    filename: str = ""
    #: The currency that a person says its amounts are in; empty where nobody says.
    currency: str = ""
    #: The day on which it is read, after which nothing was sold; None where nobody says.
    today: date | None = None
    #: Why rows of it may be missing; empty where they are all there. Parts have no sums.
    cut: str = ""
    #: The rows that a person marked by hand in a workbook; None where nobody did.
    marks: Marks | None = None
    #: Lines that were taken off it: `# Start date: 20260101`.
    comments: tuple[str, ...] = ()

    @property
    def top(self) -> pl.DataFrame:
        """Return the first rows with all columns, by which the table is recognised."""
        return self.frame

    def number(self, row: int) -> int:
        """Return the number in the sheet, from 1, of the row at this place, from 0."""
        return row + 1 if self.numbers is None else int(self.numbers[row])

    def column(self, index: int) -> pl.Series:
        """Return all rows of the column at this place; of a large table it is read now, if it was not before."""
        return self.columns([index])[str(index)]

    def columns(self, indexes: Sequence[int]) -> pl.DataFrame:
        """Return all rows of the columns at these places, as `column` does: a large table is read once for all."""
        names = [str(index) for index in indexes]
        if self.needed is None:
            return self.frame.select(names)
        assert self.whole is not None
        return self.whole(names)

    def rows(self) -> pl.DataFrame:
        """Return all rows; of a large table the columns that are needed."""
        return self.frame if self.needed is None else self.needed()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of a long table, by its first rows: these columns by name, or all; cells with blanks, or without.

    Columns that are named have their cells cleaned.
    """

    columns: tuple[str, ...] | None = None
    is_clean: bool = False


Want = Callable[[RawTable], Wanted]


def want_all(_table: RawTable) -> Wanted:
    """Want all of a table as it stands there."""
    return Wanted()


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A document as read: nothing is masked yet, so it must not leave the reading process.

    `parts` is the text by its places ("página 2"), where the document has such. `cut` says why rows that stand in the
    text may not be all of theirs; empty where the text is whole.
    """

    tables: list[RawTable] = field(default_factory=list)
    text: str = ""
    warnings: list[str] = field(default_factory=list)
    parts: list[tuple[str, str]] = field(default_factory=list)
    cut: str = ""


def check_shape(columns: int, rows: int, limits: Limits) -> None:
    """Refuse a table that is wider or longer than the limits."""
    if columns > limits.max_columns:
        raise Refused.because("too-many-columns", limit=f"{limits.max_columns:,}")
    if rows > limits.max_rows:
        raise Refused.because("too-many-rows", limit=f"{limits.max_rows:,}")


def table_from_rows(
    where: str,
    rows: Sequence[Sequence[str | None]],
    limits: Limits,
    caption: str = "",
    cut: str = "",
    headings: tuple[str, ...] = (),
) -> RawTable | None:
    """Build a table of running text from its rows; None if it has less than a header and a row."""
    width = max((len(row) for row in rows), default=0)
    check_shape(width, len(rows), limits)
    if len(rows) < 2 or width < 2:
        return None
    columns = {str(index): [_cell(row[index]) if index < len(row) else None for row in rows] for index in range(width)}
    schema = dict.fromkeys(columns, pl.String)
    return RawTable(where, pl.DataFrame(columns, schema=schema), free=True, caption=caption, cut=cut, headings=headings)


def _cell(value: str | None) -> str | None:
    text = " ".join(value.split()) if value else ""
    return text or None
