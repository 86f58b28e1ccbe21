"""Turns months or channels in columns (`Produto | jan/25 | fev/25`) into rows, one for each value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final

import polars as pl

from gateway.intake.dates import moments, month_named
from gateway.intake.layouts.channel_words import channel_called
from gateway.intake.layouts.columns import HEADER_SEARCH_ROWS, Columns, headers_of
from gateway.intake.layouts.described import titles_above
from gateway.intake.layouts.factors import times_above
from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.month_told import last_day, month_told
from gateway.intake.layouts.monthly import MEASURE
from gateway.intake.tables import NUMBER_MARK, RawTable
from gateway.intake.values import numbers
from gateway.intake.words import currency_named, fold
from schemas.channels import channel_name

#: Fewer groups than this are no row of months or channels.
_FEWEST: Final = 2
_MONEY: Final = re.compile(r"faturament|receita|\br\$|\breais\b|\bvalor(es)?\b|revenue|\bsales\b|ingresos|facturac")
_UNITS: Final = re.compile(r"unidade|quantidade|\bqtde?s?\b|\bpecas\b|\bunits?\b|quantity|unidades|cantidad")
#: A cell with cents or a sign of money is no count.
_CENTS: Final = r"\d[.,]\d{2}$|\p{Sc}|(?i)^r\$"
_MOST: Final = 0.5
_NAMED: Final = 0.6
#: One of the columns before the months has to be one of these,
_THINGS: Final = ("sku", "title", "channel", "order_id")
#: or, where a person is asked what the numbers are, one of these.
_GROUPS: Final = ("_category", "_shop")
#: So many months without a measure ask for one: two may be the first and the last of something.
_FEWEST_ASKED: Final = 3
#: A total of this name is read as it stands.
_TOTAL: Final = 0.85
#: What is said of a table whose amounts are none of sales.
_OTHER: Final = re.compile(
    r"\b(custos?|cost|costs|costos?|despesas?|expenses?|estoques?|stock|inventory|metas?|orcamento|budget|precos?|prices?|"
    r"precios?|margem|margin|lucro|profit|investimento|spend|publicidade|ads|comiss\w+|taxas?|tarifas?|fees?|impostos?|"
    r"devol\w+|reembols\w+|returns?|refunds?|cancel\w+|ticket|compras|visitas)\b"
)
_DATE: Final = "Data"
_MONTH: Final = "Mês"
_CHANNEL: Final = "Canal de venda"
#: What a column is called in whose place its header has a currency alone.
_AMOUNT: Final = "Valor total"
#: So many days side by side are the days of a month; fewer numbers may be sizes.
_FEWEST_DAYS: Final = 7
_DAY: Final = re.compile(r"(?:dia\s*)?(0?[1-9]|[12]\d|3[01])(?:\.0+)?")
#: Days of sales follow each other at most so many days later.
_WEEKEND: Final = 4
_SURELY_DATED: Final = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|20\d{2}-\d{2}-\d{2}(?:[ T]00:00(?::00)?)?")
_OF_MONTH: Final = re.compile(r"(?:[a-z]{3}\.?,?\s+)?(0?[1-9]|[12]\d|3[01])[/.-](0?[1-9]|1[0-2])")
_SUMS: Final = re.compile(r"^(total|soma|media|average|mean|acumulado|geral|sum|variacao|crescimento)\b")


@dataclass(frozen=True, slots=True)
class _Group:
    """The columns of one month or channel, by what they are called; `label` is how its rows say it."""

    label: str
    columns: dict[str, int]


def in_rows(table: RawTable) -> RawTable:
    """Return the table with a row for each value of a month or channel; unchanged without such columns.

    Where a single value stands below each, the title, the sheet's or the file's name has to say what it is, or the
    cells: nobody can tell pieces from whole amounts otherwise. Months then get a column that a person is asked about.
    """
    if table.whole is not None or table.free:
        return table
    for row in range(min(HEADER_SEARCH_ROWS, table.top.height - 1)):
        said = " ".join([table.where, table.caption, table.filename, *titles_above(table, row)])
        days = _days(table, row)
        kinds = ((_DATE, days.get), (_DATE, _dated_label), (_MONTH, _month_label), (_CHANNEL, _channel_label))
        for name, label_of in kinds if days else kinds[1:]:
            found = _groups(table, row, label_of, said, is_dated=name != _CHANNEL)
            if found is not None:
                return _long(table, found[0], name, found[1])
    return table


def _days(table: RawTable, row: int) -> dict[str, str]:
    """Return the dates of a header of days: whole dates, or days of the month that the sheet, title or file tells."""
    texts = [text for text in headers_of(table, row) if text]
    dated = [text for text in texts if _SURELY_DATED.fullmatch(text)]
    if len(dated) >= _FEWEST_DAYS:
        found = moments(pl.Series(dated), day_first=True).dt.date().to_list()
        return _in_turn({text: day for text, day in zip(dated, found, strict=True) if day is not None})
    plain = {text: fold(text.removeprefix(NUMBER_MARK)) for text in texts}
    numbered = {text: int(one[1]) for text, said in plain.items() if (one := _DAY.fullmatch(said))}
    beside = {text: one for text, said in plain.items() if (one := _OF_MONTH.fullmatch(said))}
    if len(numbered) + len(beside) < _FEWEST_DAYS:
        return {}
    told = month_told([table.where, table.caption, *titles_above(table, row)], table.filename)
    if told is None:
        return {}
    last = last_day(*told)
    numbered |= {text: int(one[1]) for text, one in beside.items() if int(one[2]) == told[1]}
    return _in_turn({text: last.replace(day=numbered[text]) for text in texts if numbered.get(text, 99) <= last.day})


def _in_turn(days: dict[str, date]) -> dict[str, str]:
    """Return the days as texts; none where they are too few, or do not follow each other with at most a weekend."""
    gaps = [(after - day).days for day, after in pairwise(days.values())]
    fits = len(days) >= _FEWEST_DAYS and all(0 < gap <= _WEEKEND for gap in gaps)
    return {text: str(day) for text, day in days.items()} if fits else {}


def _dated_label(text: str) -> str | None:
    """Return the first day of a month by its name and year."""
    month, year = month_named(text) or (None, None)
    return None if month is None or year is None else f"{year:04d}-{month:02d}-01"


def _month_label(text: str) -> str | None:
    """Return a month by its name as it stands there: of which year it is, is told by what else the document says."""
    return None if month_named(text) is None else text


def _channel_label(text: str) -> str | None:
    channel = channel_called(text)
    return None if channel is None else channel_name(channel)


def _groups(
    table: RawTable, row: int, label_of: Callable[[str], str | None], said: str, *, is_dated: bool
) -> tuple[int, list[_Group]] | None:
    """Return the header's last row and its groups, where this row names several of them."""
    above = headers_of(table, row)
    labels = [label_of(text) if text else None for text in above]
    named = [label for label in labels if label is not None]
    first = next((index for index, label in enumerate(labels) if label is not None), 0)
    if len(set(named)) < _FEWEST or len(named) != len(set(named)) or not any(above[:first]):
        return None
    things = _THINGS if is_dated else (*_THINGS, "at", "month")
    said = fold(re.sub(r"[_-]", " ", said))  # not of each row: what stands above one is long in a table of texts
    before = [*above[:first], *headers_of(table, row + 1)[:first]]
    if _OTHER.search(said) or not _names(before, (*things, *_GROUPS) if is_dated else things):
        return None
    below = [_AMOUNT if currency_named(text) else text for text in headers_of(table, row + 1)]
    repeated = Counter(text for text in below[first:] if text)
    known = _names(before, things)
    if known and repeated and max(repeated.values()) >= len(named) and all(_is_measure(text) for text in repeated):
        return row + 1, _spread(labels, above, below)
    places = [index for index, label in enumerate(labels) if label is not None]
    measure = _measure(said) or ("Faturamento" if is_dated and _have_cents(table, row, places) else None)
    if is_dated and (measure is None or not known) and _asks_for_measure(table, row, places, above):
        measure = MEASURE
    if measure is None or not (known or measure == MEASURE):
        return None
    return row, [_Group(label, {measure: index}) for index, label in enumerate(labels) if label is not None]


def _spread(labels: Sequence[str | None], above: Sequence[str], below: Sequence[str]) -> list[_Group]:
    """Return the groups whose name stands above the first of their columns."""
    groups: list[_Group] = []
    open_group = False
    for index, label in enumerate(labels):
        if label is not None:
            groups.append(_Group(label, {}))
            open_group = True
        elif above[index]:
            open_group = False  # another group, of a total
        if open_group and below[index]:
            groups[-1].columns.setdefault(below[index], index)
    return groups


def _is_measure(text: str) -> bool:
    fits = concepts(text)
    return bool(_SUMS.search(fold(text))) or max(fits.values(), default=0.0) >= _MOST


def _names(headers: Sequence[str], things: Sequence[str]) -> bool:
    """Return whether a column before the groups names the product, the place or the time."""
    fits = [concepts(header) for header in headers if header]
    return any(fit.get(name, 0.0) >= _NAMED for fit in fits for name in things)


def _measure(said: str) -> str | None:
    """Return what stands below the groups by what is said of the table; None where it does not tell."""
    is_money, is_units = bool(_MONEY.search(said)), bool(_UNITS.search(said))
    if is_money == is_units:
        return None
    return "Faturamento" if is_money else "Quantidade"


def _have_cents(table: RawTable, row: int, columns: list[int]) -> bool:
    cells = pl.concat([table.frame[str(index)].slice(row + 1) for index in columns]).drop_nulls()
    return int(cells.str.contains(_CENTS).sum()) > len(cells) * _MOST


def _asks_for_measure(table: RawTable, row: int, places: list[int], above: list[str]) -> bool:
    """Say whether numbers of months stand side by side, and no column has their total by a name that is believed."""
    if len(places) < _FEWEST_ASKED or places != list(range(places[0], places[-1] + 1)):
        return False
    if any(concepts(text).get("revenue", 0.0) >= _TOTAL for text in above if text):
        return False
    cells = pl.concat([table.frame[str(index)].slice(row + 1) for index in places]).drop_nulls()
    return not cells.is_empty() and numbers(cells).null_count() < len(cells) * _MOST


def _long(table: RawTable, row: int, name: str, groups: list[_Group]) -> RawTable:
    body = Columns.below(table, row)
    above = headers_of(table, row - 1) if row else [""] * len(body.headers)
    inside = range(min(index for group in groups for index in group.columns.values()), len(body.headers))
    kept = {
        index: title
        for index in range(len(body.headers))
        if index not in inside and (title := body.headers[index] or above[index])
    }
    measures = list(dict.fromkeys(measure for group in groups for measure in group.columns))
    parts = [
        body.frame.select(
            *(pl.col(str(index)).alias(str(place)) for place, index in enumerate(kept)),
            pl.lit(group.label).alias(str(len(kept))),
            *(
                (
                    pl.col(str(group.columns[measure])) if measure in group.columns else pl.lit(None, dtype=pl.String)
                ).alias(str(len(kept) + 1 + place))
                for place, measure in enumerate(measures)
            ),
        ).with_columns(row=body.rows)
        for group in groups
    ]
    width = len(kept) + 1 + len(measures)
    values = [str(len(kept) + 1 + place) for place in range(len(measures))]
    is_nothing = ~pl.col(values).str.contains("[1-9]").fill_null(value=False)  # months to come stand as zero
    long = pl.concat(parts).filter(~pl.all_horizontal(is_nothing)).sort("row", maintain_order=True)
    titles = titles_above(table, row)
    header = pl.DataFrame(
        {str(index): [text] for index, text in enumerate([*kept.values(), name, *measures])},
        schema=dict.fromkeys(map(str, range(width)), pl.String),
    )
    rows = pl.concat([pl.Series([row + 1]), long["row"]])
    frame = pl.concat([header, long.select(header.columns)])
    return replace(table, frame=frame, numbers=rows, caption=table.caption or " ".join(_said(titles)))


def _said(titles: list[str]) -> list[str]:
    """Return the first title, and one that says that the amounts are thousands."""
    return [title for place, title in enumerate(titles) if place == 0 or times_above([title]) > 1]
