"""What people said of columns: see it, change it, forget it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import typer

from gateway.cli.commands.options import Maps, pairs
from gateway.cli.failures import Exit, Failure
from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views import not_sure as view

MAPPINGS = "/api/mappings"
Header = Annotated[str, typer.Argument(metavar="HEADER", help="As the list shows it.", show_default=False)]


Team = Annotated[str, typer.Option(help="Whose mapping: the name or id of your team; without it, the company's.")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="What the columns of files are, as people said.", no_args_is_help=True)
    group.command("list")(list_mappings)
    group.command("change")(change)
    group.command("forget")(forget)
    app.add_typer(group, name="mappings")


def list_mappings(context: typer.Context, as_json: Json = False) -> None:
    """List the mappings that are kept, the one used last first.

    --json: {"items": [{headerId, columns: {column: field}, currency, channel, document, madeBy, madeAt, usedAt, team},
    ...]}.
    """
    terminal = terminal_of(context, as_json)
    found = terminal.client.get(MAPPINGS)
    terminal.show(found, lambda: view.mappings(found["items"]))
    if not found["items"]:
        terminal.note("No mapping is kept. One is when an upload comes with --map.")


def change(
    context: typer.Context,
    header: Header,
    columns: Maps = None,
    currency: Annotated[
        str | None, typer.Option(help="What sales under it are in, where they do not tell it; '' for nothing.")
    ] = None,
    unnamed: Annotated[
        str | None,
        typer.Option(metavar="CHANNEL", help="Whose sales under it are, where they name none; '' for nobody."),
    ] = None,
    team: Team = "",
    as_json: Json = False,
) -> None:
    """Change what columns of a header mean; columns that are not named keep their meaning, and plans do not change.

    --json: the mapping as it is now.
    """
    terminal = terminal_of(context, as_json)
    said = {column.strip(): field.strip() for field, _, column in (pair.partition("=") for pair in pairs(columns))}
    if not said and currency is None and unnamed is None:
        what = "Write --map price=valor_total, or --currency USD, or --unnamed shopee"
        raise Failure("Say what the columns are", what, exit_status=Exit.USAGE)
    body = ({"columns": said} if said else {}) | ({} if currency is None else {"currency": currency})
    body |= {} if unnamed is None else {"channel": unnamed}
    found = terminal.client.send("PUT", _address(header, team), body)
    terminal.show(found, lambda: view.mappings([found]))


def forget(context: typer.Context, header: Header, team: Team = "", as_json: Json = False) -> None:
    """Forget a mapping: the next file with this header asks again.

    --json: {}.
    """
    terminal = terminal_of(context, as_json)
    terminal.client.send("DELETE", _address(header, team), {})
    terminal.show({})
    terminal.note(f"Forgotten: {header}.")


def _address(header: str, team: str) -> str:
    return f"{MAPPINGS}/{header}" + (f"?team={quote(team, safe='')}" if team else "")
