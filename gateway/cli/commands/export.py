"""Take lists away as files: plans, tasks, what a plan proposes, its events and figures, the month."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from gateway.cli.client import Params
from gateway.cli.commands.options import Channels, Due, Origins, Overdue, Search, split
from gateway.cli.commands.slo import Month
from gateway.cli.failures import Exit, Failure
from gateway.cli.ids import plan_id
from gateway.cli.taking import Force, How, downloaded, form_of, take
from gateway.cli.terminal import Json, terminal_of
from gateway.exports.writing import Form


class What(StrEnum):
    PLANS = "plans"
    TASKS = "tasks"
    PROPOSALS = "proposals"
    EVENTS = "events"
    FIGURES = "figures"
    MONTH = "month"


class Table(StrEnum):
    """All figures, those by month or by product, or the orders that lose."""

    FIGURES = "figures"
    MONTHS = "months"
    PRODUCTS = "products"
    ORDERS = "orders"


def register(app: typer.Typer) -> None:
    app.command("export")(export)


def export(
    context: typer.Context,
    what: Annotated[What, typer.Argument(help="What to take away.")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where to; its ending says how. - for stdout.")],
    form: How = None,
    plan: Annotated[
        str,
        typer.Option(
            "--plan", help="Of this plan: its id, or the id's start. Needed but for lists of plans and tasks."
        ),
    ] = "",
    status: Annotated[list[str] | None, typer.Option("--status", "-s", help="Several times for several.")] = None,
    channel: Channels = None,
    search: Search = "",
    overdue: Overdue = False,
    due: Due = None,
    origin: Origins = None,
    month: Month = "",
    table: Annotated[Table, typer.Option("--table", help="Which figures of a plan's document.")] = Table.FIGURES,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Write plans, tasks, a plan's proposals, events or figures, or a month to a file: .csv, .xlsx, .ics of tasks.

    No cell is taken for a formula. A file is there whole or not at all. Of more than 100,000 rows the first are in it.
    That it was taken is in the audit. Who did what: `marketplace audit --file`.

    --json: {"file", "format", "rows", "more"}: `more` fit than a file takes; of a calendar `withoutDay`: tasks that
    have none.
    """
    terminal = terminal_of(context, as_json)
    chosen = form_of(file, form, tuple(Form) if what is What.TASKS else (Form.CSV, Form.XLSX))
    if what in {What.PROPOSALS, What.EVENTS, What.FIGURES} and not plan:
        raise Failure("Say which plan", f"For example: export {what} FILE --plan 3f2b8c1e", exit_status=Exit.USAGE)
    of_plan = plan_id(terminal.client, plan) if plan else ""
    params = {"status": split(status), "channel": split(channel), "q": search, "overdue": "true" if overdue else ""}
    asked: dict[What, Params] = {
        What.PLANS: {**params, "origin": split(origin)},
        What.TASKS: {**params, "due": split(due), "plan": of_plan},
        What.PROPOSALS: {"plan": of_plan},
        What.EVENTS: {"plan": of_plan},
        What.FIGURES: {"plan": of_plan, "table": table},
        What.MONTH: {"month": month},
    }
    take(terminal, file, chosen, downloaded(terminal, what, chosen, asked[what]), force=force)
