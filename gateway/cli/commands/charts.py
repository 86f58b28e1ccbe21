"""See what came, was made and waited in the last hour, day or week."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views import charts as view

CHARTS = "/api/system/charts"

Hours = Annotated[int, typer.Option("--hours", help="How far back: 1, 24 or 168.", show_default=True)]


def register(app: typer.Typer) -> None:
    app.command("charts")(charts)


def charts(context: typer.Context, hours: Hours = 1, as_json: Json = False) -> None:
    """Show the charts of the overview: what came, was made, failed and waited in the last hour, day or week.

    --json: {"asOf", "hours", "since", "until", "stepSeconds", "charts"} as the API gives them.
    """
    terminal = terminal_of(context, as_json)
    found = terminal.client.get(CHARTS, {"hours": str(hours)})
    terminal.show(found, lambda: view.charts(found["charts"]))
