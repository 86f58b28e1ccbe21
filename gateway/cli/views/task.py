"""One task with its comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from gateway.cli.views.check import check
from gateway.cli.views.tables import table
from gateway.cli.views.words import brl, due, local_time, plain, priority, status
from schemas.channels import channel_name


def task(document: Mapping[str, Any]) -> RenderableType:
    return Group(*_parts(document))


def _parts(document: Mapping[str, Any]) -> Iterator[RenderableType]:
    yield plain(document["title"], "bold")
    if document["what"] and document["what"] != document["title"]:
        yield plain(document["what"])
    if document.get("unmatched"):
        yield plain(f"Numbers without a source in the document: {', '.join(document['unmatched'])}", "yellow")
    made = table("", "")
    made.show_header = False
    for name, value in (
        ("id", plain(document["taskId"])),
        ("plan", plain(f"{document['planTitle']} ({document['planId']})")),
        ("status", status(document["status"])),
        ("priority", priority(document["priority"])),
        ("channel", plain(channel_name(document["channel"]))),
        ("phase", plain(f"{document['phase']}, task {document['position']}, attempt {document['attempt']}")),
        *_served(document["serves"]),
        *(("measured", plain(told)) for one in document["serves"] if (told := check(one.get("check")))),
        ("worth", plain(_together(document))),
        ("assignee", plain(document["assignee"] or "-")),
        ("due", due(document)),
        *((("text by", plain(document["wordedBy"])),) if document.get("wordedBy") else ()),
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


def _served(found: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Text]]:
    """Yield one row for each opportunity, with its channel and what it is worth where there are several."""
    if len(found) < 2:
        yield "serves", plain(found[0]["title"] or found[0]["opportunityId"] if found else "-")
        return
    for one in found:
        worth = f"{brl(one['worthBrl'])} a month" if one["worthBrl"] is not None else "worth not known"
        about = f"{channel_name(one['channel'])}: {one['title']}" if one["title"] else one["opportunityId"]
        yield "serves", plain(f"{about} ({worth})")


def _together(document: Mapping[str, Any]) -> str:
    known = [one for one in document["serves"] if one["worthBrl"] is not None]
    missing = len(document["serves"]) - len(known)
    return brl(document["worthBrl"]) + (f", without {missing} whose worth is not known" if known and missing else "")
