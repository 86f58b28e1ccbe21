"""See what goods cost, how many are on hand and what advertising cost; tell it without a plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from gateway.cli.commands.options import Language, Maps, Told, pairs
from gateway.cli.failures import Exit, Failure, Refused
from gateway.cli.terminal import Json, Terminal, terminal_of
from gateway.cli.views import costs as view
from gateway.cli.views import not_sure
from gateway.cli.views import uploads as uploads_view
from gateway.cli.views.words import plain

COSTS = "/api/marketplace/costs"
ADVERTISING = "/api/marketplace/advertising"
File = Annotated[
    Path | None,
    typer.Option("--tell", exists=True, dir_okay=False, readable=True, help="A file with costs, stock or ads to keep."),
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
    channel: Annotated[str, typer.Option("--channel", help="Of a report of advertising that tells none.")] = "",
    columns: Maps = None,
    ads: Annotated[bool, typer.Option("--ads", help="List the reports of advertising that are kept.")] = False,
    delete_ads: Annotated[str, typer.Option("--delete-ads", metavar="KEY", help="Take such a report back.")] = "",
    delete: Annotated[str, typer.Option("--delete", metavar="SKU", help="Take a cost back; with --since.")] = "",
    change: Annotated[
        str, typer.Option("--change", metavar="SKU", help="Say what a cost is in: with --since and --currency.")
    ] = "",
    since: Annotated[str, typer.Option(metavar="DAY", help="The cost's first day, as the list shows it.")] = "",
    language: Told = Language.ENGLISH,
    as_json: Json = False,
) -> None:
    """List what goods cost and how many are on hand, by SKU; keep those of a file (--tell); put one right.

    A report of advertising is kept the same way, by its channel and days; --ads lists them.

    --json: {"items": [{sku, title, costs: [...], stock: [...]}, ...], nextCursor, total, version} as the API gives
    them; with --tell: {outcome: "kept", costs, costsChanged, stock, stockChanged, advertising, advertisingChanged,
    without, wrong, wrongRows, version}; with --delete and --change: {outcome, version}; with --ads: {"items": [...]};
    with --delete-ads: {}.
    """
    terminal = terminal_of(context, as_json)
    if ads or delete_ads:
        _advertising(terminal, delete_ads)
        return
    if delete or change:
        _correct(terminal, delete, change, since, currency)
        return
    if tell is not None:
        _tell(terminal, tell, _fields(currency, channel, columns) | {"language": language.value})
        return
    found = terminal.client.get(COSTS, {"q": search, "limit": limit, "cursor": cursor})
    terminal.show(found, lambda: view.costs(found["items"]))
    if not found["items"]:
        terminal.note("No cost and no stock is kept. Upload a file with them: marketplace costs --tell FILE")
    elif found["nextCursor"]:
        terminal.note(f"{found['total']:,} SKUs in all. The next ones: --cursor {found['nextCursor']}")


def _fields(currency: str, channel: str, columns: list[str] | None) -> dict[str, Any]:
    return {"currency": currency, "map": pairs(columns)} | ({"channels": channel} if channel else {})


def _tell(terminal: Terminal, file: Path, fields: dict[str, Any]) -> None:
    """Keep what a file tells; of one whose columns are not sure, show them and what to type."""
    try:
        with file.open("rb") as content:
            answer = terminal.client.upload(file, content, fields, path=COSTS)
    except Refused as refusal:
        if terminal.as_json or not refusal.problem.get("tables"):
            raise
        terminal.show(None, *not_sure.views({"file": str(file), "problem": refusal.problem}, []))
        raise
    kept = {"file": str(file), **answer}
    remarks = answer.get("told", ()) if answer["wrongRows"] else ()
    terminal.show(
        answer, lambda: uploads_view.uploads([kept]), *(lambda text=text: plain(f"  {text}") for text in remarks)
    )


def _advertising(terminal: Terminal, delete: str) -> None:
    """List the reports of advertising, or take one back."""
    if delete:
        terminal.client.send("DELETE", f"{ADVERTISING}/{quote(delete, safe='')}", {})
        terminal.show({})
        terminal.note("Done: the next document is read without it.")
        return
    found = terminal.client.get(ADVERTISING)
    terminal.show(found, lambda: view.advertising(found["items"]))
    if not found["items"]:
        terminal.note("No report of advertising is kept. Upload one: marketplace costs --tell FILE")


def _correct(terminal: Terminal, delete: str, change: str, since: str, currency: str) -> None:
    """Take one cost back, or change what it is in."""
    if delete and change:
        raise Failure("--delete and --change do not go together", "Give one of them.", exit_status=Exit.USAGE)
    if not since:
        raise Failure(
            "Say which cost",
            f"Give its first day with --since; marketplace costs --search {delete or change} lists them.",
            exit_status=Exit.USAGE,
        )
    if bool(change) != bool(currency):
        raise Failure("Say what the cost is in", "--currency belongs to --change.", exit_status=Exit.USAGE)
    body = {"action": "delete" if delete else "currency", "sku": delete or change, "validFrom": since}
    answer = terminal.client.send("PATCH", COSTS, body | ({"currency": currency} if currency else {}))
    terminal.show(answer, lambda: view.corrected(answer))
