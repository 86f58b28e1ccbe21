"""What is under way while nothing more is taken in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.console import Group, RenderableType

from gateway.cli.views.tables import table
from gateway.cli.views.words import ago, plain

SAID: Final = {
    "taking": "Workers and runners take from the queues. --reason has them take nothing more.",
    "draining": "Nothing more is taken. What is under way ends first.",
    "drained": "Nothing is under way: workers and runners can be stopped.",
    "unknown": "Nothing more is taken, but a process does not say what it has in hand: look at it first.",
}
COLOURS: Final = {"draining": "yellow", "drained": "green", "unknown": "red"}


def draining(found: Mapping[str, Any]) -> RenderableType:
    return Group(*_parts(found))


def _parts(found: Mapping[str, Any]) -> Iterator[RenderableType]:
    yield plain(SAID[found["state"]], COLOURS.get(found["state"], ""))
    if found["since"]:
        yield plain(f"off by {found['by']} {ago(found['since'])}: {found['reason']}")
    made = table("PROCESS", "NAME", "HOST", "PID", "IN HAND", right=("PID", "IN HAND"))
    for one in found["inHand"]:
        records = "unknown" if one["records"] is None else one["records"]
        made.add_row(plain(one["role"]), plain(one["source"]), plain(one["host"]), plain(one["pid"]), plain(records))
    yield made
