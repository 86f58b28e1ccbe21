"""Write a command's download to a file: choose the path and the format, and report the result."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Annotated, Any, Final

import typer

from gateway.cli.client import Params
from gateway.cli.failures import Exit, Failure
from gateway.cli.terminal import Terminal
from gateway.cli.whole_file import write_whole
from gateway.exports.writing import Form

STDOUT: Final = "-"
EXPORTS: Final = "/api/exports"
Force = Annotated[bool, typer.Option("--force", "-f", help="Write over a file that is there.")]
How = Annotated[Form | None, typer.Option("--format", help="How, where the file's ending does not say it.")]


def form_of(file: str, form: Form | None, allowed: Iterable[Form] = Form) -> Form:
    """Return how a file is to be written. Raises Failure where that is not said, or is none of the ways."""
    ways = ", ".join(f".{one}" for one in allowed)
    try:
        chosen = form or Form(Path(file).suffix.removeprefix(".").lower())
    except ValueError:
        raise Failure(
            f"How {file} is to be written is not said", f"End it with {ways}, or give --format.", exit_status=Exit.USAGE
        ) from None
    if chosen not in allowed:
        raise Failure(f"This is no {chosen}", f"It can be {ways}: only tasks have days.", exit_status=Exit.USAGE)
    return chosen


def take(
    terminal: Terminal, file: str, form: Form, write: Callable[[IO[bytes]], dict[str, Any]], *, force: bool
) -> None:
    """Write a file completely or not at all, and report its contents. `write` returns what to report."""
    if file == STDOUT:
        if terminal.as_json:
            raise Failure("Two things cannot go to stdout", "Give a file, or leave out --json.", exit_status=Exit.USAGE)
        write(sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    done: dict[str, Any] = {"file": file, "format": form.value}
    write_whole(Path(file), lambda to: done.update(write(to)), force=force)
    terminal.show(done)
    left = f"; {done['withoutDay']} tasks without a day are not in it" if done.get("withoutDay") else ""
    more = "; more fit than a file takes: narrow what you ask for" if done.get("more") else ""
    terminal.note(f"{done['rows']} rows in {file}{left}{more}")


def downloaded(terminal: Terminal, what: str, form: Form, params: Params) -> Callable[[IO[bytes]], dict[str, Any]]:
    """Return what writes a list that the gateway makes a file of, and tells in the audit that it left."""

    def write(to: IO[bytes]) -> dict[str, Any]:
        told = terminal.client.download(f"{EXPORTS}/{what}", {**params, "form": form.value}, to)
        left = told.get("X-Export-Without-Day")
        return {
            "rows": int(told["X-Export-Rows"]),
            "more": told["X-Export-More"] == "true",
            **({"withoutDay": int(left)} if left is not None else {}),
        }

    return write
