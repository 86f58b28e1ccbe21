"""Ids of records: group|topic|partition|offset. On a command line the bars may be colons, which no shell minds."""

from __future__ import annotations

from urllib.parse import quote


def typed(record_id: str) -> str:
    """Return an id as it can be typed: agents:plan.events:3:17."""
    return record_id.replace("|", ":")


def meant(text: str) -> str:
    """Return the id that was typed with bars or with colons."""
    return text if "|" in text else text.replace(":", "|")


def in_path(text: str) -> str:
    """Return the id that was typed as part of an address."""
    return quote(meant(text), safe="")
