"""What became of uploads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from gateway.cli.as_typed import detail_of
from gateway.cli.views.tables import table
from gateway.cli.views.words import plain, short, status

#: Outcomes with which nothing is left to do.
GOOD: Final = frozenset({"accepted", "unchanged", "kept"})


def reading(said: Mapping[str, Any]) -> str:
    """Return how far the reading of a file is."""
    at, of, rows = (int(said.get(name) or 0) for name in ("at", "of", "rows"))
    stage = said.get("stage")
    if stage == "waiting":
        return "waits for its turn"
    if stage == "figures":
        return f"sums up {rows:,} rows" if rows else "sums up"
    parts = [f"{stage} {at} of {of}"] if at and stage in {"sheet", "page"} else []
    parts += [f"{rows:,} rows"] if rows else []
    return f"reads: {', '.join(parts)}" if parts else "reads"


def notes(results: Sequence[Mapping[str, Any]], missing: Sequence[str]) -> list[str]:
    """Return notes on channels: asked for and in no file, in a file and not asked for."""
    lines = [f"Asked for and in no file: {', '.join(missing)}"] if missing else []
    for one in results:
        more = [channel for channel in one.get("found", ()) if channel not in one.get("channels", ())]
        if more and one.get("planId"):
            lines.append(
                f"Also in {Path(one['file']).name}: {', '.join(more)}."
                f" To analyse: marketplace analyse {one['planId']} -c {','.join(more)}"
            )
    return lines


def uploads(results: Sequence[Mapping[str, Any]]) -> Table:
    made = table("FILE", "OUTCOME", "PLAN", "STATUS", "WHY")
    for one in results:
        problem = one.get("problem") or {}
        good = one["outcome"] in GOOD
        made.add_row(
            plain(Path(one["file"]).name),
            plain(one["outcome"], "green" if good else "red"),
            short(one.get("planId", "-")),
            status(one.get("status", "-")),
            plain(kept(one) or ": ".join(part for part in (problem.get("title"), detail_of(problem)) if part)),
        )
    return made


def kept(one: Mapping[str, Any]) -> str:
    """Say what a document of costs, stock or advertising led to; nothing of another."""
    if one["outcome"] != "kept":
        return ""
    said = [
        f"{one[name]:,} SKUs with {what}, {one[f'{name}Changed']:,} changed"
        for name, what in (("costs", "costs"), ("stock", "stock"))
        if one[name]
    ]
    if one.get("advertising"):
        said.append(f"{one['advertising']:,} reports of advertising, {one['advertisingChanged']:,} changed")
    said += [f"{len(one['without']):,} without a cost"] if one["without"] else []
    said += (
        [f"{one['wrongRows']:,} wrong rows: {', '.join(str(w['row']) for w in one['wrong'][:12])}"]
        if one["wrong"]
        else []
    )
    return "; ".join(said)
