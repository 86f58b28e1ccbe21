"""People, and who is signed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from gateway.cli.views.tables import table
from gateway.cli.views.words import ago, plain


def people(items: Sequence[Mapping[str, Any]]) -> Table:
    made = table("HANDLE", "NAME", "E-MAIL", "ROLE", "KEYS", "SIGNED IN", "MADE", "BY", "ENDED", "ERASED")
    for one in items:
        made.add_row(
            plain(one["handle"]),
            plain(one["name"]),
            plain(one["email"]),
            plain(one["role"]),
            str(one["keys"]),
            str(one["signIns"]),
            plain(ago(one["madeAt"])),
            plain(one["madeBy"]),
            plain(ago(one["endedAt"]) if one["endedAt"] else ""),
            plain(ago(one["erasedAt"]) if one["erasedAt"] else ""),
        )
    return made


def me(one: Mapping[str, Any]) -> Table:
    made = table("HANDLE", "NAME", "E-MAIL", "ROLE", "REMINDERS", "LANGUAGE")
    reminders = "yes" if one["reminders"] else "no"
    cells = (one["handle"], one["name"], one["email"], one["role"], reminders, one["language"] or "-")
    made.add_row(*map(plain, cells))
    return made


def assignees(items: Sequence[Mapping[str, Any]]) -> Table:
    made = table("HANDLE", "NAME")
    for one in items:
        made.add_row(plain(one["handle"]), plain(one["name"]))
    return made


def sign_ins(items: Sequence[Mapping[str, Any]]) -> Table:
    made = table("SIGN-IN", "BY", "KEY", "ADDRESS", "BEGAN", "SEEN", "ENDS")
    for one in items:
        made.add_row(
            plain(one["signInId"]),
            plain(one["openedBy"]),
            plain(one["keyId"] or "-"),
            plain(one["address"] or "-"),
            plain(ago(one["createdAt"])),
            plain(ago(one["seenAt"])),
            plain(str(one["expiresAt"])[:16].replace("T", " ")),
        )
    return made
