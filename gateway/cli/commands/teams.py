"""Teams: whose plans who sees."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import typer

from gateway.cli.failures import Exit, Failure
from gateway.cli.ids import plan_id
from gateway.cli.terminal import Json, Terminal, terminal_of
from gateway.cli.views import teams as view

TEAMS = "/api/teams"
PLANS = "/api/marketplace/analysis"
Team = Annotated[str, typer.Argument(metavar="TEAM", help="Its name, or its id.", show_default=False)]
Person = Annotated[str, typer.Option("--person", help="The handle of a person.")]
Key = Annotated[str, typer.Option("--key", help="The id of a key that belongs to nobody.")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Whose plans who sees: teams, their people and keys.", no_args_is_help=True)
    group.command("list")(list_teams)
    group.command("create")(create)
    group.command("rename")(rename)
    group.command("close")(close)
    group.command("add")(add)
    group.command("remove")(remove)
    group.command("move")(move)
    app.add_typer(group, name="teams")


def team_id(terminal: Terminal, named: str, path: str = TEAMS) -> str:
    """Return the id of a team by its name or id; an open one first. Raises Failure."""
    found = terminal.client.get(path)["items"]
    for one in found:
        if named == one["teamId"] or named.casefold() == one["name"].casefold():
            return str(one["teamId"])
    known = ", ".join(one["name"] for one in found) or "there is none"
    raise Failure(f"No team is called {named}", f"Known: {known}.", exit_status=Exit.USAGE)


def list_teams(context: typer.Context, as_json: Json = False) -> None:
    """List the teams with who is in them, the closed ones last.

    --json: {"items": [{teamId, name, madeAt, madeBy, closedAt, plans, members: [{kind, id, name, role}]}, ...],
    "seeingAll": keys of nobody that are in no team and see every plan}.
    """
    terminal = terminal_of(context, as_json)
    found = terminal.client.get(TEAMS)
    terminal.show(found, lambda: view.teams(found["items"]))
    if found["items"] and found["seeingAll"]:
        terminal.note(f"{found['seeingAll']} keys belong to nobody and are in no team: they see every plan.")


def create(context: typer.Context, name: Annotated[str, typer.Argument()], as_json: Json = False) -> None:
    """Make a team. A plan is seen by fewer once it belongs to one.

    --json: the team as the list shows it.
    """
    terminal = terminal_of(context, as_json)
    _show(terminal, terminal.client.send("POST", TEAMS, {"name": name}))


def rename(context: typer.Context, team: Team, name: Annotated[str, typer.Argument()], as_json: Json = False) -> None:
    """Give a team another name.

    --json: the team as the list shows it.
    """
    terminal = terminal_of(context, as_json)
    _show(terminal, terminal.client.send("PATCH", f"{TEAMS}/{team_id(terminal, team)}", {"name": name}))


def close(context: typer.Context, team: Team, as_json: Json = False) -> None:
    """Close a team: it takes no more plans and people. Who sees its plans stays.

    --json: {"teamId": ...}.
    """
    terminal = terminal_of(context, as_json)
    identity = team_id(terminal, team)
    terminal.client.send("DELETE", f"{TEAMS}/{identity}", {})
    terminal.show({"teamId": identity}, lambda: f"{team} is closed.")


def add(context: typer.Context, team: Team, person: Person = "", key: Key = "", as_json: Json = False) -> None:
    """Put a person, or a key without a person, into a team.

    --json: the team as the list shows it.
    """
    terminal = terminal_of(context, as_json)
    kind, member = _member(person, key)
    _show(terminal, terminal.client.send("POST", f"{TEAMS}/{team_id(terminal, team)}/members", {kind: member}))


def remove(context: typer.Context, team: Team, person: Person = "", key: Key = "", as_json: Json = False) -> None:
    """Take a person or a key out of a team.

    --json: {"teamId": ..., "kind": person or key, "id": ...}.
    """
    terminal = terminal_of(context, as_json)
    kind, member = _member(person, key)
    identity = team_id(terminal, team)
    terminal.client.send("DELETE", f"{TEAMS}/{identity}/members/{kind}/{quote(member, safe='')}", {})
    terminal.show({"teamId": identity, "kind": kind, "id": member}, lambda: f"{member} is out of {team}.")


def move(
    context: typer.Context,
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="Its id, or how that begins.", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", "-m", help="Why; it stands in the audit.", show_default=False)],
    team: Annotated[str, typer.Option("--team", help="Its name or id.", show_default=False)] = "",
    no_team: Annotated[bool, typer.Option("--no-team", help="The plan is of no team: everybody sees it.")] = False,
    as_json: Json = False,
) -> None:
    """Give a plan to another team, or to none: then everybody sees it, so that is said and never meant by default.

    --json: {"planId": ..., "team": its id or null}.
    """
    terminal = terminal_of(context, as_json)
    if bool(team) == no_team:
        raise Failure("Say whose it is: --team NAME or --no-team", "One of both.", exit_status=Exit.USAGE)
    body = {"team": team_id(terminal, team) if team else None, "reason": reason}
    moved = terminal.client.send("PATCH", f"{PLANS}/{plan_id(terminal.client, plan)}/team", body)
    terminal.show(moved, lambda: f"The plan is of {team}." if team else "The plan is of no team: everybody sees it.")


def _member(person: str, key: str) -> tuple[str, str]:
    if bool(person) == bool(key):
        raise Failure("Say who: --person HANDLE or --key ID", "One of both.", exit_status=Exit.USAGE)
    return ("person", person) if person else ("key", key)


def _show(terminal: Terminal, made: Any) -> None:
    terminal.show(made, lambda: view.teams([made]))
