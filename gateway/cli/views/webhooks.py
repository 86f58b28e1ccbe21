"""Webhooks as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table

from gateway.cli.views.alerts import SENT
from gateway.cli.views.tables import table
from gateway.cli.views.words import ago, plain, short

Row = Mapping[str, Any]


def webhooks(rows: Sequence[Row]) -> Table:
    made = table(
        "NAME", "STATE", "ADDRESS", "EVENTS", "WAITING", "GIVEN UP", "LAST TOLD", right=("WAITING", "GIVEN UP")
    )
    for row in rows:
        made.add_row(
            plain(row["name"]),
            _state(row),
            plain(row["url"]),
            plain(", ".join(row["types"])),
            plain(row["waiting"]),
            plain(row["givenUp"]),
            plain(ago(row["lastSentAt"]) if row["lastSentAt"] else "never"),
        )
    return made


def deliveries(rows: Sequence[Row]) -> Table:
    made = table("DELIVERY", "STATE", "EVENT", "PLAN", "WHEN", "TRIES", "ERROR", right=("TRIES",))
    for row in rows:
        made.add_row(
            short(row["deliveryId"]),
            plain(row["state"], SENT.get(row["state"], "")),
            plain(row["type"]),
            short(row["planId"]),
            plain(ago(row["endedAt"] or row["askedAt"])),
            plain(row["attempts"]),
            plain(row["error"]),
        )
    return made


def delivery(row: Row) -> RenderableType:
    tries = table("TRY", "WHEN", "SECONDS", "ANSWER", right=("TRY", "SECONDS"))
    for one in row["tries"]:
        detail = f"{one['outcome']}: {one['detail']}" if one["detail"] else one["outcome"]
        seconds = "" if one["seconds"] is None else f"{one['seconds']:.2f}"
        tries.add_row(plain(one["attempt"]), plain(ago(one["at"])), plain(seconds), plain(detail))
    about = f"{row['type']}, {row['state']}, event {row['eventId']} of plan {row['planId']}"
    return Group(plain(about, SENT.get(row["state"], "")), tries, plain(row["body"]))


def _state(row: Row) -> RenderableType:
    if row["pausedAt"]:
        return plain(f"paused by the system: {row['pausedFor']}" if row["pausedFor"] else "paused", "yellow")
    works = row["breaker"] == "closed" and not row["failingSince"]
    return plain("works", "green") if works else plain("takes nothing", "red")
