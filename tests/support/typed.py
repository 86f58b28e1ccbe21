"""The command line as somebody types it, against a gateway that a test plays."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from typer.testing import CliRunner, Result

from gateway.cli.client import Client
from gateway.cli.connection import Connection
from gateway.cli.main import app
from gateway.cli.terminal import Terminal


def typed(gateway: Callable[[httpx.Request], httpx.Response], *arguments: str) -> Result:
    """Run `marketplace` with these arguments in a terminal that is wide enough for every line."""
    terminal = Terminal(env={"COLUMNS": "300"})
    terminal.__dict__["client"] = Client(Connection("http://gateway", "k", "test"), httpx.MockTransport(gateway))
    return CliRunner(env={"COLUMNS": "400"}).invoke(app, list(arguments), obj=terminal)
