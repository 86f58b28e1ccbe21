"""Dead letters: see them, by cause and one by one, edit, discard. For replays see replaying.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from gateway.cli.commands import replaying
from gateway.cli.commands.editing import edited
from gateway.cli.commands.letter_options import Record, State, Wanted, choice, choosing
from gateway.cli.commands.options import All, Limit, SomeRecords, Yes
from gateway.cli.commands.retries import Reason, finish
from gateway.cli.failures import Exit, Failure
from gateway.cli.record_ids import in_path
from gateway.cli.terminal import Json, Terminal, terminal_of
from gateway.cli.views import letters as views

LETTERS = "/api/dead-letters"


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Dead letters: records that could not be handled.", no_args_is_help=True)
    commands: dict[str, Callable[..., None]] = {
        "list": list_letters,
        "groups": groups,
        "show": show,
        "edit": edit,
        "replay": replaying.replay,
        "discard": discard,
        "jobs": replaying.jobs,
        "job": replaying.job,
        "cancel": replaying.cancel,
    }
    for name, command in commands.items():
        group.command(name)(command)
    app.add_typer(group, name="letters")
    app.add_typer(group, name="dead", hidden=True)  # its name before: what is in the log advises it


@choosing
def list_letters(
    context: typer.Context,
    wanted: Wanted,
    limit: Limit = 20,
    every: All = False,
    as_json: Json = False,
) -> None:
    """List dead letters, newest first.

    --json: {"items": [{recordId, state, group, type, code, message, fingerprint, replays, deadAt, ...}, ...]}.
    """
    terminal = terminal_of(context, as_json)
    params = wanted.selection(terminal.client)
    rows = list(terminal.client.pages(LETTERS, params, None if every else limit))
    terminal.show({"items": rows}, lambda: views.letters(rows))
    if not rows:
        terminal.note("There is no such dead letter.")


@choosing
def groups(
    context: typer.Context,
    wanted: Wanted,
    as_json: Json = False,
) -> None:
    """Group dead letters by cause, with the trend of the last 24 hours.

    --json: {"items": [{fingerprint, group, code, type, message, total, states, trend, ...}, ...], "states": {...}}.
    """
    terminal = terminal_of(context, as_json)
    params = wanted.selection(terminal.client)
    document = terminal.client.get(f"{LETTERS}/groups", params)
    terminal.show(document, lambda: views.causes(document))
    if not document["items"]:
        terminal.note("There is no such dead letter.")


def show(context: typer.Context, record: Record, as_json: Json = False) -> None:
    """Show a dead letter: cause, payload, edit, and the history of its plan.

    --json: the letter as the API gives it, with headers and stack.
    """
    terminal = terminal_of(context, as_json)
    found = terminal.client.get(f"{LETTERS}/{in_path(record)}")
    terminal.show(found, lambda: views.letter(found))


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
    terminal = terminal_of(context, as_json)
    path = f"{LETTERS}/{in_path(record)}"
    found = terminal.client.get(path)
    shown = found["edit"] or found["data"] or {}
    payload = edited(file, shown, what="payload", form="It is the whole event, as `letters show` prints it.")
    body = {"payload": payload, "type": event_type, "reason": reason}
    answer = terminal.client.send("PATCH", path, body, {"If-Match": f'"{found["version"]}"'})
    terminal.show(answer, lambda: views.differences(answer["differences"]))


@choosing
def discard(
    context: typer.Context,
    reason: Reason,
    wanted: Wanted,
    records: SomeRecords = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Give dead letters up for good: single ones, or all that fit the options. Their bytes are kept.

    Many are discarded in parts, oldest first; it goes on until none is left, and says how far it is.

    --json: {"results": [{recordId, outcome, problem?}, ...]}; exit status 1 if one was refused.
    """
    terminal = terminal_of(context, as_json)
    selected = wanted.selection(terminal.client)
    if not records and not selected:
        raise Failure("Say which dead letters", "Give records or options.", exit_status=Exit.USAGE)
    chosen = choice(records, selected, states=[State.OPEN, State.BLOCKED])
    if not records and not yes:
        found = terminal.client.send("POST", f"{LETTERS}/dry-run", chosen)
        if not terminal.confirm(f"Discard {found['total']} dead letters for good?"):
            raise Failure("Nothing was discarded")
    finish(terminal, _discarded(terminal, {**chosen, "reason": reason}))


def _discarded(terminal: Terminal, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Discard letters in chunks; return the result of each."""
    results: list[dict[str, Any]] = []
    while True:
        answer = terminal.client.send("POST", f"{LETTERS}/discard", body)
        results += answer["results"]
        if not answer.get("nextAfter"):  # an older gateway does not tell
            return results
        terminal.note(f"{len(results)} of {len(results) + answer['left']} dead letters have had their turn")
        body = {**body, "after": answer["nextAfter"]}
