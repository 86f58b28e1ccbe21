"""Webhooks: register an address that is told of events, see what it was told, send something again."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from gateway.cli.commands.options import All, Limit, split
from gateway.cli.failures import Exit, Failure
from gateway.cli.ids import delivery_id
from gateway.cli.terminal import Json, Terminal, terminal_of
from gateway.cli.views import webhooks as view
from gateway.cli.views.words import plain
from schemas.given import without_none

WEBHOOKS: Final = "/api/webhooks"
Webhook = Annotated[str, typer.Argument(metavar="WEBHOOK", help="Its name.", show_default=False)]
Types = Annotated[
    list[str] | None, typer.Option("--type", "-t", help="Of events, such as plan.approved or task.*; several times.")
]


class State(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help="Webhooks: addresses that are told of the events of plans and tasks.", no_args_is_help=True
    )
    group.command("list")(list_webhooks)
    group.command("create")(create)
    group.command("change")(change)
    group.command("rotate")(rotate)
    group.command("remove")(remove)
    group.command("log")(show_log)
    group.command("show")(show)
    group.command("again")(send_again)
    app.add_typer(group, name="webhooks")


def list_webhooks(context: typer.Context, as_json: Json = False) -> None:
    """List the webhooks, and how each does.

    --json: {"items": [{webhookId, name, url, types, createdAt, createdBy, pausedAt, breaker, waiting,
    oldestWaitingAt, givenUp, lastSentAt}, ...]}.
    """
    terminal = terminal_of(context, as_json)
    found = terminal.client.get(WEBHOOKS)
    terminal.show(found, lambda: view.webhooks(found["items"]))


def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Small letters, digits and hyphens, for good.", show_default=False)],
    url: Annotated[str, typer.Argument(help="Where events are sent by POST.", show_default=False)],
    types: Types = None,
    as_json: Json = False,
) -> None:
    """Register a webhook; without --type it gets all events. Its secret is shown once: hand it over now.

    --json: {webhookId, name, secret}.
    """
    terminal = terminal_of(context, as_json)
    wanted = {"name": name, "url": url} | ({"types": split(types)} if types else {})
    made = terminal.client.send("POST", WEBHOOKS, wanted)
    terminal.show(made, lambda: plain(made["secret"]))
    terminal.note(f"What {made['name']} is signed with, shown this once. It is told of what happens from now on.")


def change(
    context: typer.Context,
    webhook: Webhook,
    url: Annotated[str, typer.Option("--url", help="Another address.")] = "",
    types: Types = None,
    paused: Annotated[
        bool | None, typer.Option("--pause/--resume", help="Let events wait; let them go.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """Change a webhook, pause it, or let it go on: what waits is tried at once.

    --json: the webhook as the list shows it.
    """
    terminal = terminal_of(context, as_json)
    wanted = {"url": url or None, "types": split(types) or None, "paused": paused}
    given = without_none(wanted)
    if not given:
        raise Failure("Say what to change", "Give --url, --type, --pause or --resume.", exit_status=Exit.USAGE)
    changed = terminal.client.send("PATCH", _at(terminal, webhook), given)
    terminal.show(changed, lambda: view.webhooks([changed]))


def rotate(context: typer.Context, webhook: Webhook, as_json: Json = False) -> None:
    """Give a webhook another secret, at once; it is shown this once.

    --json: {webhookId, name, secret}.
    """
    terminal = terminal_of(context, as_json)
    made = terminal.client.send("POST", f"{_at(terminal, webhook)}/rotate", {})
    terminal.show(made, lambda: plain(made["secret"]))
    terminal.note(f"What {made['name']} is signed with from now on, shown this once.")


def remove(context: typer.Context, webhook: Webhook, as_json: Json = False) -> None:
    """End a webhook: nothing is sent there any more, and its log goes.

    --json: {}.
    """
    terminal = terminal_of(context, as_json)
    terminal.client.send("DELETE", _at(terminal, webhook), {})
    terminal.show({})
    terminal.note(f"Removed: {webhook}.")


def show_log(
    context: typer.Context,
    webhook: Webhook,
    states: Annotated[list[State] | None, typer.Option("--state", "-s", help="failed: given up.")] = None,
    limit: Limit = 20,
    every: All = False,
    as_json: Json = False,
) -> None:
    """List what a webhook was told, the newest first.

    --json: {"items": [{deliveryId, eventId, planId, type, state, dueAt, endedAt, attempts, error, ...}, ...]}.
    """
    terminal = terminal_of(context, as_json)
    path = f"{_at(terminal, webhook)}/deliveries"
    found = list(terminal.client.pages(path, {"state": split(states)}, None if every else limit))
    terminal.show({"items": found}, lambda: view.deliveries(found))


def show(
    context: typer.Context,
    webhook: Webhook,
    delivery: Annotated[str, typer.Argument(metavar="DELIVERY", help="Its id, or the start.", show_default=False)],
    as_json: Json = False,
) -> None:
    """Show a delivery: every try with its answer, and what is sent.

    --json: as GET /api/webhooks/{id}/deliveries/{id}.
    """
    terminal = terminal_of(context, as_json)
    at = _at(terminal, webhook)
    found = terminal.client.get(f"{at}/deliveries/{delivery_id(terminal.client, at, delivery)}")
    terminal.show(found, lambda: view.delivery(found))


def send_again(
    context: typer.Context,
    webhook: Webhook,
    deliveries: Annotated[
        list[str] | None, typer.Argument(metavar="DELIVERY...", help="Ids, or their starts.", show_default=False)
    ] = None,
    given_up: Annotated[bool, typer.Option("--given-up", help="Up to 200 that were given up, the oldest.")] = False,
    as_json: Json = False,
) -> None:
    """Send deliveries again, with the same ids: a receiver that has them drops them.

    --json: {count}.
    """
    terminal = terminal_of(context, as_json)
    if bool(deliveries) is given_up:
        raise Failure("Say which deliveries", "Give their ids, or --given-up.", exit_status=Exit.USAGE)
    at = _at(terminal, webhook)
    which: dict[str, Any] = {"givenUp": True}
    if deliveries:
        which = {"deliveryIds": [delivery_id(terminal.client, at, one) for one in deliveries]}
    done = terminal.client.send("POST", f"{at}/again", which)
    terminal.show(done)
    terminal.note(f"On their way again: {done['count']}.")


def _at(terminal: Terminal, name: str) -> str:
    """Return the address of a webhook in the API. Raises Failure where there is none of that name."""
    for one in terminal.client.get(WEBHOOKS)["items"]:
        if name in {one["name"], one["webhookId"]}:
            return f"{WEBHOOKS}/{one['webhookId']}"
    raise Failure(f"There is no webhook {name}", "See what there is: marketplace webhooks list")
