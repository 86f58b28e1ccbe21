"""Finds tables that tell the same sales again: sums by month, by channel and by product, and parts of another sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from gateway.intake.figures.same_orders import is_of_another_time, names_products
from gateway.intake.figures.totals import counted
from gateway.intake.layouts import Reading
from gateway.intake.nested_spans import left_out, without_nested_spans
from gateway.intake.tables import RawTable

AGAIN: Final = "outra tabela do documento traz a mesma receita, com mais detalhes: esta não foi somada outra vez."
PART_OF: Final = (
    "outra tabela do documento tem todas as linhas desta, e mais: esta é uma parte dela, e não foi somada outra vez."
)
MAY_BE_PART: Final = (
    "outra tabela do documento traz cada venda, e esta só somas, sem dia, que podem ser de uma parte delas: não foi "
    "somada. Se são outras vendas, envie essa tabela em um arquivo só dela."
)
#: What a line of a sheet and its copy in another one have in common, and of how many different lines it is no chance.
_SAME_LINE: Final = ("channel", "order_id", "sku", "title", "at", "status", "units", "revenue")
#: What a line of an order has in common with its copy, whose day may be another one: that of the bill, or of delivery.
_SAME_OF_ORDER: Final = ("channel", "order_id", "sku", "title", "revenue")
_NO_CHANCE: Final = 3
#: Sums of one document that are rounded to reais in one table and not in another are the same.
_SAME: Final = 0.0005


def without_told_again(tables: Sequence[RawTable], readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings; of several tables with one sum only the one that tells most keeps its lines.

    So does, of two sheets, the one that has all lines of the other, or more of the last days.

    These are all tables of a text, and in a workbook those that name neither orders nor products. Tables of one channel
    each are sales of their own, whatever they come to.
    """
    readings = without_nested_spans(tables, readings)
    read = [n for n, reading in enumerate(readings) if reading.lines is not None]
    sums = [n for n in read if tables[n].free or _sums_up(readings[n])]
    kept: list[int] = []
    again: set[int] = set()
    for n in sorted(sums, key=lambda n: _told(readings[n]), reverse=True):
        (again.add if any(_are_same(readings[n], readings[other]) for other in kept) else kept.append)(n)
    whole = [n for n in read if not tables[n].free and n not in again]
    parts = {n for n in whole if any(_is_part(_lines(readings[n]), _lines(readings[other])) for other in whole)}
    why = dict.fromkeys(again, AGAIN) | dict.fromkeys(parts, PART_OF)
    each = [readings[n] for n in whole if n not in parts and not _sums_up(readings[n])]
    apart = (n for n in kept if not tables[n].free and any(_may_sum_up(readings[n], other) for other in each))
    why |= dict.fromkeys(apart, MAY_BE_PART)
    return [left_out(reading, why[n]) if n in why else reading for n, reading in enumerate(readings)]


def _may_sum_up(one: Reading, other: Reading) -> bool:
    """Say whether sums without a day come to no more than the dated sales of another sheet: a pivot table of some."""
    undated = _sums_up(one) and _lines(one)["at"].null_count() == _lines(one).height
    dated = _lines(other)["at"].null_count() < _lines(other).height
    return undated and dated and _channels(one) <= _channels(other) and max(_sums(one)) <= max(_sums(other))


def _is_part(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    """Say whether all lines of a sheet stand in another one, which has more: somebody filtered it."""
    if not _NO_CHANCE <= one.height < other.height:
        return False
    lines = one.select(_SAME_LINE)
    if lines.n_unique() < _NO_CHANCE or lines["revenue"].has_nulls() or not names_products(one):
        return False
    if _stands_in(one, other, _SAME_LINE):
        return True
    # instalments of one sale are in sheets of other months
    of_orders = one["order_id"].n_unique() >= _NO_CHANCE and not one["order_id"].has_nulls()
    return of_orders and not is_of_another_time(one["at"], other["at"]) and _stands_in(one, other, _SAME_OF_ORDER)


def _stands_in(one: pl.DataFrame, other: pl.DataFrame, same: Sequence[str]) -> bool:
    """Say whether the other one has each line as often, by what a line and its copy have in common."""
    counted_here, there = (frame.select(same).group_by(same).len() for frame in (one, other))
    both = counted_here.join(there, on=list(same), how="left", nulls_equal=True, suffix="_there")
    return bool((both["len"] <= both["len_there"].fill_null(0)).all())


def _lines(reading: Reading) -> pl.DataFrame:
    assert reading.lines is not None
    return reading.lines


def _sums_up(reading: Reading) -> bool:
    """Say whether its rows name neither orders nor products: what they tell may stand in another table, too."""
    lines = _lines(reading)
    return lines["order_id"].null_count() == lines.height and not names_products(lines)


def _told(reading: Reading) -> tuple[bool, bool, bool]:
    """Return what ranks a table: whose sales they are stands above which orders, and these above which products."""
    lines = _lines(reading)
    return len(_channels(reading)) > 1, lines["order_id"].null_count() < lines.height, names_products(lines)


def _are_same(one: Reading, other: Reading) -> bool:
    mine, theirs = _channels(one), _channels(other)
    if mine != theirs and (len(theirs) < 2 or len(mine) > 1):
        return False
    if names_products(_lines(one)) and names_products(_lines(other)):
        return False  # whether they are the same is seen product by product (`figures.repeats`)
    if is_of_another_time(_lines(one)["at"], _lines(other)["at"]):
        return False
    return any(ours and abs(ours - sum_) <= abs(ours) * _SAME for ours in _sums(one) for sum_ in _sums(other))


def _channels(reading: Reading) -> set[str]:
    return set(_lines(reading)["channel"].drop_nulls().unique().to_list())


def _sums(reading: Reading) -> tuple[float, float]:
    lines = _lines(reading)
    return float(lines["revenue"].sum() or 0.0), float(counted(lines)["revenue"].sum() or 0.0)
