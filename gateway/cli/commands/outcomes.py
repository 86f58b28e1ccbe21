"""See what became of opportunities."""

from __future__ import annotations

import typer

from gateway.cli.client import PLANS
from gateway.cli.commands.options import Id
from gateway.cli.ids import plan_id
from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views import outcomes as view

HIT_RATES = "/api/marketplace/hit-rates"


def register(app: typer.Typer) -> None:
    app.command("outcomes")(outcomes)
    app.command("hit-rates")(hit_rates)


def outcomes(context: typer.Context, identity: Id, as_json: Json = False) -> None:
    """Show what changed since the document before a plan's, and what became of the opportunities.

    --json: {"changes", "earlier", "later", "awaited"} as the API gives them.
    """
    terminal = terminal_of(context, as_json)
    found = terminal.client.get(f"{PLANS}/{plan_id(terminal.client, identity)}/outcomes")
    terminal.show(found, lambda: view.outcomes(found))
    if not any(found.values()):
        terminal.note("Nothing to compare yet: it needs an earlier or a later document of the same channel.")


def hit_rates(context: typer.Context, as_json: Json = False) -> None:
    """Show how often the opportunities of each rule and of each agent improved.

    --json: {"items": [rate, ...]} as the API gives them.
    """
    terminal = terminal_of(context, as_json)
    found = terminal.client.get(HIT_RATES)
    terminal.show(found, lambda: view.hit_rates(found["items"]))
    if not found["items"]:
        terminal.note("No opportunity was measured yet: it takes a later document of the same channel.")
