"""Reads rows of a text that name each of their fields: `Pedido: 8 | Total: R$ 8,50 | Status: Pago`."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

_LABELLED: Final = re.compile(r"^\s*([^\W\d_][^:]{0,30}?)\s*:(?!//)\s*(.*)$")
#: So many rows of one kind at least: one alone may be a sentence.
_LEAST: Final = 2


def with_labels(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the fields below their names, where each row writes the same name before each of them.

    Else the first row would be taken for the names, and its buyer's name would be one.
    """
    names: list[str] = []
    values: list[list[str | None]] = []
    for column in frame.iter_columns():
        found = [_LABELLED.match(cell) for cell in column.to_list() if cell]
        labels = {match[1] for match in found if match}
        if len(found) != frame.height or not all(found) or len(labels) != 1:
            return frame
        names.append(labels.pop())
        values.append([match[2].strip() or None for match in found if match])
    if frame.height < _LEAST or len(names) < _LEAST or len(set(names)) < len(names):
        return frame
    rows = {column: [name, *cells] for column, name, cells in zip(frame.columns, names, values, strict=True)}
    return pl.DataFrame(rows, schema=dict.fromkeys(frame.columns, pl.String))
