"""Who may call the gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from gateway.cli.views.tables import table
from gateway.cli.views.words import ago, plain


def keys(items: Sequence[Mapping[str, Any]]) -> Table:
    made = table("KEY", "NAME", "PERSON", "ROLE", "MADE", "BY", "LAST USED", "ENDS")
    for one in items:
        made.add_row(
            plain(one["keyId"]),
            plain(one["name"]),
            plain(one["person"] or "-"),
            plain(f"{one['role']} ({', '.join(one['scopes'])})" if one.get("scopes") else one["role"]),
            plain(ago(one["createdAt"])),
            plain(one["createdBy"]),
            plain(ago(one["lastUsedAt"]) if one["lastUsedAt"] else "never"),
            plain(_end(one)),
        )
    return made


def _end(one: Mapping[str, Any]) -> str:
    if one["revokedAt"]:
        return f"revoked {ago(one['revokedAt'])}"
    return str(one["expiresAt"])[:16].replace("T", " ") if one["expiresAt"] else ""
