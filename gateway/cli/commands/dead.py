"""Dead letters: see them, by cause and one by one, edit, replay, discard."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import click
import typer

from gateway.cli.commands.options import All, Limit, Yes, split
from gateway.cli.commands.retries import Reason, Records, finish
from gateway.cli.failures import Exit, Failure
from gateway.cli.record_ids import in_path, meant
from gateway.cli.session import Json, Session, session_of
from gateway.cli.views import letters as views

LETTERS = "/api/dead-letters"
Record = Annotated[str, typer.Argument(metavar="RECORD", help="The id as the list shows it.", show_default=False)]
Cause = Annotated[str, typer.Option("--cause", help="Of one cause: its fingerprint, as `dead groups` shows it.")]
Code = Annotated[list[str] | None, typer.Option("--code", help="Cause of the failure, such as damaged.")]
Plan = Annotated[str, typer.Option("--plan", help="Of this plan only: its whole id.")]
Force = Annotated[
    bool, typer.Option("--force", help="Also those that came back three times, were discarded, or are still out.")
]
SomeRecords = Annotated[
    list[str] | None, typer.Argument(metavar="[RECORD...]", help="Ids as the list shows them.", show_default=False)
]


class State(StrEnum):
    OPEN = "open"
    PARKED = "parked"
    REPLAYED = "replayed"
    DISCARDED = "discarded"


States = Annotated[list[State] | None, typer.Option("--state", "-s", help="Several times for several.")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Dead letters: records that could not be handled.", no_args_is_help=True)
    commands: dict[str, Callable[..., None]] = {
        "list": list_letters,
        "groups": groups,
        "show": show,
        "edit": edit,
        "replay": replay,
        "discard": discard,
        "jobs": jobs,
        "cancel": cancel,
    }
    for name, command in commands.items():
        group.command(name)(command)
    app.add_typer(group, name="dead")


def list_letters(
    context: typer.Context,
    states: States = None,
    cause: Cause = "",
    code: Code = None,
    plan: Plan = "",
    limit: Limit = 20,
    every: All = False,
    as_json: Json = False,
) -> None:
    """List dead letters, newest first.

    --json: {"items": [{recordId, state, group, type, code, message, fingerprint, replays, deadAt, ...}, ...]}.
    """
    session = session_of(context, as_json)
    params = {"state": split(states), "fingerprint": cause, "code": code or [], "plan": plan}
    rows = list(session.client.pages(LETTERS, params, None if every else limit))
    session.show({"items": rows}, lambda: views.letters(rows))
    if not rows:
        session.note("There is no such dead letter.")


def groups(context: typer.Context, states: States = None, as_json: Json = False) -> None:
    """Group dead letters by cause, with the trend of the last 24 hours.

    --json: {"items": [{fingerprint, group, code, type, message, total, states, trend, ...}, ...], "states": {...}}.
    """
    session = session_of(context, as_json)
    document = session.client.get(f"{LETTERS}/groups", {"state": split(states)})
    session.show(document, lambda: views.causes(document))
    if not document["items"]:
        session.note("There is no dead letter.")


def show(context: typer.Context, record: Record, as_json: Json = False) -> None:
    """Show a dead letter: cause, payload, edit, and the history of its plan.

    --json: the letter as the API gives it, with headers and stack.
    """
    session = session_of(context, as_json)
    found = session.client.get(f"{LETTERS}/{in_path(record)}")
    session.show(found, lambda: views.letter(found))


def edit(
    context: typer.Context,
    record: Record,
    reason: Reason,
    file: Annotated[
        str, typer.Option("--file", "-f", help="The new payload as JSON, - for stdin; without it an editor opens.")
    ] = "",
    event_type: Annotated[str, typer.Option("--type", help="The event's type, where the letter does not say.")] = "",
    as_json: Json = False,
) -> None:
    """Change a letter's payload: the next replay sends it. It is checked against its schema; the original is kept.

    --json: {recordId, version, type, differences}.
    """
    session = session_of(context, as_json)
    path = f"{LETTERS}/{in_path(record)}"
    found = session.client.get(path)
    payload = _payload(file, found)
    body = {"payload": payload, "type": event_type, "reason": reason}
    answer = session.client.send("PATCH", path, body, {"If-Match": f'"{found["version"]}"'})
    session.show(answer, lambda: views.differences(answer["differences"]))


def replay(
    context: typer.Context,
    records: SomeRecords = None,
    states: States = None,
    cause: Cause = "",
    code: Code = None,
    plan: Plan = "",
    rate: Annotated[float, typer.Option("--rate", min=0.1, max=500, help="Letters a second at most.")] = 20.0,
    force: Force = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until every letter had its turn.")] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Send dead letters again to the group that could not handle them: single ones, or all that fit the options.

    --json: {"results": [...]} for one letter, {"total", "items"} with --dry-run, else the job.
    """
    session = session_of(context, as_json)
    if not dry_run and records and len(records) == 1:
        path = f"{LETTERS}/{in_path(records[0])}/replay"
        finish(session, session.client.send("POST", path, {"force": force})["results"])
        return
    chosen = _choice(records, states or [State.OPEN], cause, code, plan)
    if dry_run or not (records or yes):
        found = session.client.send("POST", f"{LETTERS}/dry-run", {**chosen, "force": force})
        if dry_run:
            session.show(found, lambda: views.outlook(found["items"]))
            return
        if not session.confirm(f"Replay {found['total']} dead letters?"):
            raise Failure("Nothing was replayed")
    job = session.client.send("POST", f"{LETTERS}/replay", {**chosen, "rate": rate, "force": force})
    if wait:
        job = _finished(session, job)
    session.show(job, lambda: views.jobs([job]))


def discard(context: typer.Context, records: Records, reason: Reason, as_json: Json = False) -> None:
    """Give dead letters up for good. Their bytes are kept.

    --json: {"results": [{recordId, outcome, problem?}, ...]}; exit status 1 if one was refused.
    """
    session = session_of(context, as_json)
    body = {"recordIds": [meant(one) for one in records], "reason": reason}
    finish(session, session.client.send("POST", f"{LETTERS}/discard", body)["results"])


def jobs(context: typer.Context, as_json: Json = False) -> None:
    """List the last replays of many, and how far they are.

    --json: {"items": [{jobId, state, total, done, outcomes, ...}, ...]}.
    """
    session = session_of(context, as_json)
    document = session.client.get(f"{LETTERS}/jobs")
    session.show(document, lambda: views.jobs(document["items"]))
    if not document["items"]:
        session.note("Nothing has been replayed yet.")


def cancel(
    context: typer.Context,
    job: Annotated[str, typer.Argument(metavar="JOB", help="The job's whole id.", show_default=False)],
    as_json: Json = False,
) -> None:
    """End a replay of many. What was sent is sent.

    --json: the job.
    """
    session = session_of(context, as_json)
    path = f"{LETTERS}/jobs/{in_path(job)}"
    session.client.send("DELETE", path, {})
    found = session.client.get(path)
    session.show(found, lambda: views.jobs([found]))


def _choice(
    records: list[str] | None, states: list[State], cause: str, code: list[str] | None, plan: str
) -> dict[str, Any]:
    if records:
        if cause or code or plan:
            raise Failure("Either records or options", "Options choose among all letters.", exit_status=Exit.USAGE)
        return {"recordIds": [meant(one) for one in records]}
    selection: dict[str, Any] = {"state": split(states), "fingerprint": cause, "code": code or []}
    return {"selection": {**selection, "plan": plan} if plan else selection}


def _payload(file: str, found: dict[str, Any]) -> dict[str, Any]:
    """Return the payload from a file, from stdin, or from the person's editor."""
    if file:
        text: str | None = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
    elif not sys.stdin.isatty():
        raise Failure("Say what the payload is", "Give --file, or --file - for stdin.", exit_status=Exit.USAGE)
    else:
        shown = found["edit"] or found["data"] or {}
        text = click.edit(json.dumps(shown, ensure_ascii=False, indent=2), extension=".json")
    if text is None:
        raise Failure("Nothing was changed")
    try:
        payload = json.loads(text)
    except ValueError as error:
        raise Failure("The payload is no JSON", str(error)) from None
    if not isinstance(payload, dict):
        raise Failure("The payload is no JSON object", "It is the whole event, as `dead show` prints it.")
    return payload


def _finished(session: Session, job: dict[str, Any]) -> dict[str, Any]:
    with session.err.status("replaying"):
        while job["state"] == "running":
            time.sleep(0.3)
            job = session.client.get(f"{LETTERS}/jobs/{job['jobId']}", {"limit": 1})
    return job
