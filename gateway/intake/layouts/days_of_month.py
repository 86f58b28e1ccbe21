"""Reads a column of days alone (`Dia`), of the month that the sheet, the title or the file tells."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from gateway.intake.dates import from_parts
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.month_told import month_told

DAY_TOLD: Final = (
    "A coluna “{column}” diz só o dia: o mês ({month:%m/%Y}) foi lido do título, do nome da planilha ou do arquivo."
)


def days_of_month(table: Columns, day: int, latest: date | None) -> pl.Series | None:
    """Return the dates; None where no month or several are told, one to come, or a day that the month has not."""
    named = [*table.titles, table.table.caption, table.table.where]
    found = month_told([one for one in named if one], table.table.filename)
    if found is None or (latest is not None and date(*found, 1) > latest):
        return None
    days = table.text_at(day)
    year, month = (pl.Series([part]).new_from_index(0, table.height) for part in found)
    dates = from_parts(year, month, days)
    if (dates.is_null() & days.is_not_null()).any():
        return None
    table.warnings.append(DAY_TOLD.format(column=table.headers[day], month=date(*found, 1)))
    return dates
