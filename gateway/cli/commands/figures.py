"""See the figures of a plan's document; analyse those of its channels that were not chosen."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from gateway.cli.client import PLANS
from gateway.cli.commands.options import Channels, Id, Language, Told, Unnamed, split
from gateway.cli.commands.uploads import channels_given
from gateway.cli.failures import Exit, Failure
from gateway.cli.ids import plan_id
from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views import figures as view

Metrics = Annotated[
    list[str] | None,
    typer.Option("--metric", "-m", help="Such as revenue; several times or separated by commas. Shows the rows too."),
]


class Analyst(StrEnum):
    """Who analyses a channel again."""

    AGENT = "agent"
    RULES = "rules"


Again = Annotated[Analyst | None, typer.Option("--again", help="Who is to analyse channels of this plan again.")]


def register(app: typer.Typer) -> None:
    app.command("figures")(figures)
    app.command("analyse")(analyse)


def figures(
    context: typer.Context,
    identity: Id,
    channel: Channels = None,
    metric: Metrics = None,
    language: Told = Language.ENGLISH,
    as_json: Json = False,
) -> None:
    """Show the figures of a plan's document: how each is computed, and from which rows.

    Without --metric it also shows how the worth of each opportunity is computed.

    --json: {planId, tables, channels: [{channel, figures, unknown, months, products, reconciliation, ...}], worths}.
    """
    terminal = terminal_of(context, as_json)
    params = {"channel": split(channel), "metric": split(metric), "language": language.value}
    found = terminal.client.get(f"{PLANS}/{plan_id(terminal.client, identity)}/figures", params)
    terminal.show(found, lambda: view.figures(found, with_rows=bool(params["metric"])))
    if not found["channels"]:
        terminal.note("No figures: the document has no sales of this channel, or was read as text.")
    if (of_none := found.get("unnamed")) and not of_none["channel"]:
        terminal.note(view.unnamed(identity, of_none))


def analyse(
    context: typer.Context,
    identity: Id,
    channel: Channels = None,
    again: Again = None,
    unnamed: Unnamed = "",
    as_json: Json = False,
) -> None:
    """Analyse channels of a plan's document that it was not made for, in a plan of their own.

    With --again: channels of the plan itself, while it awaits approval. Each keeps its result until there is another.
    With --unnamed CHANNEL: those sales of the document that name no channel, as sales of this one.

    --json: {planId, outcome, status, version, links} of the new plan, or of this one. The same channels give the same
    plan: exit status 1, and the problem names it.
    """
    terminal = terminal_of(context, as_json)
    if unnamed and (channel or again):
        raise Failure("--unnamed is for sales that name no channel", "Give it alone.", exit_status=Exit.USAGE)
    channels = channels_given([unnamed] if unnamed else channel)
    path = f"{PLANS}/{plan_id(terminal.client, identity)}/channels"
    if again is None:
        made = terminal.client.send("POST", path, {"unnamed": unnamed} if unnamed else {"channels": channels})
        terminal.show(made, lambda: view.on_its_way(made, channels))
        return
    for one in channels:
        made = terminal.client.send("POST", f"{path}/{one}/analysis", {"with": again.value})
    terminal.show(made, lambda: view.again_on_its_way(made, channels, again.value))
