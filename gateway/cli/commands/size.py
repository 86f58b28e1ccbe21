"""Say what a rate of plans needs: processes, cores, disks, and what a month costs."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views import size as view
from gateway.sizing.kept import measured
from gateway.sizing.needs import Wish, needs

Rate = Annotated[float, typer.Option("--plans-per-second", min=0.001, max=1_000_000, help="Plans approved a second.")]
Tasks = Annotated[int, typer.Option("--tasks", min=1, max=200, help="Tasks of a plan.")]
Days = Annotated[int, typer.Option("--days", min=1, max=3650, help="Days of plans on disk.")]
Replicas = Annotated[int, typer.Option("--replicas", min=1, max=7, help="Copies of each record in the log.")]
Documents = Annotated[bool, typer.Option("--documents/--no-documents", help="A document is uploaded for each plan.")]
Core = Annotated[float | None, typer.Option("--core-price", min=0, help="Of a core with its memory, a month.")]
Disk = Annotated[float | None, typer.Option("--disk-price", min=0, help="Of a GiB of disk, a month.")]


def register(app: typer.Typer) -> None:
    app.command("size")(size)


def size(
    context: typer.Context,
    plans_per_second: Rate,
    tasks: Tasks = 5,
    days: Days = 90,
    replicas: Replicas = 3,
    documents: Documents = True,
    core_price: Core = None,
    disk_price: Disk = None,
    as_json: Json = False,
) -> None:
    """Say what a rate of plans needs, by what one plan was measured to cost; asks no system.

    --json: {"measured", "wish", "systems", "limits", "parts", "unknown", "cores", "logBytes", "databaseBytes", "month"}
    """
    if (core_price is None) != (disk_price is None):
        raise typer.BadParameter("a month's cost needs both prices: --core-price and --disk-price")
    costs = measured()
    wish = Wish(plans_per_second, tasks, days, replicas, documents)
    found = needs(wish, costs)
    month = None if core_price is None or disk_price is None else found.month(core_price, disk_price)
    document = {
        "measured": {"at": costs.at, "machine": costs.machine},
        "wish": {
            "plansPerSecond": plans_per_second,
            "tasks": tasks,
            "days": days,
            "replicas": replicas,
            "documents": documents,
        },
        "systems": found.systems,
        "limits": dict(found.limits),
        "parts": [
            {"name": part.name, "processes": part.processes, "busy": part.known, "cores": part.cores}
            for part in found.parts
        ],
        "unknown": list(found.unknown),
        "cores": found.cores,
        "logBytes": found.log_bytes,
        "databaseBytes": found.database_bytes,
        "month": month,
    }
    terminal_of(context, as_json).show(document, lambda: view.needed(wish, found, costs, month))
