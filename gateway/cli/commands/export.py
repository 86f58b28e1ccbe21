"""Take lists away as files: plans, tasks, a plan's events and the month, for spreadsheets and calendars."""

from __future__ import annotations

import errno
import os
import secrets
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated, Any, Final

import typer

from gateway.cli.client import PLANS, TASKS
from gateway.cli.commands.options import Channels, Overdue, Search, split
from gateway.cli.commands.slo import SLO, Month
from gateway.cli.exports import calendar, columns, tables
from gateway.cli.failures import Exit, Failure
from gateway.cli.ids import plan_id
from gateway.cli.terminal import Json, Terminal, terminal_of

STDOUT: Final = "-"
#: Who may read a file is said by the umask, as of any other.
_MODE: Final = 0o666
_NO_NAMELESS: Final = frozenset({errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL})


class What(StrEnum):
    PLANS = "plans"
    TASKS = "tasks"
    EVENTS = "events"
    MONTH = "month"


class Form(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    ICS = "ics"


_COLUMNS: Final = {
    What.PLANS: columns.PLANS,
    What.TASKS: columns.TASKS,
    What.EVENTS: columns.EVENTS,
    What.MONTH: columns.OBJECTIVES,
}


def register(app: typer.Typer) -> None:
    app.command("export")(export)


def export(
    context: typer.Context,
    what: Annotated[What, typer.Argument(help="What to take away.")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where to; its ending says how. - for stdout.")],
    form: Annotated[Form | None, typer.Option("--format", help="How, where the file's ending does not say it.")] = None,
    plan: Annotated[str, typer.Option("--plan", help="Of this plan: its id, or the id's start. Events need it.")] = "",
    status: Annotated[list[str] | None, typer.Option("--status", "-s", help="Several times for several.")] = None,
    channel: Channels = None,
    search: Search = "",
    overdue: Overdue = False,
    month: Month = "",
    force: Annotated[bool, typer.Option("--force", "-f", help="Write over a file that is there.")] = False,
    as_json: Json = False,
) -> None:
    """Write plans, tasks, a plan's events or the objectives of a month to a file: .csv, .xlsx, and .ics of tasks.

    No cell is taken for a formula. A file is there whole or not at all.

    --json: {"file", "format", "rows"}, and of a calendar `withoutDay`: tasks that have none.
    """
    terminal = terminal_of(context, as_json)
    chosen = form or _form_of(file)
    if chosen is Form.ICS and what is not What.TASKS:
        raise Failure(f"{what} are no calendar", "Only tasks have days: choose csv or xlsx.", exit_status=Exit.USAGE)
    if what is What.EVENTS and not plan:
        raise Failure("Say which plan", "For example: export events FILE --plan 3f2b8c1e", exit_status=Exit.USAGE)
    of_plan = plan_id(terminal.client, plan) if plan else ""
    params = {"status": split(status), "channel": split(channel), "q": search, "overdue": "true" if overdue else ""}
    rows = _rows(terminal, what, of_plan, params, month)
    done: dict[str, Any] = {"file": file, "format": chosen.value}

    def write(to: IO[bytes]) -> None:
        if chosen is Form.ICS:
            done["rows"], done["withoutDay"] = calendar.write_ics(to, rows, terminal.client.url, datetime.now(UTC))
            return
        wanted = _COLUMNS[what]
        writer = tables.write_csv if chosen is Form.CSV else tables.write_xlsx
        done["rows"] = writer(to, list(wanted), (columns.cells(wanted, row) for row in rows))

    if file == STDOUT:
        if as_json:
            raise Failure("Two things cannot go to stdout", "Give a file, or leave out --json.", exit_status=Exit.USAGE)
        write(sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    _whole(Path(file), write, force=force)
    terminal.show(done)
    left = f"; {done['withoutDay']} tasks without a day are not in it" if done.get("withoutDay") else ""
    terminal.note(f"{done['rows']} rows in {file}{left}")


def _rows(terminal: Terminal, what: What, plan: str, params: dict[str, Any], month: str) -> Iterable[dict[str, Any]]:
    match what:
        case What.PLANS:
            return terminal.client.pages(PLANS, params, None)
        case What.TASKS:
            return terminal.client.pages(TASKS, {**params, "plan": plan}, None)
        case What.EVENTS:
            return terminal.client.pages(f"{PLANS}/{plan}/events", {}, None)
        case What.MONTH:
            found: list[dict[str, Any]] = terminal.client.get(SLO, {"month": month} if month else {})["objectives"]
            return found


def _form_of(file: str) -> Form:
    try:
        return Form(Path(file).suffix.removeprefix(".").lower())
    except ValueError:
        ways = ", ".join(f".{one}" for one in Form)
        raise Failure(
            f"How {file} is to be written is not said", f"End it with {ways}, or give --format.", exit_status=Exit.USAGE
        ) from None


def _whole(file: Path, write: Callable[[IO[bytes]], None], *, force: bool) -> None:
    """Write a file beside its place and put it there once it is whole. Raises Failure where it cannot."""
    if file.exists() and not force:
        raise Failure(f"{file} is there already", "Give --force to write over it.")
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        handle = _nameless(file.parent)
        named = handle is None
        if handle is None:
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
        with os.fdopen(handle, "wb") as to:
            write(to)
            to.flush()
            if not named:
                # what a link leads to is linked only where a folder is named, which nobody looks at for a whole path
                os.link(f"/proc/self/fd/{handle}", beside, src_dir_fd=handle)
        beside.replace(file)
    except OSError as error:
        raise Failure(f"{file} cannot be written", error.strerror or str(error)) from None
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()


def _nameless(folder: Path) -> int | None:
    """Open a file that has no name: of it nothing is left, however the process ends. None where there are none."""
    if not hasattr(os, "O_TMPFILE"):
        return None
    try:
        return os.open(folder, os.O_WRONLY | os.O_TMPFILE, _MODE)
    except OSError as error:
        if error.errno in _NO_NAMELESS:
            return None
        raise
