"""Finds rows that sum up others (`Total geral`, `Média`), by their text and by the cells that they lack."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from gateway.intake.layouts.footers import below_the_last_sale
from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.sum_labels import (
    Kind,
    begins_as_a_sum,
    drawn_as_sums,
    kind_of_label,
    may_name_sums,
    those_that_may_name_sums,
)
from gateway.intake.layouts.sums import sums_of_others
from gateway.intake.values import CENTS, numbers

#: A name that is at least this much a field's tells what a row is of.
_SURE: Final = 0.6
#: Columns that are filled in so many of the rows are those that an order has.
_USUAL: Final = 0.8
#: A column holds amounts where so many of its cells are numbers.
_AMOUNTS: Final = 0.8
#: Of a column that tells a property of orders more cells than this share do so, and of few values.
_SELDOM: Final = 0.4
_NAMING: Final = ("order_id", "sku", "title", "at", "month", "channel", "units", "revenue")
_ROW: Final = frozenset(("order_id", "at", "month"))
_PRODUCT: Final = frozenset(("sku", "title"))
#: The text of a ledger's line is named so.
_LEDGER: Final = "_budget"


@dataclass(frozen=True, slots=True)
class _Labels:
    """The texts of one column that name a sum, by how clear they are."""

    column: str
    texts: dict[Kind, list[str]]

    def of(self, *kinds: Kind) -> pl.Expr:
        return pl.col(self.column).is_in([text for kind in kinds for text in self.texts.get(kind, [])])

    @property
    def every(self) -> pl.Expr:
        return self.of("sum", "title", "total", "word").fill_null(value=False)


def summary_rows(frame: pl.DataFrame, headers: Sequence[str]) -> pl.Series | None:
    """Return which rows sum up others; None where none does. `frame` has the columns by their places.

    A row with an order's number of its own and a date or units is an order, whatever else stands in it. Else a text
    that names a sum decides by where it stands: in place of the order's number or date it is enough; in place of a
    product's name, or anywhere else, the row has to lack what the others have, or its amount has to be their sum.
    Below the last sale no text is needed (`footers.py`).
    """
    if frame.is_empty():
        return None
    named = {name: _named(headers[int(name)]) for name in frame.columns}
    labelled, below = _labelled(frame, named), below_the_last_sale(frame, named)
    return labelled if below is None else below if labelled is None else labelled | below


def _labelled(frame: pl.DataFrame, named: Mapping[str, frozenset[str]]) -> pl.Series | None:
    """Return which rows sum up others by a text that names a sum; None where none does."""
    named = dict(named)
    named |= {name: fields - _PRODUCT for name, fields in named.items() if _counts(frame[name], fields)}
    begins = _begins(frame, named)
    may_be = frame.select(may_name_sums(pl.all()).any()).row(0, named=True)
    labels = [found for name, may in may_be.items() if may and (found := _labels(frame[name])) is not None]
    drawn = [drawn_as_sums(pl.col(name)).fill_null(value=False) for name, may in may_be.items() if may]
    if (
        not labels
        and not begins.any()
        and not frame.select(pl.any_horizontal(pl.lit(value=False), *drawn).any()).item()
    ):
        return None
    rows = _Rows(frame, named, labels, begins)
    named_so = [*drawn, *(rows.by_label(one) for one in labels)]
    told = frame.select(found=pl.any_horizontal(pl.lit(value=False), *named_so), order=rows.is_order)
    unlike = rows.lacks_half | rows.is_sum_of_some
    result = (told["found"] | (begins & unlike)) & ~told["order"]
    return result if result.any() else None


def _begins(frame: pl.DataFrame, named: Mapping[str, frozenset[str]]) -> pl.Series:
    """Say of which rows the first text begins as a total does. A product may well be called so."""
    places = [name for name in frame.columns if not named[name] & _PRODUCT]
    first = pl.coalesce([pl.lit(None, pl.String), *places])
    cells = frame.select(first.alias("begins")).to_series()
    return cells.is_in([text for text in those_that_may_name_sums(cells) if begins_as_a_sum(text)]).fill_null(
        value=False
    )


def _labels(cells: pl.Series) -> _Labels | None:
    found: dict[Kind, list[str]] = {}
    for text in those_that_may_name_sums(cells):
        if kind := kind_of_label(text):
            found.setdefault(kind, []).append(text)
    return _Labels(cells.name, found) if found else None


def _named(header: str) -> frozenset[str]:
    fits = concepts(header) if header else {}
    return frozenset(field for field in (*_NAMING, _LEDGER) if fits.get(field, 0.0) >= _SURE)


def _counts(cells: pl.Series, fields: frozenset[str]) -> bool:
    """Say whether a column that may name a product or count units (`Itens vendidos`) counts them."""
    return "units" in fields and bool(fields & _PRODUCT) and _as_amounts(cells) is not None


def _as_amounts(cells: pl.Series) -> pl.Series | None:
    """Return the numbers of a column of amounts; None of any other."""
    read = numbers(cells)
    filled = len(cells) - cells.null_count()
    return read if filled and len(read) - read.null_count() >= filled * _AMOUNTS else None


class _Rows:
    """What the rows of a table have, held against what usual rows have."""

    def __init__(
        self, frame: pl.DataFrame, named: Mapping[str, frozenset[str]], labels: list[_Labels], begins: pl.Series
    ) -> None:
        self._frame, self._named = frame, named
        self._label_of = {one.column: one.every for one in labels}
        self._may_be = frame.select(pl.any_horizontal(begins, *self._label_of.values())).to_series()
        others = frame.filter(~self._may_be)
        self._others = frame if others.is_empty() else others
        most = self._others.height * (1 - _USUAL)
        self._usual = [column.name for column in self._others if column.null_count() <= most]
        self._order, self._product = self._own("order_id"), self._own(*_PRODUCT)
        self._date, units = self._own("at", "month"), self._own("units")
        # which rows lack some or half of the columns that nearly all others fill
        # (a column of its own: where no column is usual, a number alone would be one row)
        none = pl.repeat(0, frame.height, dtype=pl.Int32)
        blanks = pl.sum_horizontal(none, *(pl.col(name).is_null().cast(pl.Int32) for name in self._usual))
        lacking = frame.select(blanks.alias("lacking")).to_series()
        self.lacks_any, self.lacks_half = lacking > 0, (lacking * 2 >= len(self._usual)) & bool(self._usual)
        self.is_order = self._order & (self._date | (units & ~self.lacks_half))

    def by_label(self, one: _Labels) -> pl.Expr:
        """Return which rows a column with labels says to be sums."""
        names = self._named[one.column]
        is_first = one.column == self._frame.columns[0] and not names - {"channel"}
        if names & _ROW and not names & _PRODUCT:
            found = self._in_place_of_the_row(one)
        elif names & (_PRODUCT | {_LEDGER}):
            found = self._in_place_of_the_product(one)
        elif is_first or not _is_property(self._frame, one):
            found = self._elsewhere(one, is_first=is_first)
        else:
            return pl.lit(value=False)
        return found.fill_null(value=False)

    def _in_place_of_the_row(self, one: _Labels) -> pl.Expr:
        """Return which rows have a label where others have their order, date or month."""
        clear = one.of("sum", "title", "total") & ~self._product & ~self._order
        bare = one.of("word") & ~self._product & ~self._order & ~self._date
        return clear | bare | self._without_half(one)

    def _in_place_of_the_product(self, one: _Labels) -> pl.Expr:
        nothing_else = ~self._product & ~self._order
        # where all rows have an order or a date, "Saldo Loja" may be a gift card
        is_whole = _LEDGER not in self._named[one.column] and self._has("order_id", "at")
        found = one.of("sum") & ~self._product & (self.lacks_any | self._is_sum(1) | pl.lit(value=not is_whole))
        found |= one.of("title", "total", "word") & nothing_else & self._is_sum(2)
        found |= one.of("total") & nothing_else & self.lacks_any & self._is_sum(1)  # below the only product
        if not self._goes_on:
            found |= one.of("total", "word") & nothing_else & ~self._date & self.lacks_half
        return found | (one.of("word") & nothing_else & ~self._date & self._is_mean)

    def _elsewhere(self, one: _Labels, *, is_first: bool) -> pl.Expr:
        of_channel = pl.lit(value="channel" in self._named[one.column])
        undated = ~self._date if self._has("at", "month") else pl.lit(value=is_first)
        bare = one.every & ~self._order & ~self._product & undated
        found = bare & (of_channel | self.lacks_half | pl.lit(value=is_first))
        found |= one.every & ~self._order & (self.lacks_any | of_channel) & self._is_sum(2)
        return found | self._without_half(one) if is_first else found

    def _without_half(self, one: _Labels) -> pl.Expr:
        """Return labelled rows that lack half: a number of something else may stand in place of the order's or date."""
        return one.every & ~self._product & self.lacks_half

    def _has(self, *fields: str) -> bool:
        return any(self._named[name] & set(fields) for name in self._usual)

    def _own(self, *fields: str) -> pl.Expr:
        cells = [
            pl.col(name).is_not_null() & ~self._label_of.get(name, pl.lit(value=False))
            for name in self._frame.columns
            if self._named[name] & set(fields)
        ]
        return pl.any_horizontal(pl.lit(value=False), *cells)

    @property
    def _goes_on(self) -> bool:
        """Say whether usual rows name a product without order and date, as further items of an order do."""
        if not self._has("order_id", "at"):
            return False
        return bool(self._others.select((~self._order & ~self._date & self._product).any()).item())

    def _is_sum(self, least: int) -> pl.Series:
        """Return which rows' amount is the sum of at least so many others."""
        return self._each(lambda amounts: sums_of_others(amounts, self._may_be, least=least))

    @property
    def is_sum_of_some(self) -> pl.Series:
        """Say which rows lack something that usual rows have, and are the sum of two others at least."""
        return self.lacks_any & self._is_sum(2) if self.lacks_any.any() else self.lacks_any

    @property
    def _is_mean(self) -> pl.Series:
        """Return which rows' amount is the mean of the others."""
        return self._each(lambda amounts: (amounts - amounts.filter(~self._may_be).mean()).abs() < CENTS)

    def _each(self, fits: Callable[[pl.Series], pl.Series]) -> pl.Series:
        """Say which rows fit in the column of amounts: what is named so, else in all that are."""
        read: list[pl.Series] = []
        for fields in ({"revenue"}, {"units"}, set[str]()):
            names = [name for name in self._frame.columns if not fields or fields & self._named[name]]
            read = read or [one for name in names if (one := _as_amounts(self._frame[name])) is not None]
        if not read:
            return pl.Series([False]).new_from_index(0, self._frame.height)
        return pl.select(pl.all_horizontal(fits(amounts).fill_null(value=False) for amounts in read)).to_series()


def _is_property(frame: pl.DataFrame, labels: _Labels) -> bool:
    """Say whether a column tells one of a few things of each order: a refund that is "Total" or "Parcial"."""
    others = frame.select(pl.col(labels.column).filter(~labels.every)).to_series().drop_nulls()
    filled = frame.height - frame[labels.column].null_count()
    return filled - len(others) > filled * _SELDOM and others.n_unique() <= len(others) * _SELDOM
