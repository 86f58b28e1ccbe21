"""What a rate of plans needs, with what it was computed from."""

from __future__ import annotations

from typing import Final

from rich.console import Group, RenderableType

from gateway.cli.views.tables import table
from gateway.cli.views.words import plain
from gateway.sizing.measured import Measured
from gateway.sizing.needs import BROKER_CORES, BUSY, DATABASE_CORES, PARTITIONS, Needs, Wish

#: What each kind of process does that the number is for.
_TOLD: Final = {
    "gateway": "takes requests and reads documents; one more in each system, so that one may die",
    "worker": "Phase 1 and tasks",
    "runner": "analyses; agents' calls are waited for, which takes no processor",
    "projections": "read models",
    "pump": "retries",
    "watchdog": "one works, one stands by",
    "alerts": "one works, one stands by",
    "broker": "of {cores} cores each at most, with every copy of a record",
    "postgres": "one of each system, and its standby",
    "registry": "schemas; Redpanda has its own",
}


def needed(wish: Wish, needs: Needs, costs: Measured, month: float | None) -> RenderableType:
    """Show processes and disks, then the sentence that says what limits a system, then what was assumed."""
    made = table("PART", "PROCESSES", "CORES BUSY", "CORES", "FOR", right=("PROCESSES", "CORES BUSY", "CORES"))
    for part in needs.parts:
        told = _TOLD.get(part.name, "").format(cores=BROKER_CORES)
        busy = "?" if part.known is None else f"{part.busy:,.2f}"
        made.add_row(
            plain(part.name), plain(f"{part.processes:,}"), plain(busy), plain(f"{part.cores:,}"), plain(told),
        )  # fmt: skip
    return Group(made, *(plain(line) for line in (*_found(wish, needs, month), "", *_assumed(wish, needs, costs))))


def _found(wish: Wish, needs: Needs, month: float | None) -> list[str]:
    many = "1 system" if needs.systems == 1 else f"{needs.systems:,} systems side by side, plans divided by account"
    cost = "give --core-price and --disk-price" if month is None else f"{month:,.0f} a month, in the prices' currency"
    return [
        f"{wish.plans_per_second:,g} plans/s ({wish.plans_per_second * wish.tasks:,g} tasks/s): {many}.",
        f"One system takes {min(needs.limits.values()):,.0f} plans/s; what limits it first: {needs.limit}.",
        f"Cores: {needs.cores:,}.",
        f"Log: {_bytes(needs.log_bytes)} in {wish.days} days with its copies; {_bytes(needs.log_per_second)}/s.",
        f"Postgres: {_bytes(needs.database_bytes)}, as much on a standby; {_bytes(needs.wal_per_second)}/s of its log.",
        f"Cost: {cost}.",
    ]


def _assumed(wish: Wish, needs: Needs, costs: Measured) -> list[str]:
    document = "a document of 500 rows for each plan" if wish.documents else "no documents"
    return [
        f"Measured {costs.at}, {costs.machine}: a plan of {costs.tasks} tasks. Assumed:",
        f"- cores like those; each is busy for {BUSY:.0%} at most; {document};",
        "- worker, projections, broker and Postgres cost as much for each event of a longer plan;",
        f"- each of {wish.replicas} copies costs the broker what the first one does; Redpanda costs what Kafka does;",
        f"- {PARTITIONS} partitions; brokers of {BROKER_CORES} cores at most, databases of {DATABASE_CORES}.",
        f"Not in it: agents' fees, network, backups{_unknown(needs)}.",
    ]


def _unknown(needs: Needs) -> str:
    named = ", ".join(needs.unknown)
    return f"; nor all of what these take, too little to be measured beside an idle system: {named}" if named else ""


def _bytes(number: float) -> str:
    """Return a number of bytes as a person says it."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if number < 1024:
            return f"{number:,.1f} {unit}"
        number /= 1024
    return f"{number:,.1f} TiB"
