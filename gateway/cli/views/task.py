"""One task with its comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType

from gateway.cli.views.tables import table
from gateway.cli.views.words import brl, local_time, plain, priority, status
from schemas.channels import channel_name


def task(document: Mapping[str, Any]) -> RenderableType:
    return Group(*_parts(document))


def _parts(document: Mapping[str, Any]) -> Iterator[RenderableType]:
    yield plain(document["title"], "bold")
    if document["what"] and document["what"] != document["title"]:
        yield plain(document["what"])
    made = table("", "")
    made.show_header = False
    for name, value in (
        ("id", plain(document["taskId"])),
        ("plan", plain(f"{document['planTitle']} ({document['planId']})")),
        ("status", status(document["status"])),
        ("priority", priority(document["priority"])),
        ("channel", plain(channel_name(document["channel"]))),
        ("phase", plain(f"{document['phase']}, task {document['position']}, attempt {document['attempt']}")),
        ("serves", plain(document.get("opportunityTitle") or "-")),
        ("worth", plain(brl(document.get("worthBrl")))),
        ("assignee", plain(document["assignee"] or "-")),
        ("note", plain(document["note"] or "-")),
        ("created", plain(local_time(document["createdAt"]))),
        ("started", plain(local_time(document["startedAt"]))),
        ("ended", plain(local_time(document["endedAt"]))),
    ):
        made.add_row(plain(name, "dim"), value)
    yield made
    for comment in document["comments"]:
        yield plain(f"{local_time(comment['at'])} {comment['actor']}: {comment['comment']}")
    if document["actions"]:
        yield plain(f"Possible now: {', '.join(document['actions'])}", "dim")
