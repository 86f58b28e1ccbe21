"""Read the rows of a table of costs or stock. Wrong rows are reported and left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.dates import moments
from gateway.intake.goods import MAX_ROWS, MAX_WRONG, Cost, Goods, Stock, Why, WrongRow
from gateway.intake.layouts.channel_words import channel_column
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.refused import Refused
from gateway.intake.words import currency_named
from schemas.product import sku_key

_MAX_TITLE_CHARS: Final = 120
_MAX_SKU_CHARS: Final = 120
#: A rate above this share of the price is no tax on a sale.
_MOST_TAX: Final = 0.95


def read_goods(table: Columns, columns: Assignment, where: str, named: str | None) -> Goods:
    """Return the costs and stock of the rows; a wrong row is reported and gives neither."""
    if table.height > MAX_ROWS:
        raise Refused.because("too-many-rows", limit=f"{MAX_ROWS:,}")
    read = _Rows(table, columns, where)
    costs = read.costs() if columns.column("cost") is not None else Goods()
    stock = read.stock(named) if columns.column("stock") is not None else Goods()
    if not costs.seen:
        return stock
    same = [one for one in stock.wrong if one not in costs.wrong]  # a row without a SKU is told once
    wrong_rows = costs.wrong_rows + max(0, stock.wrong_rows - (len(stock.wrong) - len(same)))
    return Goods(costs.costs, stock.stock, [*costs.wrong, *same][:MAX_WRONG], wrong_rows, costs.without)


class _Rows:
    """The columns of one table of goods, read by their fields."""

    def __init__(self, table: Columns, assignment: Assignment, where: str) -> None:
        self._table = table
        self._columns = assignment
        self._where = where
        self._height = table.height
        self._skus = [self._sku(text) for text in self._texts("sku")]
        self._titles = [(text or "")[:_MAX_TITLE_CHARS] for text in self._texts("title")]
        self._numbers = table.rows.to_list()

    def costs(self) -> Goods:
        """Return the costs; two of one SKU on one day that differ are both wrong."""
        amounts, written = self._amounts("cost"), self._texts("cost")
        currencies = self._currencies()  # of the costs: no other amount is looked into yet
        packaging = self._packaging(currencies)
        rates = self._rates()
        since, dates = self._days("since")
        good: dict[tuple[str, str], Cost] = {}
        wrong: list[WrongRow] = []
        without: list[str] = []
        for place in range(self._height):
            sku, amount = self._skus[place], amounts[place]
            if not sku and amount is None:
                continue
            if sku and (written[place] is None or amount == 0):
                without.append(sku)
                continue
            besides = _why_besides(packaging[place], rates[place])
            right = self._checked(place, amount, besides, dated=bool(since[place]) or not dates[place])
            if isinstance(right, WrongRow):
                wrong.append(right)
                continue
            cost = Cost(
                sku,
                round(right, 4),
                self._titles[place],
                since[place],
                packaging[place],
                rates[place],
                currencies[place],
                row=self._numbers[place],
            )
            before = good.setdefault((cost.key, cost.since), cost)
            if _amounts_of(before) != _amounts_of(cost):
                wrong += [self._wrong(place, "twice"), WrongRow(self._where, before.row, "twice", before.sku)]
                good[cost.key, cost.since] = replace(before, unit_cost=-1.0)  # neither counts
        kept = [one for one in good.values() if one.unit_cost > 0]
        known = {one.key for one in kept} | {sku_key(one.sku) for one in wrong}
        unfilled = [sku for sku in dict.fromkeys(without) if sku_key(sku) not in known]
        distinct = sorted(set(wrong), key=lambda one: one.row)
        return Goods(kept, [], distinct[:MAX_WRONG], len(distinct), unfilled)

    def stock(self, named: str | None) -> Goods:
        """Return the units on hand; rows of one SKU (of several warehouses) are added up."""
        amounts, written = self._amounts("stock"), self._texts("stock")
        days, dates = self._days("counted_on")
        channels = self._channels(named)
        good: dict[tuple[str, str, str], Stock] = {}
        wrong: list[WrongRow] = []
        for place in range(self._height):
            if written[place] is None:
                continue
            right = self._checked(place, amounts[place], None, dated=bool(days[place]) or not dates[place])
            if isinstance(right, WrongRow):
                wrong.append(right)
                continue
            one = Stock(self._skus[place], right, self._titles[place], channels[place], days[place])
            before = good.get((one.key, one.channel, one.counted_on))
            added = one if before is None else replace(before, quantity=round(before.quantity + right, 4))
            good[one.key, one.channel, one.counted_on] = added
        return Goods([], list(good.values()), wrong[:MAX_WRONG], len(wrong))

    def _checked(self, place: int, amount: float | None, besides: Why | None, *, dated: bool) -> float | WrongRow:
        """Return the amount of a row, or why the row gives nothing; `dated`: it has no date that cannot be read."""
        why = _why(self._skus[place], amount) or besides or (None if dated else "no_date")
        return self._wrong(place, why or "no_number") if why is not None or amount is None else amount

    def _wrong(self, place: int, why: Why) -> WrongRow:
        return WrongRow(self._where, self._numbers[place], why, self._skus[place])

    def _texts(self, name: str) -> list[str | None]:
        index = self._columns.column(name)
        return [None] * self._height if index is None else self._table.text_at(index).head(self._height).to_list()

    def _amounts(self, name: str) -> list[float | None]:
        index = self._columns.column(name)
        return [None] * self._height if index is None else self._table.number_at(index).head(self._height).to_list()

    def _rates(self) -> list[float | None]:
        """Return the tax rates as shares. `6` and `6 %` are 0.06; a column without any above 1 has shares already."""
        found, written = self._amounts("tax_rate"), self._texts("tax_rate")
        as_percent = any("%" in (text or "") for text in written) or any((rate or 0.0) > 1 for rate in found)
        return [None if rate is None else round(rate / 100 if as_percent else rate, 6) for rate in found]

    def _days(self, name: str) -> tuple[list[str], list[bool]]:
        """Return the days as ISO dates ("" where there is none), and where something is written."""
        index = self._columns.column(name)
        if index is None:
            return [""] * self._height, [False] * self._height
        text = self._table.text_at(index).head(self._height)
        return ["" if one is None else str(one.date()) for one in moments(text)], text.is_not_null().to_list()

    def _currencies(self) -> list[str]:
        """Return the currency of each row: its column's, else that of the amount's text or the header, else none."""
        named = [currency_named(text) if text else None for text in self._texts("currency")]
        written: list[str | None] = [None] * self._height
        if self._table.currency is not None and len(self._table.currency) == self._table.height:
            written = self._table.currency.head(self._height).to_list()
        return [one or other or "" for one, other in zip(named, written, strict=True)]

    def _packaging(self, currencies: list[str]) -> list[float | None]:
        """Return the packaging in the currency of each row's cost, none where it is in another one.

        A row whose cost tells no currency is in that of its packaging.
        """
        index = self._columns.column("packaging")
        if index is None:
            return [None] * self._height
        amounts: list[float | None] = self._table.amounts(index).head(self._height).to_list()
        told = self._table.currency_at(index)
        own = [None] * self._height if told is None else told.head(self._height).to_list()
        pairs: Counter[tuple[str, str]] = Counter()
        for place, code in enumerate(own):
            if code is None or amounts[place] is None:
                continue
            if not currencies[place]:
                currencies[place] = code
            elif code != currencies[place]:
                pairs[code, currencies[place]] += 1
                amounts[place] = None
        for (code, of_cost), count in sorted(pairs.items()):
            self._table.warnings.append(
                f"“{self._table.headers[index]}” tem valores em {code}, e o custo está em {of_cost}: {count} valor(es) "
                "dessa coluna não foram usados."
            )
        return amounts

    def _channels(self, named: str | None) -> list[str]:
        """Return the channels that rows or the table's title name; "" is all of them."""
        index = self._columns.column("channel")
        text = None if index is None else self._table.text_at(index)
        if text is None and named is None:
            return [""] * self._height
        column: pl.Series | None = channel_column(self._table, text, [], named)
        return [""] * self._height if column is None else [one or "" for one in column.head(self._height).to_list()]

    @staticmethod
    def _sku(text: str | None) -> str:
        return " ".join((text or "").split())[:_MAX_SKU_CHARS]


def _why(sku: str, amount: float | None) -> Why | None:
    if not sku:
        return "no_sku"
    if amount is None:
        return "no_number"
    return "negative" if amount < 0 else None


def _why_besides(packaging: float | None, rate: float | None) -> Why | None:
    if packaging is not None and packaging < 0:
        return "negative"
    return "tax" if rate is not None and not 0 <= rate <= _MOST_TAX else None


def _amounts_of(cost: Cost) -> tuple[float, float | None, float | None, str]:
    return cost.unit_cost, cost.packaging, cost.tax_rate, cost.currency
