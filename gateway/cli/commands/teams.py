"""Teams: who sees whose plans."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import typer

from gateway.cli.failures import Exit, Failure
from gateway.cli.ids import plan_id
from gateway.cli.terminal import Json, Terminal, terminal_of
from gateway.cli.views import teams as view

TEAMS = "/api/teams"
#: Plans that move in one request.
AT_ONCE = 1000
_WHICH = "Their ids, or how these begin."
_EVERYBODYS = "They are of no team: everybody sees them"
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
    """List the teams with their members; closed ones come last.

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
    """Close a team: it takes no more plans or people. Its members still see its plans.

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
    reason: Annotated[str, typer.Option("--reason", "-m", help="Why; it stands in the audit.", show_default=False)],
    team: Annotated[str, typer.Option("--team", help="Its name or id.", show_default=False)] = "",
    no_team: Annotated[bool, typer.Option("--no-team", help="They are of no team: everybody sees them.")] = False,
    plan: Annotated[list[str] | None, typer.Argument(metavar="PLAN...", help=_WHICH, show_default=False)] = None,
    of: Annotated[str, typer.Option("--of", help="All plans of this team, closed or not.", show_default=False)] = "",
    as_json: Json = False,
) -> None:
    """Give plans to another team, or to none: then everybody sees them, so that is said and never meant by default.

    --json: of one plan {"planId": ..., "team": its id or null}; of several, or of a team, {"moved": how many,
    "unknown": [ids of plans that there are not]}. Exit status 1 where there are such.
    """
    terminal = terminal_of(context, as_json)
    if bool(team) == no_team:
        raise Failure("Say whose it is: --team NAME or --no-team", "One of both.", exit_status=Exit.USAGE)
    if bool(plan) == bool(of):
        raise Failure("Say what moves: PLAN... or --of TEAM", "One of both.", exit_status=Exit.USAGE)
    body = {"team": team_id(terminal, team) if team else None, "reason": reason}
    if plan and len(plan) == 1:
        moved = terminal.client.send("PATCH", f"{PLANS}/{plan_id(terminal.client, plan[0])}/team", body)
        said = f"The plan is of {team}." if team else "The plan is of no team: everybody sees it."
        terminal.show(moved, lambda: said)
        return
    ids = [plan_id(terminal.client, one) for one in plan or ()]
    choices = [{"planIds": ids[n : n + AT_ONCE]} for n in range(0, len(ids), AT_ONCE)]
    bodies = [{**body, **choice} for choice in choices] or [{**body, "ofTeam": team_id(terminal, of)}]
    every = _moves(terminal, bodies)
    there = f"{every['moved']} plans moved. {'They are of ' + team if team else _EVERYBODYS}."
    missing = f" There is no plan {', '.join(every['unknown'])}." if every["unknown"] else ""
    terminal.show(every, lambda: there + missing)
    if missing:
        raise typer.Exit(Exit.REFUSED)


def _moves(terminal: Terminal, bodies: list[dict[str, Any]]) -> dict[str, Any]:
    """Send each request, and one of a team again until the team has no plan; return the outcomes of all plans."""
    moved, unknown = 0, []
    for body in bodies:
        left = 1
        while left:
            found = terminal.client.send("POST", f"{TEAMS}/moves", body)
            moved, left = moved + found["moved"], found["left"] if found["moved"] else 0
            unknown += found["unknown"]
    return {"moved": moved, "unknown": unknown}


def _member(person: str, key: str) -> tuple[str, str]:
    if bool(person) == bool(key):
        raise Failure("Say who: --person HANDLE or --key ID", "One of both.", exit_status=Exit.USAGE)
    return ("person", person) if person else ("key", key)


def _show(terminal: Terminal, made: Any) -> None:
    terminal.show(made, lambda: view.teams([made]))
