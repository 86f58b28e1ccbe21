"""Consumer groups as a table: how many records each has before it, where, and who reads there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.table import Table

from gateway.cli.views.tables import table
from gateway.cli.views.words import plain
from gateway.verdict.words.speech import ranges, span

#: Partitions of a group that are shown; `--json` has more of them.
SHOWN: Final = 5


def groups(rows: Sequence[Mapping[str, Any]]) -> Table:
    made = table("GROUP", "BEHIND", "FOR", "WHERE", "STANDS STILL", "READ BY", right=("BEHIND", "FOR"))
    for row in rows:
        waited = row.get("waitedSeconds")  # a gateway of before does not say it
        waits = "?" if waited is None else span(waited) if row["behind"] else ""
        name, behind = plain(row["name"]), plain(row["behind"])
        made.add_row(name, behind, plain(waits), plain(""), plain(""), _unread(row["unread"]))
        for one in row["partitions"][:SHOWN]:
            made.add_row(
                plain(""),
                plain(one["behind"], "yellow"),
                plain(""),
                plain(f"{one['topic']} {one['partition']}"),
                plain(span(one["stillSeconds"])),
                plain(one["reader"] or "nobody", "" if one["reader"] else "red"),
            )
        if len(row["partitions"]) > SHOWN:
            rest = sum(one["behind"] for one in row["partitions"][:SHOWN])
            left = plain(row["behind"] - rest)
            made.add_row(plain(""), left, plain(""), plain("elsewhere"), plain(""), plain(""))
    return made


def places(assigned: Mapping[str, Sequence[int]]) -> str:
    """Return `plan.events 0-3 7, agents.redeliver 0`: topics, and the partitions of each."""
    return ", ".join(f"{topic} {ranges(numbers)}" for topic, numbers in assigned.items() if numbers)


def _unread(unread: Mapping[str, Sequence[int]] | None) -> Any:
    if unread is None:
        return plain("not every process tells", "dim")
    return plain(f"nobody reads {places(unread)}", "red") if unread else plain("all is read", "dim")
