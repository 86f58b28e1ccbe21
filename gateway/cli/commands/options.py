"""Options that several commands have."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from gateway.cli.failures import Exit, Failure
from schemas.channels import CHANNELS

CHANNEL_HELP: Final = f"One of {', '.join(CHANNELS)}; several times or separated by commas."


class Priority(StrEnum):
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Language(StrEnum):
    """A language of the reader's remarks."""

    ENGLISH = "en"
    PORTUGUESE = "pt-BR"


class DueIn(StrEnum):
    OVERDUE = "overdue"
    WEEK = "week"
    NONE = "none"


class PhaseOrigin(StrEnum):
    AGENT = "agent"
    RULES = "rules"
    FALLBACK = "fallback"
    OPERATOR = "operator"


Ids = Annotated[
    list[str] | None, typer.Argument(metavar="ID...", help="Ids, or their first characters.", show_default=False)
]
Id = Annotated[str, typer.Argument(metavar="ID", help="The id, or its first characters.", show_default=False)]
Plan = Annotated[str, typer.Option("--plan", help="Of this plan only: its id, or its first characters.")]
SomeRecords = Annotated[
    list[str] | None, typer.Argument(metavar="[RECORD...]", help="Ids as the list shows them.", show_default=False)
]
Channels = Annotated[list[str] | None, typer.Option("--channel", "-c", help=CHANNEL_HELP)]
Priorities = Annotated[list[Priority] | None, typer.Option("--priority", "-p", help="Several times for several.")]
Search = Annotated[str, typer.Option("--search", "-q", help="Part of the title; for plans also of the file's name.")]
Overdue = Annotated[bool, typer.Option("--overdue", help="Only what has waited too long for a person.")]
Due = Annotated[
    list[DueIn] | None,
    typer.Option("--due", help="Of tasks that have not ended: overdue; week: due within 7 days; none: without a day."),
]
Origins = Annotated[
    list[PhaseOrigin] | None, typer.Option("--origin", help="Where Phase 1 is from; several times for several.")
]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="Rows at most.")]
All = Annotated[bool, typer.Option("--all", help="Every row, however many.")]
Watch = Annotated[bool, typer.Option("--watch", "-w", help="Stay and show every change, until Ctrl-C.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Timeout = Annotated[float, typer.Option("--timeout", min=0, help="Wait so many seconds at most.")]

Unnamed = Annotated[
    str, typer.Option("--unnamed", metavar="CHANNEL", help="The channel of sales that the file names none for.")
]
Maps = Annotated[
    list[str] | None,
    typer.Option("--map", "-m", metavar="FIELD=COLUMN", help="What a column is: price=valor_total. Several times."),
]


Told = Annotated[Language, typer.Option("--language", help="In which the reader's places and remarks are shown.")]


def pairs(values: list[str] | None) -> list[str]:
    """Return the pairs FIELD=COLUMN of an option. Raises Failure for what is none."""
    for value in values or []:
        field, equals, column = value.partition("=")
        if not (field.strip() and equals and column.strip()):
            raise Failure(
                f"{value!r} says nothing of a column", "Write --map price=valor_total", exit_status=Exit.USAGE
            )
    return values or []


def split(values: list[Any] | None) -> list[str]:
    """Return the values of an option that is given several times or with commas."""
    return [part.strip() for value in values or [] for part in str(value).split(",") if part.strip()]
