"""Concludes from another table with the same columns that a table that shows no returns had none.

The usual case is a sheet for each month: of two such sheets, only one with a returned sale shows that returns are
marked. A known export needs no other table: its layout says which facts it has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.layouts import LAYOUTS, Reading
from gateway.intake.layouts.flagged_returns import IN_PART
from gateway.intake.layouts.lines import RETURNED
from gateway.intake.layouts.plain import UNKNOWN_STATUS
from gateway.intake.layouts.taken_back import BOTH_SIGNS, REFUNDS_ASIDE

#: What came back -> what it is a part of.
_PARTS: Final = {"returned_units": "units", "refund": "revenue"}
_KNOWN: Final = frozenset(layout.name for layout in LAYOUTS)
#: How remarks end by which what came back is unknown, whatever other tables tell.
_UNKNOWN: Final = tuple(told.rsplit("}", 1)[-1] for told in (UNKNOWN_STATUS, REFUNDS_ASIDE, BOTH_SIGNS))
_IN_PART: Final = IN_PART.split("}", 1)[1].split("{", 1)[0]


def as_others_tell(readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings; what came back is none, and not unknown, where a table of the same header tells it."""
    told: defaultdict[str, set[str]] = defaultdict(set)
    for one in readings:
        if one.lines is not None and one.report.layout not in _KNOWN:
            told[one.report.header_id] |= {name for name in _PARTS if not _is_blank(one.lines, name)}
    return [_with_none(one, told.get(one.report.header_id, set())) for one in readings]


def _with_none(reading: Reading, told: set[str]) -> Reading:
    lines = reading.lines
    if lines is None or reading.report.layout in _KNOWN or _came_back(reading, lines):
        return reading
    has_status = not _is_blank(lines, "status")
    there = {column.field for column in reading.report.columns}
    blank = [name for name in _PARTS if name in told and _is_blank(lines, name) and (has_status or name in there)]
    if not blank:
        return reading
    none = (pl.when(pl.col(_PARTS[name]).is_not_null()).then(0.0).alias(name) for name in blank)
    return replace(reading, lines=lines.with_columns(none))


def _came_back(reading: Reading, lines: pl.DataFrame) -> bool:
    """Say whether something of the table came back, or may have."""
    remarks = reading.report.warnings
    doubted = any(one.endswith(_UNKNOWN) or _IN_PART in one for one in remarks)
    return doubted or bool((lines["status"] == RETURNED).any() or (lines["refund"] > 0).any())


def _is_blank(lines: pl.DataFrame, name: str) -> bool:
    return lines[name].null_count() == lines.height
