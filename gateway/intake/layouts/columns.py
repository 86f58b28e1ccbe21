"""A table whose header is found: gives columns by name, and remembers which were asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import polars as pl

from gateway.intake.dates import moments
from gateway.intake.distinct import Distinct
from gateway.intake.layouts.bill_foot import BELOW, CHARGES, with_foot
from gateway.intake.layouts.claims import Claim
from gateway.intake.layouts.counted import as_counted, counts_units, decimal_mark
from gateway.intake.layouts.factors import times
from gateway.intake.layouts.names import alternatives, currency_in, in_hundredths
from gateway.intake.layouts.summaries import summary_rows
from gateway.intake.tables import NUMBER_MARK, RawTable, unmarked
from gateway.intake.values import cleaned, currencies, numbers
from gateway.intake.words import currency_named, fold

#: The header is looked for in this many rows from the top; Mercado Livre has it in row 6.
HEADER_SEARCH_ROWS: Final = 30
#: What is told of rows that are none of sales.
NOT_COUNTED: Final = "{rows} linha(s) sem valor nem quantidade não foram contadas."
_IN_BRACKETS: Final = re.compile(r"\s*\(([^()\s]{1,5})\)$")
#: What is told of rows that sum up others.
SUMMED_UP: Final = "{rows} linha(s) de total, média ou saldo não foram contadas como venda."


@lru_cache(maxsize=4096)
def key(header: str) -> str:
    """Return the form in which headers are compared: folded, without a currency in brackets at the end."""
    folded = fold(header)
    inner = _IN_BRACKETS.search(folded)
    return (folded if inner is None or currency_named(inner[1]) is None else folded[: inner.start()]).strip(" :*")


def headers_of(table: RawTable, row: int) -> list[str]:
    """Return the table's row number `row` (from 0) as names of columns."""
    return [" ".join((cell or "").split()) for cell in table.top.row(row)]


def header_rows(table: RawTable) -> list[list[str]]:
    """Return the first rows as header keys, empty where a cell is."""
    head = table.top.head(HEADER_SEARCH_ROWS)
    return [[key(cell) if cell else "" for cell in row] for row in head.rows()]


@dataclass(slots=True)
class Columns:
    """The body of a table under its header. Columns are read as text, numbers or dates by their names.

    Of several names the first that exists is taken; `nth` picks among columns of the same name.
    """

    table: RawTable
    frame: pl.DataFrame  # the columns by their places, `0`, `1`, ...; of a large table only some
    headers: list[str]  # as written, by position
    rows: pl.Series  # the number of each row in its sheet, from 1, as a person sees it there
    header_row: int = 0
    channels: tuple[str, ...] = ()  # that the upload asks about
    used: list[str] = field(default_factory=list)
    places: set[int] = field(default_factory=set)  # of the columns that were used
    totals: set[int] = field(default_factory=set)  # of those that were held against what they are made of
    read: set[int] = field(default_factory=set)  # of those that were looked into, used or not
    asked: dict[int, str] = field(default_factory=dict)  # of those that were asked for by name: what they have to be
    missing: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    doubt: str = ""  # why a person is asked what its amounts are, where an export that is known does not tell it
    channel_from: str = "do título ou das colunas da tabela"  # what names the channel, as a person is told it
    _left_out: int = 0  # rows that are no sales
    _summaries: int = 0  # rows that sum up others
    _amounts: dict[int, pl.Series] = field(default_factory=dict)  # numbers by column, once they were read
    _last: tuple[int, Distinct] | None = None  # the column that was taken apart last: it is mostly asked for twice
    _only_currency: str | None = None  # where the first header told it of all rows: most columns say the same again
    currency: pl.Series | None = None  # by row, where amounts are written with it (`US$ 10.50`)

    @classmethod
    def below(cls, table: RawTable, row: int) -> Columns:
        """Take the table's row number `row` (from 0) as header and the rest as body, without total rows."""
        headers = headers_of(table, row)
        body = table.rows().slice(row + 1)
        body = body if table.is_clean else body.with_columns(cleaned(pl.all()))
        numbers_in_sheet = pl.int_range(row + 2, row + 2 + body.height, dtype=pl.Int64, eager=True)
        numbers_in_sheet = numbers_in_sheet if table.numbers is None else table.numbers.slice(row + 1)
        filled = body.select(~pl.all_horizontal(pl.all().is_null())).to_series()
        if not filled.all():  # else a large table would be copied for nothing
            body, numbers_in_sheet = body.filter(filled), numbers_in_sheet.filter(filled)
        body, foot = with_foot(body, headers)
        columns = cls(table, body, headers, numbers_in_sheet, row)
        del body  # of a large table the rows that are kept would stand beside all of them
        columns.drop_summaries(foot.sums)
        columns.leave_out(foot.blank)
        columns._dropped(foot.charges, CHARGES, 0)
        columns._dropped(foot.rest, BELOW, 0)
        columns._drop_headers()
        columns.drop_summaries(summary_rows(columns.frame, headers))
        return columns

    @property
    def height(self) -> int:
        return self.frame.height

    @property
    def titles(self) -> list[str]:
        """Return the texts above the header."""
        return [cell for cells in self.table.top.head(self.header_row).rows() for cell in cells if cell]

    def keep(self, condition: pl.Series) -> None:
        """Keep only the rows for which the condition holds."""
        self._change(self.frame.filter(condition), lambda one: one.filter(condition))

    def repeat(self, places: pl.Series) -> None:
        """Select the rows at these places (from 0); a place may occur several times."""
        self._change(self.frame[places], lambda one: one.gather(places))

    def leave_out(self, condition: pl.Series) -> None:
        """Drop the rows for which the condition holds, and tell how many in all were no sales."""
        self._left_out = self._dropped(condition, NOT_COUNTED, self._left_out)

    def drop_summaries(self, rows: pl.Series | None) -> None:
        """Drop rows that sum up others, and tell how many in all they were."""
        self._summaries = self._summaries if rows is None else self._dropped(rows, SUMMED_UP, self._summaries)

    def drop_notes(self, required: Sequence[str], written: Mapping[str, str]) -> None:
        """Drop rows that have no more than half of these columns: they are notes.

        `written` has the names as the document writes them, in another language: rows of these are its header again.
        """
        places = {name: place for name in required if (place := self._find(alternatives(name), 0)) is not None}
        if not self.height:
            return
        cells = {name: self.cells(place) for name, place in places.items()}
        if any(column.null_count() for column in cells.values()):
            filled = pl.sum_horizontal(column.is_not_null().cast(pl.Int32) for column in cells.values())
            self.leave_out(pl.select(filled * 2 <= len(cells)).to_series())
        first = next(iter(written), None)
        if first in cells:
            self.leave_out((self.cells(places[first]) == written[first]).fill_null(value=False))

    def cells(self, index: int) -> pl.Series:
        """Return the column at this place, without counting it as used."""
        self.read.add(index)
        if (name := str(index)) in self.frame.columns:
            return self.frame[name]
        return self.table.column(index).gather(self.rows - 1)

    def text_at(self, index: int) -> pl.Series:
        """Return the cleaned text of the column at this place."""
        self._note(index)
        return unmarked(self.cells(index))

    def number_at(self, index: int) -> pl.Series:
        """Return the numbers of the column at this place."""
        self._note(index)
        return self._numbers(index)

    def amounts(self, index: int) -> pl.Series:
        """Return the numbers of the column at this place, without counting it as used."""
        if index not in self._amounts:
            counts = counts_units(self.headers[index])
            mark = decimal_mark(self.frame) if counts else ""
            read = self._apart(index).read(lambda cells: numbers(as_counted(cells, mark)))
            # what is written with decimals is in whole units, whatever it is called: nothing costs a part of a cent
            hundredths = in_hundredths(self.headers[index]) and bool((read.drop_nulls() % 1 == 0).all())
            read = (read / 100).round(4) if hundredths else read
            self._amounts[index] = read if (many := times(self.headers[index])) == 1 else (read * many).round(2)
        return self._amounts[index]

    def put_amounts(self, index: int, amounts: pl.Series) -> None:
        """Let these be the numbers of the column at this place, of the rows that are kept."""
        self._amounts[index] = amounts

    def currency_at(self, index: int) -> pl.Series | None:
        """Return each amount's currency, else that of the header; None if neither has one."""
        named, code = self._currencies(index), currency_in(self.headers[index])
        if code is None:
            return named
        return pl.Series([code]).new_from_index(0, self.height) if named is None else named.fill_null(code)

    def first_cell(self, name: str) -> str | None:
        """Return the column's first text below the header, whatever rows were dropped since; None where none is."""
        index = self._find((name,), 0)
        if index is None:
            return None
        below = self.table.top[str(index)].slice(self.header_row + 1)
        if self.table.needed is not None:  # the first rows are as they were read; all rows are read anew
            below = below.to_frame().select(cleaned(pl.all())).to_series()
            below = below if below.count() else self.table.column(index).slice(self.header_row + 1)
        cells = below.drop_nulls().head(1).to_list()
        return str(cells[0]).strip().removeprefix(NUMBER_MARK) if cells else None

    def has(self, *names: str) -> bool:
        """Say whether one of the names is there, without counting it as used or missing."""
        return self._find(names, 0) is not None

    def text(self, *names: str, nth: int = 0, optional: bool = False) -> pl.Series | None:
        """Return the cleaned text of a column; None if it is missing."""
        index = self._asked(names, nth, Claim.NAME, optional=optional)
        return None if index is None else unmarked(self.cells(index))

    def number(self, *names: str, nth: int = 0, optional: bool = False) -> pl.Series | None:
        """Return a column's numbers; None if it is missing. Notes the currency of cells or header."""
        index = self._asked(names, nth, Claim.AMOUNT, optional=optional)
        return None if index is None else self._numbers(index)

    def moment(self, *names: str, day_first: bool | None = True, optional: bool = False) -> pl.Series | None:
        """Return a column's dates; None if it is missing."""
        index = self._asked(names, 0, Claim.DAY, optional=optional)
        if index is None:
            return None
        return self._apart(index).read(lambda cells: moments(unmarked(cells), day_first=day_first))

    def _asked(self, names: tuple[str, ...], nth: int, claim: str, *, optional: bool) -> int | None:
        index = self._find(names, nth)
        if index is not None:
            self._note(index)
            self.asked.setdefault(index, claim)
        elif not optional:
            self.missing.append(names[0])
        return index

    def _numbers(self, index: int) -> pl.Series:
        named, code = self._currencies(index), currency_in(self.headers[index])
        if named is None and (code is None or code == self._only_currency):
            return self.amounts(index)
        if named is None:
            if self.currency is None:
                self._only_currency = code
            named = pl.Series([code]).new_from_index(0, self.height)
        return self._in_one_currency(index, named)

    def _currencies(self, index: int) -> pl.Series | None:
        cells = self._apart(index)
        return None if (named := currencies(cells.cells)) is None else cells.to_rows(named)

    def _apart(self, index: int) -> Distinct:
        if self._last is None or self._last[0] != index:
            self._last = index, Distinct.of(self.cells(index))
        return self._last[1]

    def _in_one_currency(self, index: int, named: pl.Series) -> pl.Series:
        """Return the amounts of a column that names its currency: none where the row's first amount is in another."""
        amounts = self.amounts(index)
        if self.currency is None:
            self.currency = named
            return amounts
        foreign = (named != self.currency).fill_null(value=False)
        self.currency = self.currency.fill_null(named)
        if not foreign.any():
            return amounts
        codes = ", ".join(sorted(set(named.filter(foreign).to_list())))
        own = ", ".join(sorted(set(self.currency.filter(foreign).to_list())))
        self.warnings.append(
            f"“{self.headers[index]}” tem valores em {codes}, e a venda está em {own}: {int(foreign.sum())} valor(es) "
            "dessa coluna não foram usados."
        )
        return pl.select(pl.when(~foreign).then(amounts)).to_series().alias(amounts.name)

    def _note(self, index: int) -> None:
        self.used.append(self.headers[index])
        self.places.add(index)

    def _find(self, names: tuple[str, ...], nth: int) -> int | None:
        keys = [key(header) for header in self.headers]
        for name in names:
            places = [index for index, header in enumerate(keys) if header == key(name)]
            if len(places) > nth:
                return places[nth]
        return None

    def _drop_headers(self) -> None:
        """Drop the header where it comes again, as it does in files that were put together of several."""
        names = {name: header for name in self.frame.columns if (header := self.headers[int(name)])}
        first = next(iter(names), None)
        if first is None or not (self.frame[first] == names[first]).any():
            return
        again = pl.all_horizontal(pl.col(name).is_null() | (pl.col(name) == header) for name, header in names.items())
        filled = pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int32) for name in names)
        self.leave_out(self.frame.select((again & (filled * 2 > len(names))).alias("again")).to_series())

    def _dropped(self, rows: pl.Series, told: str, before: int) -> int:
        """Drop these rows, and report their number with those dropped before."""
        if not rows.any():
            return before
        if before:
            self.warnings.remove(told.format(rows=before))
        every = before + int(rows.sum())
        self.warnings.append(told.format(rows=every))
        self.keep(~rows)
        return every

    def _change(self, frame: pl.DataFrame, of: Callable[[pl.Series], pl.Series]) -> None:
        self.frame, self.rows, self._last = frame, of(self.rows), None
        self._amounts = {index: of(amounts) for index, amounts in self._amounts.items()}
        self.currency = None if self.currency is None else of(self.currency)
