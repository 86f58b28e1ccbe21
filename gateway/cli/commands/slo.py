"""See how the objectives stand."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views import slo as view

SLO = "/api/slo"

Month = Annotated[str, typer.Option("--month", help="A calendar month, UTC, such as 2026-11.")]


def register(app: typer.Typer) -> None:
    app.command("slo")(slo)


def slo(context: typer.Context, month: Month = "", as_json: Json = False) -> None:
    """Show each objective, how it stands, and what is left of its error budget: of the last 30 days, or of a month.

    --json: {"asOf", "since", "until", "month", "objectives"} as the API gives them.
    """
    terminal = terminal_of(context, as_json)
    found = terminal.client.get(SLO, {"month": month} if month else {})
    terminal.show(found, lambda: view.objectives(found["objectives"]))
