"""What goods cost, how many are on hand, and what advertising cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from gateway.cli.views.figures import amount
from gateway.cli.views.tables import table
from gateway.cli.views.words import local_time, plain
from schemas.channels import channel_name


def costs(items: Sequence[Mapping[str, Any]]) -> Table:
    made = table("SKU", "PRODUCT", "COST", "PACKAGING", "TAX", "FROM", "STOCK", "TOLD BY", right=("COST", "PACKAGING"))
    for item in items:
        stock = ", ".join(_stock(one) for one in item["stock"])
        for place, one in enumerate(item["costs"] or [None]):
            made.add_row(
                plain(item["sku"] if place == 0 else ""),
                plain(item["title"] if place == 0 else ""),
                plain("-" if one is None else amount(one["unitCost"], one["currency"])),
                plain("-" if one is None or one["packaging"] is None else amount(one["packaging"], one["currency"])),
                plain("-" if one is None or one["taxRate"] is None else f"{one['taxRate']:.2%}"),
                plain("-" if one is None else one["validFrom"]),
                plain(stock if place == 0 else ""),
                plain("" if one is None else _told_by(one)),
            )
    return made


def advertising(items: Sequence[Mapping[str, Any]]) -> Table:
    made = table("CHANNEL", "FROM", "TO", "COST", "SOLD", "KEY", "TOLD BY", right=("COST", "SOLD"))
    for one in items:
        made.add_row(
            plain(channel_name(one["channel"])),
            plain(one["firstDay"]),
            plain(one["lastDay"]),
            plain(amount(one["amount"], one["currency"])),
            plain("-" if one["sales"] is None else amount(one["sales"], one["currency"])),
            plain(one["key"]),
            plain(_told_by(one)),
        )
    return made


def corrected(document: Mapping[str, Any]) -> Text:
    done = document["outcome"] == "accepted"
    text = "Done: the next document is read with it." if done else "Nothing changed: it was so before."
    return plain(text, "green" if done else "")


def _told_by(one: Mapping[str, Any]) -> str:
    return f"{one['recordedBy']} ({one['document'] or 'by hand'}), {local_time(one['recordedAt'])}"


def _stock(one: Mapping[str, Any]) -> str:
    where = f" {channel_name(one['channel'])}" if one["channel"] else ""
    return f"{one['quantity']:g}{where} on {one['countedOn']}"
