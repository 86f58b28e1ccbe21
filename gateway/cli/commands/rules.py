"""See what the rules of the analysis look for."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.failures import Failure
from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views import rules as view

RULES = "/api/marketplace/rules"

Name = Annotated[str, typer.Argument(metavar="[RULE]", help="One of them, such as returns.", show_default=False)]


def register(app: typer.Typer) -> None:
    app.command("rules")(rules)


def rules(context: typer.Context, rule: Name = "", as_json: Json = False) -> None:
    """Show the rules of the analysis: what each looks for, what it needs, and how often it was right.

    --json: {"items": [rule, ...]} as the API gives them.
    """
    terminal = terminal_of(context, as_json)
    every = terminal.client.get(RULES)["items"]
    found = [one for one in every if rule in {"", one["rule"]}]
    if not found:
        raise Failure("There is no such rule", f"There are {', '.join(one['rule'] for one in every)}.")
    terminal.show({"items": found}, lambda: view.one(found[0]) if rule else view.rules(found))
