"""Who did what, from where."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from gateway.cli.views.tables import table
from gateway.cli.views.words import plain

Row = Mapping[str, Any]


def entries(rows: Sequence[Row]) -> Table:
    made = table("WHEN", "WHO", "FROM", "ACTION", "OF", "OUTCOME", "BEFORE AND AFTER", "REASON")
    for row in rows:
        made.add_row(
            plain(row["at"][:19].replace("T", " ")),
            plain(row["actor"] or "-"),
            plain(row["address"] or "-"),
            plain(row["action"]),
            plain(row["target"] or "-"),
            plain(row["outcome"], "green" if row["outcome"] in {"accepted", "unchanged"} else "red"),
            plain(_changed(row)),
            plain(row["reason"]),
        )
    return made


def _changed(row: Row) -> str:
    before, after = row["before"] or {}, row["after"] or {}
    told = []
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name), after.get(name)
        if was is not None and was != now:
            told.append(f"{name}: {_text(was)} -> {_text(now)}")
        elif now not in (None, {}):
            told.append(f"{name}: {_text(now)}")
    return ", ".join(told)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
