"""Replays of dead letters: begin one, see how far it is and what became of each letter, end it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Annotated, Any, Final

import typer

from gateway.cli.commands.letter_options import State, Wanted, choice, choosing
from gateway.cli.commands.options import SomeRecords, Yes
from gateway.cli.commands.retries import finish
from gateway.cli.failures import Exit, Failure
from gateway.cli.record_ids import in_path
from gateway.cli.terminal import Json, Terminal, terminal_of
from gateway.cli.views import letters as views
from gateway.cli.views.letters import GOOD

LETTERS = "/api/dead-letters"
JOBS = f"{LETTERS}/jobs"
#: For so long after the last was sent it is looked whether letters come back.
BACK_S: Final = 5.0

JobId = Annotated[str, typer.Argument(metavar="JOB", help="The job's whole id.", show_default=False)]
Force = Annotated[
    bool, typer.Option("--force", help="Also those that came back three times, were discarded, or are still out.")
]


@choosing
def replay(
    context: typer.Context,
    wanted: Wanted,
    records: SomeRecords = None,
    rate: Annotated[float, typer.Option("--rate", min=0.1, max=500, help="Letters a second at most.")] = 20.0,
    force: Force = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    wait: Annotated[
        bool,
        typer.Option("--wait", help="Wait until every letter had its turn, and for those that come back."),
    ] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Send dead letters again to the group that could not handle them: single ones, or all that fit the options.

    --json: {"results": [...]} for one letter, {"total", "items"} with --dry-run, else the job; with --wait the job
    with its items. Exit status 1 if a letter was refused or came back, as far as one has been waited for.
    """
    terminal = terminal_of(context, as_json)
    selected = wanted.selection(terminal.client)
    chosen = choice(records, selected, states=[State.OPEN])
    if not dry_run and records and len(records) == 1:
        path = f"{LETTERS}/{in_path(records[0])}/replay"
        finish(terminal, terminal.client.send("POST", path, {"force": force})["results"])
        return
    if dry_run or not (records or yes):
        found = terminal.client.send("POST", f"{LETTERS}/dry-run", {**chosen, "force": force})
        if dry_run:
            terminal.show(found, lambda: views.outlook(found["items"]))
            return
        if not terminal.confirm(f"Replay {found['total']} dead letters?"):
            raise Failure("Nothing was replayed")
    made = terminal.client.send("POST", f"{LETTERS}/replay", {**chosen, "rate": rate, "force": force})
    if wait:
        made = _finished(terminal, made)
        _tell(terminal, made, list(_items(terminal, made["jobId"])), all_shown=False)
        if made["state"] != "done":
            raise Failure(
                "The replay was ended by somebody", "What was sent is sent; the other letters stay as they are."
            )
        _refuse_if_back(made)
        return
    terminal.show(made, lambda: views.jobs([made]))


def jobs(context: typer.Context, as_json: Json = False) -> None:
    """List the last replays of many, and how far they are.

    --json: {"items": [{jobId, state, total, done, outcomes, ...}, ...]}.
    """
    terminal = terminal_of(context, as_json)
    document = terminal.client.get(JOBS)
    terminal.show(document, lambda: views.jobs(document["items"]))
    if not document["items"]:
        terminal.note("Nothing has been replayed yet.")


def job(
    context: typer.Context,
    job_id: JobId,
    refused: Annotated[bool, typer.Option("--refused", help="Only the letters that were refused.")] = False,
    as_json: Json = False,
) -> None:
    """Show a replay of many: how far it is, and what became of each letter.

    --json: the job with {"items": [{recordId, outcome, at, retry}, ...]}; `outcome` null: its turn has not come.
    Exit status 1 if a letter was refused or came back.
    """
    terminal = terminal_of(context, as_json)
    found = terminal.client.get(f"{JOBS}/{in_path(job_id)}", {"limit": 1})
    items = [one for one in _items(terminal, found["jobId"]) if not refused or _is_refused(one)]
    _tell(terminal, found, items, all_shown=True)
    _refuse_if_back(found)


def cancel(context: typer.Context, job_id: JobId, as_json: Json = False) -> None:
    """Cancel a replay job. Letters that it has sent stay sent.

    --json: the job.
    """
    terminal = terminal_of(context, as_json)
    path = f"{JOBS}/{in_path(job_id)}"
    terminal.client.send("DELETE", path, {})
    found = terminal.client.get(path)
    terminal.show(found, lambda: views.jobs([found]))


def _tell(terminal: Terminal, found: dict[str, Any], items: list[dict[str, Any]], *, all_shown: bool) -> None:
    """Show a job, and its letters or those that were refused; exit status 1 if one was."""
    shown = items if all_shown else [one for one in items if _is_refused(one)]
    tables = [lambda: views.jobs([found]), *([lambda: views.job_items(shown)] if shown else [])]
    terminal.show({**found, "items": items, "nextAfter": None}, *tables)
    if any(count and outcome not in GOOD for outcome, count in found["outcomes"].items()):
        raise typer.Exit(Exit.REFUSED)


def _refuse_if_back(found: dict[str, Any]) -> None:
    """Raise Failure where letters of a job came back."""
    if back := found.get("cameBack"):
        raise Failure(
            f"{back} of {found['total']} letters came back as dead letters",
            "Find their cause before they are sent once more: marketplace letters groups",
        )


def _is_refused(item: dict[str, Any]) -> bool:
    return item["outcome"] is not None and item["outcome"] not in GOOD


def _items(terminal: Terminal, job_id: str) -> Iterator[dict[str, Any]]:
    after: int | None = 0
    while after is not None:
        page = terminal.client.get(f"{JOBS}/{in_path(job_id)}", {"after": after, "limit": 200})
        yield from page["items"]
        after = page["nextAfter"]


def _finished(terminal: Terminal, made: dict[str, Any]) -> dict[str, Any]:
    """Return a job that has ended. Of letters that are handled nobody tells: those that come back do so in a moment."""
    sent_at: float | None = None
    with terminal.err.status("replaying"):
        while made["state"] == "running" or _may_come_back(made, sent_at):
            time.sleep(0.3)
            made = terminal.client.get(f"{JOBS}/{made['jobId']}", {"limit": 1})
            sent_at = sent_at or (None if made["state"] == "running" else time.monotonic())
    return made


def _may_come_back(made: dict[str, Any], sent_at: float | None) -> bool:
    out = made["state"] == "done" and made["outcomes"].get("accepted", 0) > made.get("cameBack", 0)
    return out and (sent_at is None or time.monotonic() - sent_at < BACK_S)
