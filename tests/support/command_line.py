"""The command line against a gateway that answers as a test says."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from typer.testing import CliRunner, Result

from gateway.cli.client import Client
from gateway.cli.connection import Connection
from gateway.cli.main import app
from gateway.cli.terminal import Terminal

Run = Callable[..., Result]


def answered_by(answer: Callable[[httpx.Request], httpx.Response]) -> Run:
    """Return how a command is run, so wide that no line of it is broken."""

    def run(*arguments: str) -> Result:
        terminal = Terminal(env={})
        terminal.__dict__["client"] = Client(Connection("http://gateway", "k", "test"), httpx.MockTransport(answer))
        return CliRunner(env={"COLUMNS": "200"}).invoke(app, list(arguments), obj=terminal)

    return run
