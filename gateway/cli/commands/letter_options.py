"""Options that choose dead letters on the command line: by id, or by a filter."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Annotated, Any

import typer

from gateway.cli.client import Client
from gateway.cli.commands.options import Plan, split
from gateway.cli.failures import Exit, Failure
from gateway.cli.ids import plan_id_if_given
from gateway.cli.record_ids import meant
from gateway.cli.times import moment


class State(StrEnum):
    OPEN = "open"
    BLOCKED = "blocked"
    REPLAYED = "replayed"
    DISCARDED = "discarded"


Record = Annotated[str, typer.Argument(metavar="RECORD", help="The id as the list shows it.", show_default=False)]
States = Annotated[list[State] | None, typer.Option("--state", "-s", help="Several times for several.")]
Cause = Annotated[str, typer.Option("--cause", help="Of one cause: its fingerprint, as `letters groups` shows it.")]
Code = Annotated[list[str] | None, typer.Option("--code", help="Cause of the failure, such as damaged.")]
Groups = Annotated[list[str] | None, typer.Option("--group", help="Who could not handle it, such as agents.")]
Types = Annotated[list[str] | None, typer.Option("--type", help="Type of the event, such as plan.approved.")]
Since = Annotated[
    str,
    typer.Option("--since", parser=moment, metavar="TIME", help="Came at or after this time, or 1h for so long ago."),
]
Until = Annotated[str, typer.Option("--until", parser=moment, metavar="TIME", help="Came before this time.")]
Search = Annotated[str, typer.Option("--search", "-q", help="Part of the id, the key or the message.")]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which dead letters the options of a command choose. Its fields are those options."""

    states: States = None
    cause: Cause = ""
    code: Code = None
    groups: Groups = None
    types: Types = None
    plan: Plan = ""
    since: Since = ""
    until: Until = ""
    search: Search = ""

    def selection(self, client: Client) -> dict[str, Any]:
        """Return the selection as the API takes it, without the options that were not given."""
        given: dict[str, Any] = {
            "state": split(self.states),
            "fingerprint": self.cause,
            "code": self.code,
            "group": self.groups,
            "type": self.types,
            "plan": plan_id_if_given(client, self.plan),
            "since": self.since,
            "until": self.until,
            "q": self.search,
        }
        return {name: value for name, value in given.items() if value}


def choosing(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that has the options of `Wanted` where this one has its parameter `wanted`."""
    options = inspect.signature(Wanted, eval_str=True).parameters
    own = inspect.signature(command, eval_str=True)

    @wraps(command)
    def with_options(**given: Any) -> None:
        wanted = Wanted(**{name: given.pop(name) for name in options})
        command(wanted=wanted, **given)

    parameters = [
        option
        for name, parameter in own.parameters.items()
        for option in (options.values() if name == "wanted" else [parameter])
    ]
    with_options.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined] # typer reads it
    return with_options


def choice(records: list[str] | None, selected: dict[str, Any], *, states: list[State]) -> dict[str, Any]:
    """Return the body of a request: the records by id, or a selection, of `states` where no state is given."""
    if records:
        if selected:
            raise Failure("Give records or options, not both", "Options choose among all.", exit_status=Exit.USAGE)
        return {"recordIds": [meant(one) for one in records]}
    return {"selection": {"state": split(states), **selected}}
