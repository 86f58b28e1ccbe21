"""The currency that a table's amounts are written with, and the columns in another one."""

from __future__ import annotations

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import SURE, Assignment
from gateway.intake.layouts.names import currency_in


def with_currency(frame: pl.DataFrame, columns: Columns) -> pl.DataFrame:
    """Give the lines the currency that their amounts are written with, where no column names it."""
    if columns.currency is None or "currency" not in frame.columns or not frame["currency"].is_null().all():
        return frame
    if len(columns.currency) != frame.height:
        return frame
    return frame.with_columns(columns.currency.alias("currency"))


def note_other_currencies(columns: Columns, assignment: Assignment) -> None:
    """Say which columns of amounts were left aside because the others are in another currency."""
    own = set() if columns.currency is None else set(columns.currency.drop_nulls().unique())
    aside = [
        header
        for index, header in enumerate(columns.headers)
        if index not in columns.places
        and assignment.profiles[index].number >= SURE
        and (code := currency_in(header)) is not None
        and code not in own
    ]
    if own and aside:
        columns.warnings.append(
            f"Colunas em outra moeda não foram usadas ({', '.join(f'“{name}”' for name in aside)}): "
            f"os números são em {', '.join(sorted(own))}."
        )
