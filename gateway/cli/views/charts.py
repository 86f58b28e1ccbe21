"""The charts of the overview, a line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.table import Table

from gateway.cli.views.tables import table
from gateway.cli.views.words import plain
from gateway.verdict.words.speech import span

Row = Mapping[str, Any]
#: A line is drawn in so many characters; each shows the most of its minutes or hours.
WIDTH: Final = 24
_LEVELS: Final = "▁▂▃▄▅▆▇█"
_UNSEEN: Final = " "


def charts(rows: Sequence[Row]) -> Table:
    made = table("CHART", "OF", "FIGURE", "OVER THE TIME", right=("FIGURE",))
    for row in rows:
        # lines of one chart have one scale, as on the page; what took longer than all bounds is drawn at the top
        known = [value for line in row["lines"] for value in line["values"] if value is not None]
        top = 1.0 if row["unit"] == "share" else max(known, default=0.0)
        for line in row["lines"]:
            first = line is row["lines"][0]
            made.add_row(
                plain(row["title"] if first else ""),
                plain(line["title"]),
                plain(_figure(row, line)),
                plain(_drawn(_heights(line, top), top)),
            )
    return made


def _figure(row: Row, line: Row) -> str:
    whole = line["whole"]
    if whole is None:
        return "> 2 h" if line["beyond"] else "unknown"
    if row["unit"] == "share":
        return f"{whole:.1%}"
    if row["unit"] == "seconds":
        return span(whole)
    figure, least = f"{whole:,.0f}", line.get("atLeast", False)  # a gateway of before does not say it
    if row["how"] == "most":
        return f"most seen {figure}" if least else f"most {figure}"
    return f"at least {figure}" if least else figure


def _heights(line: Row, top: float) -> list[float | None]:
    beyond = set(line["beyond"])
    return [max(top, 1.0) if n in beyond else value for n, value in enumerate(line["values"])]


def _drawn(heights: Sequence[float | None], top: float) -> str:
    each = -(-len(heights) // WIDTH)
    return "".join(_cell(heights[at : at + each], top) for at in range(0, len(heights), each))


def _cell(heights: Sequence[float | None], top: float) -> str:
    known = [height for height in heights if height is not None]
    if not known:
        return _UNSEEN
    share = min(max(known) / (top or 1.0), 1.0)
    return _LEVELS[round(share * (len(_LEVELS) - 1))]
