"""How the system is, where it is, which version this is."""

from __future__ import annotations

import platform
import webbrowser
from typing import Annotated, Any

import typer

from gateway.cli.connection import find
from gateway.cli.down import database_away
from gateway.cli.failures import HEALTH_EXIT, Exit, Failure
from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views import health
from gateway.cli.views.words import plain
from schemas.process.version import build


def register(app: typer.Typer) -> None:
    app.command("doctor")(doctor)
    app.command("open")(open_dashboard)
    app.command("version")(version)


def doctor(context: typer.Context, as_json: Json = False) -> None:
    """Say how the system is and what is wrong: exit status 0 ok, 1 degraded, 2 down, 3 not reachable.

    Dead letters that wait for a decision, and critical alerts that no route takes, are told, too, and are no reason
    for another exit status.

    --json: the report of GET /api/system/health.
    """
    terminal = terminal_of(context, as_json)
    try:
        report = terminal.client.get("/api/system/health")
    except Failure as failure:
        if (said := database_away(failure)) is None:
            raise
        title, ends = f"The system is down. {said.text}", Exit(HEALTH_EXIT["down"])
        raise Failure(title, said.evidence, hints=(said.advice,), exit_status=ends) from None
    terminal.show(report, lambda: health.health(report))
    raise typer.Exit(HEALTH_EXIT.get(report["status"], 1))


def open_dashboard(
    context: typer.Context,
    browser: Annotated[bool, typer.Option("--browser", "-b", help="Open it in a browser, too.")] = False,
    as_json: Json = False,
) -> None:
    """Print the dashboard's address, and where the key to sign in with is.

    --json: {"url", "keyFrom"}.
    """
    terminal = terminal_of(context, as_json)
    connection = find(terminal.env)
    terminal.show({"url": connection.url, "keyFrom": connection.key_from}, lambda: plain(connection.url))
    if connection.key:
        terminal.note(f"Sign in with the key from {connection.key_from}")
    if browser:
        webbrowser.open(connection.url)


def version(context: typer.Context, as_json: Json = False) -> None:
    """Print the version.

    --json: {"version", "commit", "python"}; `commit` is empty where nobody said it.
    """
    terminal_of(context, as_json).show(of_this_command(), lambda: plain(in_words()))


def of_this_command() -> dict[str, Any]:
    """Return the build of this command, which may be another one than the gateway's."""
    built = build()
    return {"version": built.version, "commit": built.commit, "python": platform.python_version()}


def in_words() -> str:
    """Return `marketplace 0.1.0+1a2b3c4d5e6f (Python 3.11.7)`."""
    return f"marketplace {build()} (Python {platform.python_version()})"
