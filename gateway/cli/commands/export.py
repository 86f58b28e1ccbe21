"""Take lists away as files: plans, tasks, a plan's events and the month, for spreadsheets and calendars."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from itertools import islice
from typing import IO, Annotated, Any, Final

import typer

from gateway.cli.client import PLANS
from gateway.cli.commands.options import Channels, Overdue, Search, split
from gateway.cli.commands.slo import SLO, Month
from gateway.cli.failures import Exit, Failure
from gateway.cli.ids import plan_id
from gateway.cli.taking import Force, How, downloaded, form_of, take
from gateway.cli.terminal import Json, Terminal, terminal_of
from gateway.exports import columns
from gateway.exports.columns import Columns
from gateway.exports.writing import AT_ONCE, Form, writer


class What(StrEnum):
    PLANS = "plans"
    TASKS = "tasks"
    EVENTS = "events"
    MONTH = "month"


#: What the command makes a file of by itself.
_COLUMNS: Final = {What.EVENTS: columns.EVENTS, What.MONTH: columns.OBJECTIVES}


def register(app: typer.Typer) -> None:
    app.command("export")(export)


def export(
    context: typer.Context,
    what: Annotated[What, typer.Argument(help="What to take away.")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where to; its ending says how. - for stdout.")],
    form: How = None,
    plan: Annotated[str, typer.Option("--plan", help="Of this plan: its id, or the id's start. Events need it.")] = "",
    status: Annotated[list[str] | None, typer.Option("--status", "-s", help="Several times for several.")] = None,
    channel: Channels = None,
    search: Search = "",
    overdue: Overdue = False,
    month: Month = "",
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Write plans, tasks, a plan's events or the objectives of a month to a file: .csv, .xlsx, and .ics of tasks.

    No cell is taken for a formula. A file is there whole or not at all. Of more than 100,000 plans or tasks the first
    are in it. Who did what: `marketplace audit --file`.

    --json: {"file", "format", "rows"}, of plans and tasks `more`: more fit; of a calendar `withoutDay`: tasks that have
    none.
    """
    terminal = terminal_of(context, as_json)
    chosen = form_of(file, form, tuple(Form) if what is What.TASKS else (Form.CSV, Form.XLSX))
    if what is What.EVENTS and not plan:
        raise Failure("Say which plan", "For example: export events FILE --plan 3f2b8c1e", exit_status=Exit.USAGE)
    of_plan = plan_id(terminal.client, plan) if plan else ""
    if what in _COLUMNS:
        take(terminal, file, chosen, lambda to: _made(terminal, what, chosen, of_plan, month, to), force=force)
        return
    params = {"status": split(status), "channel": split(channel), "q": search, "overdue": "true" if overdue else ""}
    asked = {**params, "plan": of_plan} if what is What.TASKS else params
    take(terminal, file, chosen, downloaded(terminal, what, chosen, asked), force=force)


def _made(terminal: Terminal, what: What, form: Form, plan: str, month: str, to: IO[bytes]) -> dict[str, Any]:
    if what is What.EVENTS:
        return _written(terminal.client.pages(f"{PLANS}/{plan}/events", {}, None), _COLUMNS[what], form, to)
    found = terminal.client.get(SLO, {"month": month} if month else {})
    return _written(found["objectives"], _COLUMNS[what], form, to)


def _written(rows: Iterable[dict[str, Any]], shown: Columns, form: Form, to: IO[bytes]) -> dict[str, Any]:
    way, count, left = writer(form, shown, list(shown)), 0, iter(rows)
    to.write(way.begin())
    while some := list(islice(left, AT_ONCE)):
        to.write(way.rows(some))
        count += len(some)
    to.write(way.end())
    return {"rows": count}
