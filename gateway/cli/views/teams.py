"""Teams, and who is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from gateway.cli.views.tables import table
from gateway.cli.views.words import ago, plain


def teams(items: Sequence[Mapping[str, Any]]) -> Table:
    made = table("TEAM", "ID", "PLANS", "WHO", "MADE", "BY", "CLOSED", right=("PLANS",))
    for one in items:
        made.add_row(
            plain(one["name"]),
            plain(one["teamId"]),
            str(one["plans"]),
            plain(", ".join(who["id"] for who in one["members"]) or "-"),
            plain(ago(one["madeAt"])),
            plain(one["madeBy"]),
            plain(ago(one["closedAt"]) if one["closedAt"] else ""),
        )
    return made
