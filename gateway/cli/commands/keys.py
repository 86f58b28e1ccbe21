"""API keys: who may call the gateway, in which role; and links that sign a colleague's browser in once."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gateway.access.roles import Role
from gateway.access.scopes import KeyScope
from gateway.cli.connection import find
from gateway.cli.failures import Exit, Failure
from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views import keys as view
from gateway.cli.views.words import plain
from schemas.given import without_none

KEYS = "/api/keys"
KeyId = Annotated[str, typer.Argument(metavar="KEY", help="As the list shows it.", show_default=False)]
Person = Annotated[str | None, typer.Option("--person", help="The handle of whom it belongs to.", show_default=False)]
Days = Annotated[float | None, typer.Option("--days", help="It ends by itself after so many days.")]
Scopes = Annotated[
    list[KeyScope] | None,
    typer.Option("--scope", "-s", help="Limits it to this part of its role; repeat it for more.", show_default=False),
]


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Who may call the gateway: API keys and their roles.", no_args_is_help=True)
    group.command("list")(list_keys)
    group.command("create")(create)
    group.command("change")(change)
    group.command("rotate")(rotate)
    group.command("revoke")(revoke)
    group.command("link")(link)
    app.add_typer(group, name="keys")


def list_keys(context: typer.Context, as_json: Json = False) -> None:
    """List the keys, without their secrets.

    --json: {"items": [{keyId, name, role, createdAt, createdBy, lastUsedAt, revokedAt, expiresAt,
    previousUntil, person, scopes}, ...]}.
    """
    terminal = terminal_of(context, as_json)
    found = terminal.client.get(KEYS)
    terminal.show(found, lambda: view.keys(found["items"]))


def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Who uses it: shown in the history of plans.", show_default=False)],
    role: Annotated[Role, typer.Option("--role", "-r", help="What it may do.")] = Role.ANALYST,
    days: Days = None,
    person: Person = None,
    scope: Scopes = None,
    as_json: Json = False,
) -> None:
    """Make a key. It is shown once: hand it over now. A person's key acts as that person.

    --json: {keyId, name, role, key, expiresAt, person, scopes}.
    """
    terminal = terminal_of(context, as_json)
    wanted: dict[str, Any] = {"name": name, "role": role.value, "days": days, "person": person}
    if scope:
        wanted["scopes"] = [one.value for one in scope]
    made = terminal.client.send("POST", KEYS, without_none(wanted))
    terminal.show(made, lambda: plain(made["key"]))
    whose = f"The key of {made['name']} ({made['role']})"
    terminal.note(f"{whose}, shown this once. `marketplace keys revoke {made['keyId']}` ends it.")


def change(
    context: typer.Context,
    key_id: KeyId,
    name: Annotated[str, typer.Option("--name", help="Another name.")] = "",
    role: Annotated[Role | None, typer.Option("--role", "-r", help="Another role.")] = None,
    days: Days = None,
    lasting: Annotated[bool, typer.Option("--lasting", help="It does not end by itself any more.")] = False,
    person: Person = None,
    scope: Scopes = None,
    unlimited: Annotated[bool, typer.Option("--all-scopes", help="It may do all that its role may.")] = False,
    as_json: Json = False,
) -> None:
    """Change a key's name, role, limits, end or whose it is: it holds within ten seconds, for its sign-ins, too.

    `--person ""` makes it nobody's.

    --json: the key as the list shows it.
    """
    terminal = terminal_of(context, as_json)
    wanted = {"name": name, "role": role and role.value, "days": days, "lasting": lasting}
    given: dict[str, Any] = {one: value for one, value in wanted.items() if value}
    if person is not None:
        given["person"] = person
    if scope or unlimited:
        given["scopes"] = [one.value for one in scope or ()]
    if not given or (days and lasting) or (scope and unlimited):
        what = "Give --name, --role, --person, --scope or --all-scopes, and --days or --lasting."
        raise Failure("Say what to change", what, exit_status=Exit.USAGE)
    changed = terminal.client.send("PATCH", f"{KEYS}/{key_id}", given)
    terminal.show(changed, lambda: view.keys([changed]))


def rotate(
    context: typer.Context,
    key_id: KeyId,
    grace: Annotated[
        float, typer.Option("--grace", min=0, help="For so many seconds the secret before goes on working.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Give a key another secret, shown this once. The one before ends at once, with its sign-ins, or after --grace.

    --json: {keyId, name, role, key, expiresAt, person, scopes}.
    """
    terminal = terminal_of(context, as_json)
    made = terminal.client.send("POST", f"{KEYS}/{key_id}/rotate", {"graceSeconds": grace})
    terminal.show(made, lambda: plain(made["key"]))
    until = f"works for {grace:g} s more" if grace else "works no longer"
    terminal.note(f"The key of {made['name']} with a new secret, shown this once. The secret before {until}.")


def revoke(context: typer.Context, key_id: KeyId, as_json: Json = False) -> None:
    """End a key and its sign-ins. Within ten seconds it opens nothing any more.

    --json: {}.
    """
    terminal = terminal_of(context, as_json)
    terminal.client.send("DELETE", f"{KEYS}/{key_id}", {})
    terminal.show({})
    terminal.note(f"Revoked: {key_id}.")


def link(
    context: typer.Context,
    key_id: KeyId,
    minutes: Annotated[float, typer.Option("--minutes", min=1, help="For so long it works.")] = 15,
    as_json: Json = False,
) -> None:
    """Make a link that signs a browser in once, in the role of a key: for a colleague, or for another machine.

    --json: {path, url, keyId, name, role, expiresAt}.
    """
    terminal = terminal_of(context, as_json)
    made = terminal.client.send("POST", f"{KEYS}/{key_id}/link", {"minutes": minutes})
    made = {**made, "url": find(terminal.env).url + made["path"]}
    terminal.show(made, lambda: plain(made["url"]))
    terminal.note(f"It signs in as {made['name']} ({made['role']}): once, within {minutes:g} minutes, shown this once.")
