"""What every command works with: the connection, the two consoles, and how an answer is shown."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, Final

import typer
from rich.console import Console, RenderableType

from gateway.cli.client import Client
from gateway.cli.connection import find
from gateway.cli.failures import Exit, Failure, Refused
from gateway.cli.views.words import plain

#: A pipe has no width; lines are only broken where a person reads them.
WIDTH_OF_A_PIPE = 200
#: What a terminal may take for a command, or shows in another order, and JSON leaves as it is; halves of characters.
_SHOWN_AS_CODE: Final = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass
class Terminal:
    """One run of the command. `as_json` is the option --json."""

    env: Mapping[str, str] = field(default_factory=lambda: os.environ)
    as_json: bool = False

    @cached_property
    def out(self) -> Console:
        return _console(stderr=False)

    @cached_property
    def err(self) -> Console:
        """Progress, questions and failures: never what a script reads."""
        return _console(stderr=True)

    @cached_property
    def client(self) -> Client:
        return Client(find(self.env))

    def show(self, document: Any, *views: Callable[[], RenderableType]) -> None:
        """Print the document if --json was given, else the views of it."""
        if self.as_json:
            print(in_json(document))
            return
        for view in views:
            self.out.print(view())

    def note(self, text: str) -> None:
        """Say something in passing."""
        if not self.as_json:
            self.err.print(plain(text))

    def report(self, failure: Failure) -> None:
        """Print why it went wrong and what to do."""
        if self.as_json:
            print(in_json(failure.document))
            return
        self.err.print(plain(failure.title, "bold red"))
        for line in (failure.detail, *failure.hints):
            if line:
                self.err.print(plain(f"  {line}"))
        if isinstance(failure, Refused) and failure.problem.get("requestId"):
            self.err.print(plain(f"  request id {failure.problem['requestId']}", "dim"))

    def confirm(self, question: str) -> bool:
        """Ask a person; without one at the terminal it is a failure that says which option answers."""
        if self.as_json or not sys.stdin.isatty():
            raise Failure(question, "Nobody is here to answer: give --yes.", exit_status=Exit.USAGE)
        return typer.confirm(question, err=True)


def in_json(document: Any) -> str:
    """Return a document as JSON, in which nothing is a command to a terminal."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return _SHOWN_AS_CODE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or os.environ.get("COLUMNS") else WIDTH_OF_A_PIPE
    return Console(stderr=stderr, width=width, highlight=False, soft_wrap=stderr)


def terminal_of(context: typer.Context, as_json: bool = False) -> Terminal:
    """Return the terminal of this run; from here on it answers in JSON if that was asked for."""
    terminal = context.find_root().obj
    assert isinstance(terminal, Terminal)
    terminal.as_json = as_json
    return terminal


Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")]
