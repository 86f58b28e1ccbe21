"""The figures of a document: value, rows, formula; the unknown ones with the reason; months; reconciliation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table

from gateway.cli.views.tables import table
from gateway.cli.views.words import brl, plain
from gateway.cli.views.words import channels as channel_names
from gateway.figures import words
from gateway.figures.catalogue import RECONCILED_WELL
from gateway.figures.currency import code_of
from schemas.channels import channel_name

Data = Mapping[str, Any]
#: The columns of a month, in their order.
MONTHLY: Final = (
    "revenue",
    "fees",
    "shipping",
    "refunds",
    "net",
    "orders",
    "units",
    "cancelledOrders",
    "returnedUnits",
    "advertising",
    "afterAds",
)
#: Those of a product, and how many products are shown: all of them leave as a file (`export figures --table products`).
OF_PRODUCT: Final = (*MONTHLY, "advertisingSales", "acos")
MOST_PRODUCTS: Final = 10
_COUNTS: Final = frozenset({"orders", "units", "cancelledOrders", "returnedUnits"})
UNKNOWN: Final = "unknown"


def amount(value: float | None, unit: str) -> str:
    """Return a figure in its unit; an amount of an unknown currency has no sign."""
    if value is None:
        return UNKNOWN
    if unit == "ratio":
        return f"{value:.1%}"
    if unit == "days":
        return f"{value:,.1f} days"
    if unit == "count":
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    code = code_of(unit)
    return f"{code} {value:,.2f}" if code else f"{value:,.2f}"


def figures(document: Data, *, with_rows: bool) -> RenderableType:
    return Group(*_parts(document, with_rows=with_rows))


def _worth(worth: Data) -> RenderableType:
    """Show how the worth of an opportunity is computed, each figure of it known or not."""
    made = table("FIGURE", "VALUE", "", right=("VALUE",))
    made.title = f"{worth['opportunityId']}: {brl(worth['worthBrl'])} a month = {worth['formula']}"
    for part in worth["parts"]:
        lost = part["unusableShare"]
        note = _why(part) or (f"{lost:.1%} of its rows could not be used" if lost else "")
        made.add_row(plain(part["title"]), plain(amount(part["value"], part["unit"])), plain(note, "dim"))
    return made


def again_on_its_way(made: Data, channels: list[str], analyst: str) -> RenderableType:
    """Say which analyses run again, and what that means for an approval."""
    who = "with the agent" if analyst == "agent" else "by the rules"
    names = ", ".join(map(channel_name, channels))
    return plain(
        f"{names}: analysed again {who}; the plan keeps what it has until then. Read it before you approve it:\n"
        f"  > marketplace show {made['planId']}\n"
        f"  > marketplace approve {made['planId']} --version VERSION"
    )


def unnamed(identity: str, said: Data) -> str:
    """Say that sales name no channel, and how to say it."""
    worth = "" if said["revenue"] is None else f" ({amount(said['revenue'], said['currency'] or 'money')})"
    return (
        f"{said['rows']:,} rows of sales{worth} name no channel, and nobody analysed them."
        f" To say it: marketplace analyse {identity} --unnamed CHANNEL"
    )


def on_its_way(made: Data, channels: list[str]) -> RenderableType:
    return plain(f"{made['planId']} {made['status']}: ").append_text(channel_names(channels))


def _parts(document: Data, *, with_rows: bool) -> Iterator[RenderableType]:
    if not document.get("oneCurrency", True):  # an earlier gateway does not tell
        yield plain(
            "  ! The channels' amounts are not known to be in one currency: they are neither added up nor compared in "
            "money. Compare shares.",
            "yellow",
        )
    for channel in document["channels"]:
        yield _figures(channel)
        yield from ways(channel)
        if with_rows:
            for figure in channel["figures"]:
                yield from _rows(figure, document["tables"])
        else:
            yield from _months(channel)
            yield from _products(channel)
        yield from _reconciliation(channel)
        for warning in channel["warnings"]:
            yield plain(f"  ! {warning}", "yellow")
    yield from map(_worth, document.get("worths", []))  # an earlier gateway does not tell
    if document.get("stated"):
        yield _stated(document["stated"])
    for one in document.get("foundLater", []):
        found = ", ".join(words.title(metric) for metric in one["metrics"])
        names = channel_name(one["foundOn"]), channel_name(one["channel"])
        yield plain(
            f"{names[0]} came later and was compared with {names[1]}: {found}\n  > marketplace show {one['planId']}"
        )


def _stated(found: list[Data]) -> Table:
    """Show what the document's text states. A gateway of an earlier version does not tell."""
    made = table(
        "STATED", "VALUE", "CHANNEL", "PLACE", "WORDS", right=("VALUE",), title="What the document's text states"
    )
    for one in found:
        whose = channel_name(one["channel"]) if one["channel"] else "all"
        value = amount(one["value"], one["unit"])
        made.add_row(plain(one["metric"]), plain(value), plain(whose), plain(one["where"]), plain(one["quote"], "dim"))
    return made


def _figures(channel: Data) -> Table:
    title = channel_name(channel["channel"])
    title += f", {channel['period'][0]} to {channel['period'][1]}" if channel["period"] else ", days unknown"
    title += f", {words.currency(channel['currency'] or '', channel['currencySource'])}"
    title += "" if channel["chosen"] else " (not chosen for this plan)"
    made = table("FIGURE", "VALUE", "ROWS", "LEFT OUT", "HOW", right=("VALUE", "ROWS", "LEFT OUT"), title=title)
    for one in channel["figures"]:
        rows = one["rows"]
        made.add_row(
            plain(one["metric"]),
            plain(amount(one["value"], one["unit"])),
            plain(f"{rows['used']:,}" if rows else "-"),
            plain(f"{sum(rows['leftOut'].values()):,}" if rows else "-"),
            plain(one["formula"], "dim"),
        )
    for one in channel["unknown"]:
        made.add_row(plain(one["metric"]), plain(UNKNOWN, "yellow"), plain("-"), plain("-"), plain(one["text"]))
    return made


def ways(channel: Data) -> Iterator[RenderableType]:
    """Say what makes the unknown figures known, those of the same way together. An earlier gateway does not tell."""
    together: dict[str, list[Data]] = {}
    for one in channel.get("unknown", ()):
        together.setdefault(one.get("advice", ""), []).append(one)
    for said, those in together.items():
        if said:
            yield plain(f"  {', '.join(one['title'] for one in those)}: {UNKNOWN}. {said}", "dim")
    lacking = ("no_column", "no_returns")
    missing = dict.fromkeys(f for one in channel.get("unknown", ()) if one["reason"] in lacking for f in one["fields"])
    if missing:
        yield plain(f"  > marketplace upload FILE {' '.join(f'--map {field}=COLUMN' for field in missing)}", "dim")


def _rows(figure: Data, tables: list[Data]) -> Iterator[RenderableType]:
    rows = figure["rows"]
    if rows is None:
        yield plain(f"{figure['metric']}: no rows are told of it")
        return
    left = ", ".join(f"{n:,} {words.left_out(reason)}" for reason, n in rows["leftOut"].items())
    share = rows["unusableShare"]
    note = f"{rows['used']:,} rows" + (f"; left out: {left}" if left else "")
    note += f"; {share:.2%} could not be used" if share else ""
    yield plain(f"{figure['metric']}: {note}", "italic")
    for channel, one in figure["detail"].get("documents", {}).items():
        days = f"{one['first_day']} to {one['last_day']}"
        yield plain(f"  compared with {channel_name(channel)}, {days}: marketplace show {one['plan_id']}", "dim")
    for one in figure["detail"].get("returned_by", {}).values():
        yield plain(f"  reasons of the returns uploaded on {one['day']}: marketplace show {one['plan_id']}", "dim")
    made = table("ORDER", "ROW", "AMOUNT", "TABLE", right=("ROW", "AMOUNT"))
    for row in rows["sample"]:
        where = tables[row["table"]]["where"] if row["table"] < len(tables) else "-"
        value = "-" if row["amount"] is None else amount(row["amount"], rows.get("unit", figure["unit"]))
        made.add_row(plain(row["order"] or "-"), plain(row["row"]), plain(value), plain(where, "dim"))
    yield made


def _months(channel: Data) -> Iterator[RenderableType]:
    if not channel["months"]:
        return
    shown = [name for name in MONTHLY if any(month[name] is not None for month in channel["months"])]
    heads = [_head(name) for name in shown]
    made = table(
        "MONTH", *heads, right=heads, title=f"By month, money in {channel['currency'] or 'an unknown currency'}"
    )
    for month in channel["months"]:
        values = [amount(month[name], "count" if name in _COUNTS else "money") for name in shown]
        made.add_row(plain(month["month"]), *(plain(value) for value in values))
    yield made
    yield from _silent(channel, "unknownOfMonths")


def _products(channel: Data) -> Iterator[RenderableType]:
    """Show the products that matter most. A gateway of an earlier version tells less of them."""
    if not channel["products"]:
        return
    shown = [name for name in OF_PRODUCT if any(one.get(name) is not None for one in channel["products"])]
    heads = [_head(name) for name in shown]
    made = table(
        "PRODUCT", *heads, right=heads, title=f"By product, money in {channel['currency'] or 'an unknown currency'}"
    )
    for one in channel["products"][:MOST_PRODUCTS]:
        units = ["count" if name in _COUNTS else "ratio" if name == "acos" else "money" for name in shown]
        values = [amount(one.get(name), unit) for name, unit in zip(shown, units, strict=True)]
        made.add_row(plain(one["sku"]), *(plain(value) for value in values))
    yield made
    yield from _silent(channel, "unknownOfProducts")


def _silent(channel: Data, of: str) -> Iterator[RenderableType]:
    """Say why columns are unknown, and once what makes those of the same way known."""
    for advice, those in groupby(channel.get(of, []), lambda one: one.get("advice", "")):
        for one in those:
            yield plain(f"  {_head(one['column'])}: {UNKNOWN}. {one['text']}", "dim")
        if advice:
            yield plain(f"  > {advice}", "dim")


def _why(part: Data) -> str:
    """Return why it is unknown, and what makes it known. An earlier gateway does not tell the latter."""
    return " ".join(said for said in (part["unknown"], part.get("advice", "")) if said)


def _head(name: str) -> str:
    short = {"cancelledOrders": "cancelled", "returnedUnits": "returned"}.get(name, name)
    return re.sub(r"(?=[A-Z])", " ", short).upper()


def _reconciliation(channel: Data) -> Iterator[RenderableType]:
    found = channel["reconciliation"]
    if found is None:
        return
    unit = channel["currency"] or "money"
    theirs, ours, difference = (amount(found[name], unit) for name in ("theirs", "ours", "difference"))
    style = "yellow" if found["share"] > RECONCILED_WELL else ""
    yield plain(
        f"  {channel_name(channel['channel'])} says {theirs} ({found['column']}), we count {ours}: "
        f"difference {difference} ({found['share']:.2%}) in {found['rows']:,} rows",
        style,
    )
