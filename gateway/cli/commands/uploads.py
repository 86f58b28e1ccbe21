"""Upload documents."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from gateway.cli.client import PLANS
from gateway.cli.commands.looking import looked
from gateway.cli.commands.options import Channels, Language, Maps, Priority, Timeout, Told, Unnamed, pairs, split
from gateway.cli.commands.proposing import proposed
from gateway.cli.commands.watching import Waiter
from gateway.cli.failures import Exit, Failure, Refused
from gateway.cli.terminal import Json, Terminal, terminal_of
from gateway.cli.views import not_sure
from gateway.cli.views import uploads as view
from schemas.channels import CHANNELS
from schemas.lifecycle import PlanStatus

Fields = dict[str, str | list[str]]
Files = Annotated[
    list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE...", show_default=False)
]


class Counted(io.BufferedReader):
    """A file that tells how much of it has been read."""

    def __init__(self, path: Path, told: Callable[[int], object]) -> None:
        super().__init__(path.open("rb", buffering=0))
        self._told = told

    def read(self, size: int | None = -1, /) -> bytes:
        chunk = super().read(size)
        self._told(self.tell())
        return chunk


def register(app: typer.Typer) -> None:
    app.command("upload")(upload)


def upload(
    context: typer.Context,
    files: Files,
    channel: Channels = None,
    priority: Annotated[Priority, typer.Option("--priority", "-p")] = Priority.NORMAL,
    title: Annotated[str, typer.Option(help="The plan's title; without it the document's own.")] = "",
    again: Annotated[bool, typer.Option("--again", help="Make another plan of a file that has one.")] = False,
    columns: Maps = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Take a file whose columns are not sure: a plan without its figures.")
    ] = False,
    every_channel: Annotated[
        bool, typer.Option("--every-channel", help="Analyse each of several files for all channels given.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until the plans are there to be decided on.")] = False,
    timeout: Timeout = 300.0,
    currency: Annotated[str, typer.Option(help="Of amounts whose currency the file does not tell, such as BRL.")] = "",
    unnamed: Unnamed = "",
    team: Annotated[str, typer.Option(help="Whose the plans are: the name or id of your team.")] = "",
    propose: Annotated[
        bool, typer.Option("--propose", help="Upload nothing: have an agent say what the columns of a file are.")
    ] = False,
    look: Annotated[
        bool, typer.Option("--look", help="Upload nothing: show what would be read, and what would be asked.")
    ] = False,
    language: Told = Language.ENGLISH,
    as_json: Json = False,
) -> None:
    """Upload documents: each becomes a plan for the channels given; costs and stock in them are kept by SKU.

    Of several files each is analysed for those only that it has sales of; --every-channel: for all that are given.
    PDF, DOCX, XLSX, XLS, ODS, CSV, TXT, Markdown, HTML. --json: {"results": [{file, outcome, planId?, status?,
    version?, channels?, found?, problem?}, ...], "inNoFile": [channel, ...]}; exit status 1 if one was refused. The
    outcome of a file that has a plan already is duplicate, that of one with costs or stock alone is kept.
    Where the columns of a table are not sure, it is refused with them: --map says what they are, and is kept for every
    file with the same columns (marketplace mappings). --propose shows what an agent takes them for, and the command to
    type; it is told the columns' names and masked cells. --json is then what POST .../upload/preview answers.
    A file whose sales name no channel is refused where several are given: --unnamed says of which of them they are, and
    is kept for every file with the same columns.
    --look changes nothing either, and asks no agent: it shows each table, what its columns are taken for and how sure
    that is, the sums and what an upload would ask. --json: {"results": [{file, sure, tables, channels, ...} or {file,
    problem}, ...]}; exit status 1 if an upload would be refused.
    """
    terminal = terminal_of(context, as_json)
    channels = channels_given(channel)
    if propose and look:
        raise Failure("--look and --propose are two looks", "Give one of them.", exit_status=Exit.USAGE)
    if propose:
        proposed(terminal, files, channels)
        return
    if look:
        asked = {"map": pairs(columns), "currency": currency, "unnamed": unnamed, "language": language.value}
        told = {"channels": ",".join(channels), **asked}
        looked(terminal, files, told, channels)
        return
    if title and len(files) > 1:
        raise Failure("--title is for one file", f"{len(files)} were given.", exit_status=Exit.USAGE)
    fields: Fields = {
        "channels": ",".join(channels),
        "priority": priority.value,
        "title": title,
        "again": "true" if again else "",
        "map": pairs(columns),
        "anyway": "true" if anyway else "",
        "currency": currency,
        "unnamed": unnamed,
        "team": team,
        "language": language.value,
        "narrow": "true" if len(files) > 1 and not every_channel else "",
    }
    results = _upload_all(terminal, files, fields)
    if wait:
        wait_for_plans(terminal, results, timeout)
    missing = in_no_file(results, channels)
    _tell(terminal, results, missing, channels)
    if any(one["outcome"] not in view.GOOD for one in results):
        raise typer.Exit(Exit.REFUSED)


def _tell(terminal: Terminal, results: list[dict[str, Any]], missing: list[str], channels: list[str]) -> None:
    terminal.show({"results": results, "inNoFile": missing}, lambda: view.uploads(results))
    for line in view.notes(results, missing):
        terminal.note(line)
    for one in results:
        if not terminal.as_json and one.get("problem", {}).get("tables"):
            terminal.show(None, *not_sure.views(one, channels))


def channels_given(given: list[str] | None) -> list[str]:
    """Return the channels of the option. Raises Failure where none is given, or one that does not exist."""
    channels = split(given)
    wrong = [one for one in channels if one not in CHANNELS]
    if wrong or not channels:
        title = f"There is no channel {', '.join(wrong)}" if wrong else "Say for which sales channels"
        raise Failure(title, f"Give --channel with: {', '.join(CHANNELS)}", exit_status=Exit.USAGE)
    return channels


def in_no_file(results: list[dict[str, Any]], channels: list[str]) -> list[str]:
    """Return the channels that were asked for and are in no file; none where a file does not tell its channels.

    A file of costs or stock alone has no sales: it says nothing of channels.
    """
    of_sales = [one for one in results if one.get("outcome") != "kept"]
    told = [one.get("found") or one.get("problem", {}).get("found") for one in of_sales]
    if not told or not all(told):
        return []
    there = {channel for found in told for channel in found or ()}
    return [channel for channel in channels if channel not in there]


def _upload_all(terminal: Terminal, files: list[Path], fields: Fields) -> list[dict[str, Any]]:
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    results = []
    hidden = terminal.as_json or not terminal.err.is_terminal
    with Progress(*columns, console=terminal.err, disable=hidden, transient=True) as progress:
        for file in files:
            bar = progress.add_task(file.name, total=file.stat().st_size)

            def sent(done: int, bar: Any = bar) -> None:
                progress.update(bar, completed=done)

            def told(reading: dict[str, Any], bar: Any = bar, name: str = file.name) -> None:
                progress.update(bar, description=f"{name}: {view.reading(reading)}")

            results.append(upload_one(terminal, file, fields, sent, None if hidden else told))
    return results


def upload_one(
    terminal: Terminal,
    file: Path,
    fields: Fields,
    sent: Callable[[int], object],
    told: Callable[[dict[str, Any]], None] | None,
) -> dict[str, Any]:
    """Upload one file and return its result; a refusal is a result too. Raises Unreachable."""
    try:
        with Counted(file, sent) as content:
            answer = terminal.client.upload(file, content, fields, told)
    except Refused as refusal:
        problem = refusal.problem
        known = {"planId": problem["planId"], "status": problem["currentStatus"]} if "planId" in problem else {}
        if refusal.status in {401, 403}:
            raise
        return {"file": str(file), "outcome": "duplicate" if known else "refused", **known, "problem": problem}
    if answer["outcome"] == "kept":
        return {"file": str(file), **answer}
    return {
        "file": str(file),
        **{name: answer[name] for name in ("outcome", "planId", "status", "version")},
        **{name: answer[name] for name in ("channels", "found") if name in answer},
    }


def wait_for_plans(terminal: Terminal, results: list[dict[str, Any]], timeout: float) -> None:
    """Wait until every uploaded plan has been analysed and put its new status into the results."""
    waiter = Waiter(timeout)
    waiting = {one["planId"]: one for one in results if one.get("status") == PlanStatus.ANALYZING}
    with terminal.err.status("waiting for the analysis"):
        while waiting:
            for identity, result in list(waiting.items()):
                path = f"{PLANS}/{identity}?min_version={result.get('version', 1)}"
                found = waiter.ask(lambda path=path: _read_if_there(terminal, path))  # type: ignore[misc] # mypy cannot infer a lambda with a default
                if found and found["status"] != PlanStatus.ANALYZING:
                    result.update(status=found["status"], version=found["version"])
                    del waiting[identity]
            if waiting and not waiter.pause():
                raise Failure(
                    f"{len(waiting)} plans are still being analysed after {timeout:.0f} s",
                    f"{', '.join(waiting)}: the analysis goes on.",
                    hints=("See how far they are: marketplace plans --watch",),
                )


def _read_if_there(terminal: Terminal, path: str) -> dict[str, Any]:
    """Read a plan; empty if it was accepted and the read model does not have it yet."""
    try:
        return terminal.client.get(path)
    except Refused as refusal:
        if refusal.status == 404:
            return {}
        raise
