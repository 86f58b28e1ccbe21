"""API keys: who may call the gateway, in which role."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.access.roles import Role
from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views import keys as view
from gateway.cli.views.words import plain

KEYS = "/api/keys"


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Who may call the gateway: API keys and their roles.", no_args_is_help=True)
    group.command("list")(list_keys)
    group.command("create")(create)
    group.command("revoke")(revoke)
    app.add_typer(group, name="keys")


def list_keys(context: typer.Context, as_json: Json = False) -> None:
    """List the keys, without their secrets.

    --json: {"items": [{keyId, name, role, createdAt, createdBy, lastUsedAt, revokedAt}, ...]}.
    """
    terminal = terminal_of(context, as_json)
    found = terminal.client.get(KEYS)
    terminal.show(found, lambda: view.keys(found["items"]))


def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Who uses it: shown in the history of plans.", show_default=False)],
    role: Annotated[Role, typer.Option("--role", "-r", help="What it may do.")] = Role.ANALYST,
    as_json: Json = False,
) -> None:
    """Make a key for somebody. It is shown this once: hand it over now.

    --json: {keyId, name, role, key}.
    """
    terminal = terminal_of(context, as_json)
    made = terminal.client.send("POST", KEYS, {"name": name, "role": role.value})
    terminal.show(made, lambda: plain(made["key"]))
    whose = f"The key of {made['name']} ({made['role']})"
    terminal.note(f"{whose}, shown this once. `marketplace keys revoke {made['keyId']}` ends it.")


def revoke(
    context: typer.Context,
    key_id: Annotated[str, typer.Argument(metavar="KEY", help="As the list shows it.", show_default=False)],
    as_json: Json = False,
) -> None:
    """End a key and its sign-ins: within ten seconds nobody gets in with it.

    --json: {}.
    """
    terminal = terminal_of(context, as_json)
    terminal.client.send("DELETE", f"{KEYS}/{key_id}", {})
    terminal.show({})
    terminal.note(f"Revoked: {key_id}.")
