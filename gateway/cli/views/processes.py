"""What runs on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.console import Group, RenderableType

from gateway.cli.views.health import STYLES as HEALTH_STYLES
from gateway.cli.views.health import line
from gateway.cli.views.tables import table
from gateway.cli.views.words import plain

STYLES: Final = {"ready": "green", "done": "green", "failed": "bold red", "backoff": "red"}


def processes(document: Mapping[str, Any]) -> RenderableType:
    return Group(*_parts(document))


def _parts(document: Mapping[str, Any]) -> Iterator[RenderableType]:
    if not document["running"]:
        yield plain("Nothing runs on this machine. Start it with: marketplace up", "yellow")
        yield plain("How a system elsewhere is (MARKETPLACE_URL), marketplace doctor tells.", "dim")
        return
    health = document.get("health")
    well = health is None or health["status"] == "ok"
    # a process that was started may do nothing, and then the line below says so
    up = "All processes run" if well else "Each process was started"
    yield plain(up if document["ready"] else "Not all processes run", "bold")
    if health is None:
        yield plain("The gateway does not answer: marketplace doctor says why", "yellow")
    else:
        yield plain(line(health), HEALTH_STYLES.get(health["status"], "bold"))
    made = table("", "")
    made.show_header = False
    for name, url in document["urls"].items():
        made.add_row(plain(name, "dim"), plain(url))
    yield made
    made = table("PROCESS", "STATUS", "PID", "RESTARTS", right=("PID", "RESTARTS"))
    for name, one in document["processes"].items():
        made.add_row(
            plain(name),
            plain(one["status"], STYLES.get(one["status"], "yellow")),
            plain(one["pid"] or "-"),
            plain(one["restarts"]),
        )
    yield made
