"""People: who acts, under which handle and in which role; and your own sign-ins."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.access.roles import Role
from gateway.cli.connection import find
from gateway.cli.failures import Exit, Failure
from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views import people as view
from gateway.cli.views.words import plain
from schemas.given import without_none

PEOPLE = "/api/people"
Reminders = Annotated[
    bool | None,
    typer.Option(
        "--reminders/--no-reminders",
        help="Whether messages tell of own tasks that are due or overdue, and of plans that wait.",
    ),
]
Language = Annotated[
    str | None, typer.Option("--language", help='Of these messages: en, pt_BR, or "" for that of all messages.')
]
Handle = Annotated[str, typer.Argument(metavar="HANDLE", help="As the list shows it.", show_default=False)]


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Who acts: people, their roles and sign-ins.", no_args_is_help=True)
    group.command("list")(list_people)
    group.command("assignees")(assignees)
    group.command("create")(create)
    group.command("change")(change)
    group.command("me")(me)
    group.command("end")(end)
    group.command("link")(link)
    group.command("sign-ins")(sign_ins)
    group.command("sign-out")(sign_out)
    app.add_typer(group, name="people")


def list_people(context: typer.Context, as_json: Json = False) -> None:
    """List the people; those who have ended come last.

    --json: {"items": [{handle, name, email, role, reminders, language, madeAt, madeBy, endedAt, erasedAt, keys,
    signIns, seenAt, reminderError}, ...]}.
    """
    terminal = terminal_of(context, as_json)
    found = terminal.client.get(PEOPLE)
    terminal.show(found, lambda: view.people(found["items"]))


def assignees(context: typer.Context, as_json: Json = False) -> None:
    """List whom a task can be assigned to.

    --json: {"items": [{handle, name}, ...]}; empty where there are no people, and any name is taken.
    """
    terminal = terminal_of(context, as_json)
    found = terminal.client.get("/api/tasks/assignees")
    terminal.show(found, lambda: view.assignees(found["items"]))
    if not found["items"]:
        terminal.note("There are no people: any name is taken.")


def create(
    context: typer.Context,
    handle: Annotated[str, typer.Argument(help="Names the person, for good: ana.lima.", show_default=False)],
    name: Annotated[str, typer.Argument(help="The full name.", show_default=False)],
    role: Annotated[Role, typer.Option("--role", "-r", help="What the person may do.")] = Role.ANALYST,
    email: Annotated[
        str,
        typer.Option(
            "--email",
            help="Gets reminders of tasks and of plans that wait; the company's sign-in knows the person by it.",
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Make a person. `people link` or a key lets the person in.

    --json: the person as the list shows it.
    """
    terminal = terminal_of(context, as_json)
    made = terminal.client.send("POST", PEOPLE, {"handle": handle, "name": name, "email": email, "role": role.value})
    terminal.show(made, lambda: view.people([made]))
    terminal.note(f"`marketplace people link {made['handle']}` prints a link that lets {made['name']} in.")


def change(
    context: typer.Context,
    handle: Handle,
    name: Annotated[str | None, typer.Option("--name", help="Another name.")] = None,
    role: Annotated[Role | None, typer.Option("--role", "-r", help="Another role.")] = None,
    email: Annotated[str | None, typer.Option("--email", help='Another e-mail; "" takes it away.')] = None,
    reminders: Reminders = None,
    language: Language = None,
    as_json: Json = False,
) -> None:
    """Change a person's name, role, e-mail or reminders: it holds within ten seconds, for all keys and sign-ins, too.

    --json: the person as the list shows it.
    """
    terminal = terminal_of(context, as_json)
    wanted = {"name": name, "role": role and role.value, "email": email, "reminders": reminders, "language": language}
    given = without_none(wanted)
    if not given:
        how = "Give --name, --role, --email, --reminders, --no-reminders or --language."
        raise Failure("Say what to change", how, exit_status=Exit.USAGE)
    changed = terminal.client.send("PATCH", f"{PEOPLE}/{handle}", given)
    terminal.show(changed, lambda: view.people([changed]))


def me(context: typer.Context, reminders: Reminders = None, language: Language = None, as_json: Json = False) -> None:
    """Show yourself; with an option, change whether you are reminded of your tasks, and in which language.

    --json: {handle, name, email, role, reminders, language}.
    """
    terminal = terminal_of(context, as_json)
    given = without_none({"reminders": reminders, "language": language})
    mine = f"{PEOPLE}/me"
    found = terminal.client.send("PATCH", mine, given) if given else terminal.client.get(mine)
    terminal.show(found, lambda: view.me(found))


def end(context: typer.Context, handle: Handle, as_json: Json = False) -> None:
    """End a person for good, with all keys, sign-ins and links: within ten seconds the person gets in nowhere.

    --json: {}.
    """
    terminal = terminal_of(context, as_json)
    terminal.client.send("DELETE", f"{PEOPLE}/{handle}", {})
    terminal.show({})
    terminal.note(f"Ended: {handle}.")


def link(
    context: typer.Context,
    handle: Handle,
    minutes: Annotated[float, typer.Option("--minutes", min=1, help="For so long it works.")] = 15,
    as_json: Json = False,
) -> None:
    """Make a link that signs a person's browser in once; no key is needed for it.

    --json: {path, url, handle, role, expiresAt}.
    """
    terminal = terminal_of(context, as_json)
    made = terminal.client.send("POST", f"{PEOPLE}/{handle}/link", {"minutes": minutes})
    made = {**made, "url": find(terminal.env).url + made["path"]}
    terminal.show(made, lambda: plain(made["url"]))
    whose = f"{made['handle']} ({made['role']})"
    terminal.note(f"It signs in as {whose}: once, within {minutes:g} minutes, shown this once.")


def sign_ins(context: typer.Context, as_json: Json = False) -> None:
    """List your own sign-ins: of the person with all keys, or of the key.

    --json: {"items": [{signInId, current, keyId, openedBy, address, createdAt, seenAt, expiresAt}, ...]}.
    """
    terminal = terminal_of(context, as_json)
    found = terminal.client.get("/api/sign-ins")
    terminal.show(found, lambda: view.sign_ins(found["items"]))


def sign_out(
    context: typer.Context,
    sign_in: Annotated[str, typer.Argument(metavar="SIGN-IN", help="As `sign-ins` shows it.", show_default=False)],
    as_json: Json = False,
) -> None:
    """End one of your own sign-ins: within ten seconds that browser is signed out.

    --json: {}.
    """
    terminal = terminal_of(context, as_json)
    terminal.client.send("DELETE", f"/api/sign-ins/{sign_in}", {})
    terminal.show({})
    terminal.note("That browser is signed out.")
