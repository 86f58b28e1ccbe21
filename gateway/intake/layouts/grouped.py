"""Completes column names from the row above the header."""

from __future__ import annotations

from gateway.intake.layouts.columns import headers_of
from gateway.intake.tables import RawTable


def with_groups(table: RawTable, row: int, headers: list[str]) -> list[str]:
    """Complete names from the row above: where there is none, and where two columns have the same (`Qtd`, `Qtd`)."""
    if row == 0:
        return headers
    above = headers_of(table, row - 1)
    grouped = sum(map(bool, above)) > 1
    group, complete = "", []
    for index, header in enumerate(headers):
        group = above[index] or group
        repeated = header and headers.count(header) > 1
        if not header:
            complete.append(above[index])
        elif repeated and group and grouped:
            complete.append(f"{group} {header}")
        else:
            complete.append(header)
    return complete
