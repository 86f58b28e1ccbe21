"""Read a report of advertising: cost and sales by day. It needs one column that is surely the cost."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Final

import polars as pl

from gateway.intake.layouts import advertising_columns as named_so
from gateway.intake.layouts.advertising_bare import AD_COST, spent_column
from gateway.intake.layouts.advertising_days import spans
from gateway.intake.layouts.channel_words import channel_column
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import SURE, Assignment
from gateway.intake.layouts.matching import concepts
from gateway.intake.words import fold

#: A row: what it cost from one day to another, both included; `first` is null where no day is told. `told_from` and
#: `told_to` are the days of all of the report, as its title tells them. What is not told is null.
SPENT: Final[dict[str, pl.DataType]] = {
    "table": pl.Int64(),
    "channel": pl.String(),
    "first": pl.Date(),
    "last": pl.Date(),
    "amount": pl.Float64(),
    "currency": pl.String(),
    "sales": pl.Float64(),  # what buyers paid for what it sold, as the marketplace attributes it
    "impressions": pl.Float64(),
    "clicks": pl.Float64(),
    "campaign": pl.String(),  # a digest of its name
    "code": pl.String(),  # the SKU, or else the marketplace's number of the product
    "title": pl.String(),
    "told_from": pl.Date(),
    "told_to": pl.Date(),
    "columns": pl.String(),  # a digest of the header
}
#: What a cost is called where the rest of the table tells that it is one of advertising, and how well it has to fit:
#: `Custo` is one there, `Custo por conversão` is none.
_COSTS: Final = (("_ad_spend", 0.8), ("_cost", 0.95), ("_cost_total", 0.95), ("_budget", 0.95))
#: What stands in a cell for no amount.
_NOTHING: Final = ("-", "\u2013", "\u2014")
#: Words by which a table without impressions and clicks says that its cost is one of advertising.
_ADS: Final = re.compile(r"publicidad|anuncio|\bads\b|advertis|campanha|campaign|patrocinad|sponsored")
_NUMBERS: Final = 0.9
_DIGEST: Final = 12
_MAX_TITLE_CHARS: Final = 120


def is_advertising(assignment: Assignment, headers: Sequence[str], titles: Sequence[str]) -> bool:
    """Say whether a table with a cost and without sales is one of advertising: by its headers, or the text above it.

    Of a table of little more than days and `Investimento` the name of the cost says it.
    """
    if any(assignment.confidence(name) >= SURE for name in ("revenue", "units", "order_id", "price")):
        return False
    bare = spent_column(headers, assignment)
    says_so = _ADS.search(fold(" ".join([*titles, *headers]))) is not None
    return (bare is not None and (bare[1] or says_so)) or (assignment.has("_ad_spend") and says_so)


def read_spent(
    table: Columns, columns: Assignment, channels: list[str], named: str | None, titles: Sequence[str] = ()
) -> pl.DataFrame | None:
    """Return the cost of advertising, a row for each amount; None where the columns do not tell it.

    `titles` is what stands above the header: of all days that it names the report tells.
    """
    headers = table.headers
    cost = _cost(headers, columns)
    if cost is None or _mixes(table):
        return None
    amount = table.amounts(cost)
    told = table.currency_at(cost)
    if told is None and (index := columns.column("currency")) is not None:
        told = table.text_at(index).str.strip_chars().str.to_uppercase()
    index = columns.column("channel")
    own = named or named_so.marketplace_in([*titles, *headers]) or None
    channel = channel_column(table, None if index is None else table.text_at(index), channels, own)
    height = table.height
    period = named_so.period_in([*titles, " ".join(titles)])
    first, last = spans(table, columns, period)
    code = _code(headers, columns)
    frame = pl.DataFrame(
        {
            "table": pl.repeat(0, height, dtype=pl.Int64, eager=True),
            "channel": _or_null(channel, height),
            "first": first,
            "last": last,
            "amount": amount,
            "currency": _or_null(told, height),
            "sales": _amounts(table, named_so.column(headers, named_so.SALES)),
            "impressions": _amounts(table, named_so.column(headers, named_so.IMPRESSIONS)),
            "clicks": _amounts(table, named_so.column(headers, named_so.CLICKS)),
            "campaign": _campaigns(table),
            "code": _or_null(None if code is None else table.text_at(code), height),
            "title": _titles(table),
            "told_from": None if period is None else period[0],
            "told_to": None if period is None else period[1],
            "columns": _digest("\x1f".join(map(named_so.plain, headers))),
        },
        schema=SPENT,
    )
    written = table.cells(cost).is_not_null() & ~table.cells(cost).is_in(_NOTHING)
    if bool((written & amount.is_null()).any()) or bool((amount < 0).any()):
        return None  # what a cell says is not understood: no sum is right without it
    spent = frame.filter(pl.col("amount").is_not_null())
    return None if spent.is_empty() else spent


def _code(headers: Sequence[str], columns: Assignment) -> int | None:
    """Return the column that tells which product was advertised: a person's, else by its name."""
    if AD_COST in columns.guesses and (told := columns.column("sku")) is not None:
        return told
    return next((found for names in named_so.CODES if (found := named_so.column(headers, names)) is not None), None)


def _mixes(table: Columns) -> bool:
    """Return whether rows of search terms stand beside rows without one: some may contain the others."""
    index = named_so.column(table.headers, named_so.PARTS)
    if index is None:
        return False
    empty = table.cells(index).is_null() | table.cells(index).is_in(_NOTHING)
    return bool(empty.any()) and not bool(empty.all())


def _amounts(table: Columns, index: int | None) -> pl.Series:
    """Return a column's numbers; all unknown where one of its cells is not understood: no sum is right without it."""
    nothing = pl.repeat(None, table.height, dtype=pl.Float64, eager=True)
    if index is None:
        return nothing
    amounts = table.amounts(index)
    cells = table.cells(index)
    odd = cells.is_not_null() & ~cells.is_in(_NOTHING) & amounts.is_null()
    return nothing if bool(odd.any()) else amounts


def _campaigns(table: Columns) -> pl.Series:
    """Return a digest of each row's campaign, which tells reports of different campaigns apart."""
    index = named_so.column(table.headers, named_so.CAMPAIGNS)
    if index is None:
        return pl.repeat(None, table.height, dtype=pl.String, eager=True)
    names = [None if name is None else _digest(named_so.plain(name)) for name in table.text_at(index)]
    return pl.Series(names, dtype=pl.String)


def _titles(table: Columns) -> pl.Series:
    index = named_so.column(table.headers, named_so.TITLES)
    return _or_null(None if index is None else table.text_at(index).str.head(_MAX_TITLE_CHARS), table.height)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST]


def _or_null(column: pl.Series | None, height: int) -> pl.Series:
    return pl.repeat(None, height, dtype=pl.String, eager=True) if column is None else column


def _cost(headers: Sequence[str], columns: Assignment) -> int | None:
    """Return the column of costs: a person's, else the best name of the first kind; None where two are alike."""
    if (told := columns.column(AD_COST)) is not None:
        return told
    if (bare := spent_column(headers, columns)) is not None:
        return bare[0]
    for concept, fits in _COSTS:
        offers = sorted(
            (
                (concepts(headers[index]).get(concept, 0.0), index)
                for index, name in columns.others.items()
                if name == concept and columns.profiles[index].number >= _NUMBERS
            ),
            reverse=True,
        )
        if offers and offers[0][0] >= fits:
            return None if len(offers) > 1 and offers[0][0] == offers[1][0] else offers[0][1]
    return None
