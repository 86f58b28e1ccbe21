"""Finds what was paid back in part, where a column of its own has it beside a whole refund's yes or no."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.columns import Columns
from gateway.intake.words import fold

_PART: Final = r"(partial(ly)?|parcial(es|mente)?|parciais)"
_BACK: Final = r"(refund(s|ed)?|reembols\w+|estorn\w+|devoluc\w+|devolvid\w+)"
_AMOUNT: Final = r"(amount|value|valor|monto|importe)"
_NAMED: Final = re.compile(rf"^({_AMOUNT} )?((do|de|del) )?({_PART} {_BACK}|{_BACK} {_PART})( {_AMOUNT})?$")
_BESIDE: Final = re.compile(r"[^a-z]+")


def refunded_in_part(table: Columns, status: pl.Series, rows: int) -> pl.Series | None:
    """Return what each row's buyer got back in part; None where the column is missing or has it of other rows.

    `status`: the rows' classes, of which `rows` are said to be refunded in part, and are no returned ones.
    """
    for index, header in enumerate(table.headers):
        if not _NAMED.match(_BESIDE.sub(" ", fold(header)).strip()):
            continue
        amounts = table.amounts(index)
        part = (amounts.abs() > 0).fill_null(value=False) & (status == shape.SOLD)
        if int(part.sum()) == rows:
            table.number_at(index)  # from here on it is used
            return pl.select(pl.when(part).then(amounts.abs()).otherwise(0.0)).to_series()
    return None
