"""What changed between documents, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType

from gateway.cli.views.check import by_month
from gateway.cli.views.tables import table
from gateway.cli.views.words import brl, plain
from schemas.channels import channel_name

Row = Mapping[str, Any]
_UNLIKE: Final = {
    "days": "their days are unlike",
    "currency": "they are not known to be in one currency",
    "revenue": "one of them tells no revenue",
}
STYLES: Final = {"improved": "green", "worse": "red", "unknown": "dim"}


def outcomes(found: Row) -> RenderableType:
    return Group(*_parts(found))


def _parts(found: Row) -> Iterator[RenderableType]:
    for change in found["changes"]:
        unlike = change.get("notCompared")
        if unlike is not None:
            then = f"{unlike['firstDay']} to {unlike['lastDay']}"
            now = f"{change['firstDay']} to {change['lastDay']}"
            why = _UNLIKE.get(unlike["why"], unlike["why"])
            yield plain(f"{channel_name(change['channel'])}: {then} and {now} are not compared: {why}", "yellow")
        if change["bridge"] is not None:
            yield _bridge(change)
    for key, title in (("earlier", "Opportunities of the plan before"), ("later", "What happened afterwards")):
        if found[key]:
            yield _measured(found[key], title)
    for one in found["awaited"]:
        yield plain(f"{channel_name(one['channel'])}: to be measured by a report from {one['checkFrom']} on")


def _bridge(change: Row) -> RenderableType:
    bridge = change["bridge"]
    then, now = (f"{d['firstDay']} to {d['lastDay']}" for d in (bridge, change))
    if bridge.get("monthBefore"):
        then, now = bridge["monthBefore"], bridge["monthAfter"]
    title = f"{channel_name(change['channel'])} in {bridge['currency']}: {then}, then {now}"
    made = table("STEP", "AMOUNT", "PRODUCTS", right=("AMOUNT",), title=title)
    made.add_row(plain("left before"), plain(_amount(bridge["before"])), plain(""))
    for step in bridge["steps"]:
        named = [f"{part['sku']} {_amount(part['amount'])}" for part in step["parts"]]
        named += [f"others {_amount(step['others'])}"] if step["parts"] and step["others"] else []
        made.add_row(plain(step["kind"]), plain(_amount(step["amount"])), plain(", ".join(named)))
    made.add_row(plain("left now"), plain(_amount(bridge["after"])), plain(""))
    return made


def _measured(rows: Sequence[Row], title: str) -> RenderableType:
    made = table("VERDICT", "OPPORTUNITY", "MEASURED BY", "TASKS", "CAME", right=("TASKS", "CAME"), title=title)
    for row in rows:
        values = " -> ".join("?" if v is None else f"{v:g}" for v in (row["baseline"], row["current"]))
        unit = f"{row['unit']}{by_month(row['metric'], row['unit'])}"
        what = f"{row['metric']} ({unit}) {values}" if row["metric"] else "no figure"
        came = f"{brl(row['came'])} of {brl(row['promised'])} a month"
        made.add_row(
            plain(row["verdict"], STYLES.get(row["verdict"], "")),
            plain(row["title"] + (" [?]" if row.get("unmatched") else "")),
            plain(f"{what}: {row['why']}" if row["why"] else what),
            plain(f"{row['tasksDone']}/{row['tasks']} {row['acted']}"),
            plain(came if row["promised"] is not None or row["came"] is not None else "-"),
        )
    return made


def hit_rates(rows: Sequence[Row]) -> RenderableType:
    made = table(
        "SOURCE", "RULE OR MODEL", "IMPROVED", "LEFT ALONE", "UNKNOWN", "LATE", "CAME",
        right=("IMPROVED", "LEFT ALONE", "UNKNOWN", "LATE", "CAME"),
    )  # fmt: skip
    for row in rows:
        came = "-" if row["promised"] is None else f"{brl(row['came'])} of {brl(row['promised'])}"
        made.add_row(
            plain(row["source"]),
            plain(row["analyst"]),
            plain(f"{row['improved']}/{row['measured']}"),
            plain(f"{row['leftAloneImproved']}/{row['leftAlone']}"),
            plain(row["unknown"]),
            plain(row["late"]),
            plain(came),
        )
    return made


def _amount(value: float | None) -> str:
    return "not known" if value is None else f"{value:,.2f}"
