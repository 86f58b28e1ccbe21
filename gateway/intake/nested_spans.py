"""Finds sheets of the last days, of which each is within the longest one: `30 dias`, `60 dias`, `90 dias`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.layouts import Reading
from gateway.intake.tables import RawTable
from gateway.intake.words import fold

WITHIN: Final = (
    "esta planilha tem as vendas dos últimos {days} dias, e outra, as dos últimos {most}: as de uma estão na outra. "
    "Esta não foi somada."
)
_SHEET: Final = re.compile(r"planilha “(.*)”")
#: A number of days that a name tells, and no range of them (`0-30 dias`).
_DAYS: Final = re.compile(r"(?<![\d-])(\d{1,3}) ?(d|dd|dias?|days?|jours?|tage|giorni|dni|hari|ngay|gun)(?![\w-])")
_RANGE: Final = re.compile(r"\d+ ?(-|\u2013|a|to|ate) ?\d+")
#: So many of the products sold no more in the fewer days.
_MOST: Final = 0.9
_FEWEST: Final = 2


def without_nested_spans(tables: Sequence[RawTable], readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings; of sheets of the same columns and without days only that of the most days keeps its lines.

    Their names differ in the number of days alone, and no product has more in the fewer days: so they end together.
    """
    spans: dict[tuple[str, str], dict[int, int]] = {}
    for place, (table, reading) in enumerate(zip(tables, readings, strict=True)):
        if reading.lines is None or table.free or (told := _days(table.where)) is None:
            continue
        if reading.lines["at"].null_count() < reading.lines.height:
            continue
        days, rest = told
        spans.setdefault((rest, reading.report.header_id), {})[place] = days
    left: dict[int, str] = {}
    for among in spans.values():
        most = max(among, key=lambda place: among[place])
        for place, days in among.items():
            if days < among[most] and _is_within(readings[place], readings[most]):
                left[place] = WITHIN.format(days=days, most=among[most])
    return [left_out(one, left[place]) if place in left else one for place, one in enumerate(readings)]


def _days(where: str) -> tuple[int, str] | None:
    """Return the days that a sheet's name tells, and what else it says."""
    sheet = _SHEET.search(where)
    name = fold(sheet[1]).replace("_", " ") if sheet else ""
    found = _DAYS.findall(name)
    if len(found) != 1 or _RANGE.search(name):
        return None
    return int(found[0][0]), " ".join(_DAYS.sub(" ", name).split())


def _is_within(fewer: Reading, more: Reading) -> bool:
    """Say whether nearly all products have no more in the fewer days than in the more of them."""
    assert fewer.lines is not None
    assert more.lines is not None
    key = "sku" if fewer.lines["sku"].count() else "title"
    sums = [
        one.filter(pl.col(key).is_not_null()).group_by(key).agg(pl.col("units", "revenue").sum())
        for one in (fewer.lines, more.lines)
    ]
    both = sums[0].join(sums[1], on=key, how="inner", suffix="_more")
    within = both.filter((pl.col("units") <= pl.col("units_more")) & (pl.col("revenue") <= pl.col("revenue_more")))
    return both.height >= max(_FEWEST, sums[0].height * _MOST) and within.height >= both.height * _MOST


def left_out(reading: Reading, why: str) -> Reading:
    """Return the reading without its lines, and say why."""
    report = replace(reading.report, warnings=[*reading.report.warnings, why])
    return replace(reading, report=report, lines=None)
