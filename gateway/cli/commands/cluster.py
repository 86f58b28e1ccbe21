"""Servers of one's own: whether they fit, and which rights each process needs at the broker."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Annotated

import typer

from gateway.cli.commands.upkeep import run_module
from gateway.cli.failures import Exit, Failure
from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views import acls as view
from schemas import prefix
from schemas.process.settings import BROKERS, SettingsError, topic_prefix
from schemas.rights import PROCESSES, at_broker, rights_of

Processes = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PROCESS...]", help=f"Some of {', '.join(PROCESSES)}; all without.", show_default=False),
]


class Tool(StrEnum):
    RPK = "rpk"
    KAFKA = "kafka"


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Whether servers of your own fit what this system needs.", no_args_is_help=True)
    group.command("cluster")(check_cluster)
    app.add_typer(group, name="check")
    app.command("acls")(acls)


def check_cluster(context: typer.Context, processes: Processes = None, as_json: Json = False) -> None:
    """Ask broker, registry and database whether they fit: settings, rights, versions, clocks. Nothing is changed.

    Given processes, the user of MARKETPLACE_BROKER_USER is held to the rights of these.

    Exit status 0 it fits, 1 something does not, 3 no broker can be reached.

    --json: {ok, checks: [{id, fit, seen, todo}, ...]}, fit one of "fits", "fits, but", "does not fit", "not known"; or
    {ok, error}.
    """
    terminal = terminal_of(context, as_json)
    _known(processes)
    raise typer.Exit(run_module(terminal, "streams.cluster", *(processes or []), needs=BROKERS))


def acls(
    context: typer.Context,
    processes: Processes = None,
    tool: Annotated[Tool, typer.Option("--for", help="Whose command makes them: Redpanda's or Kafka's.")] = Tool.RPK,
    user: Annotated[
        str, typer.Option("--user", help="The user of each process; {process} stands for its name.")
    ] = "marketplace-{process}",
    as_json: Json = False,
) -> None:
    """Print the commands that give each process its rights at the broker, and no more.

    Names are those at the broker: with MARKETPLACE_TOPIC_PREFIX before topics and groups.

    --json: {"acls": [{process, principal, kind, name, operation}, ...]}.
    """
    terminal = terminal_of(context, as_json)
    chosen = _known(processes)
    _use_prefix()
    given = {process: (user.replace("{process}", process), at_broker(rights_of(process))) for process in chosen}
    rows = [
        {
            "process": process,
            "principal": f"User:{name}",
            "kind": right.kind.value,
            "name": right.name,
            "operation": right.operation.value,
        }
        for process, (name, rights) in given.items()
        for right in rights
    ]
    if as_json:
        terminal.show({"acls": rows})
        return
    of = view.rpk if tool is Tool.RPK else view.kafka
    for process, (name, rights) in given.items():
        print(f"# {process}")
        for line in of(name, rights):
            print(line)


def _use_prefix() -> None:
    """Name things as this system's processes do. Raises Failure where no broker would take the prefix."""
    try:
        prefix.use(topic_prefix(os.environ))
    except SettingsError as error:
        raise Failure(str(error), "Set it as docs/configuration.md says.", exit_status=Exit.USAGE) from error


def _known(processes: list[str] | None) -> list[str]:
    """Return the processes, all where none is named. Raises Failure for one that does not speak to the broker."""
    strangers = [process for process in processes or () if process not in PROCESSES]
    if strangers:
        raise Failure(
            f"No process that speaks to the broker is called {strangers[0]}",
            f"There are {', '.join(PROCESSES)}.",
            exit_status=Exit.USAGE,
        )
    return processes or list(PROCESSES)
