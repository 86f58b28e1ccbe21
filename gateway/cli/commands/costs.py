"""See what goods cost and how many are on hand; tell it without a plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.commands.options import Maps, pairs
from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views import costs as view
from gateway.cli.views import uploads as uploads_view

COSTS = "/api/marketplace/costs"
File = Annotated[
    Path | None,
    typer.Option("--tell", exists=True, dir_okay=False, readable=True, help="A file with costs or stock to keep."),
]


def register(app: typer.Typer) -> None:
    app.command("costs")(costs)


def costs(
    context: typer.Context,
    search: Annotated[str, typer.Option("--search", help="Part of a SKU or of a product's name.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=200, help="SKUs that are listed.")] = 50,
    cursor: Annotated[str, typer.Option(help="nextCursor of the list before.")] = "",
    tell: File = None,
    currency: Annotated[str, typer.Option(help="Of costs that tell none, such as BRL; with --tell.")] = "",
    columns: Maps = None,
    as_json: Json = False,
) -> None:
    """List what goods cost and how many are on hand, by SKU; or keep those of a file (--tell), without a plan.

    --json: {"items": [{sku, title, costs: [...], stock: [...]}, ...], nextCursor, total, version} as the API gives
    them; with --tell: {outcome: "kept", costs, costsChanged, stock, stockChanged, without, wrong, wrongRows, version}.
    """
    terminal = terminal_of(context, as_json)
    if tell is not None:
        with tell.open("rb") as content:
            answer = terminal.client.upload(tell, content, {"currency": currency, "map": pairs(columns)}, path=COSTS)
        kept = {"file": str(tell), **answer}
        terminal.show(answer, lambda: uploads_view.uploads([kept]))
        return
    found = terminal.client.get(COSTS, {"q": search, "limit": limit, "cursor": cursor})
    terminal.show(found, lambda: view.costs(found["items"]))
    if not found["items"]:
        terminal.note("No cost and no stock is kept. Upload a file with them: marketplace costs --tell FILE")
    elif found["nextCursor"]:
        terminal.note(f"{found['total']:,} SKUs in all. The next ones: --cursor {found['nextCursor']}")
