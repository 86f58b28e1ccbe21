"""`marketplace`: the commands, and the one place where a failure becomes words and an exit status."""

from __future__ import annotations

import os
import traceback
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from gateway.cli.commands import (
    added_tasks,
    alerts,
    attempts,
    audit,
    backup,
    chaos,
    charts,
    cluster,
    completion,
    costs,
    decisions,
    draining,
    erasing,
    export,
    figures,
    keys,
    letters,
    local_system,
    mappings,
    operations,
    outbox,
    outcomes,
    people,
    plans,
    retries,
    rules,
    size,
    slo,
    system,
    tasks,
    teams,
    top,
    upkeep,
    uploads,
    webhooks,
    work,
)
from gateway.cli.failures import Exit, Failure
from gateway.cli.terminal import Terminal, terminal_of

EPILOG: Final = (
    "Exit status: 0 done, 1 refused or failed, 2 wrong usage, 3 the gateway cannot be reached, 130 interrupted. "
    "MARKETPLACE_URL and MARKETPLACE_API_KEY say where the gateway is and who asks; without them the system that "
    "runs on this machine is used."
)


#: What reading an answer raises that is not of the gateway's form: nothing else does so here.
UNREADABLE: Final = (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)

#: What the check of an option says before what is wrong.
_PREFIX: Final = "Value error, "


class Commands(TyperGroup):
    def invoke(self, ctx: Any) -> Any:
        """Run a command. Whatever goes wrong on the way is said in words, never as a traceback."""
        ctx.obj = ctx.obj or Terminal(os.environ)
        try:
            return super().invoke(ctx)
        except typer.BadParameter as wrong:
            wrong.message = wrong.message.removeprefix(_PREFIX)
            raise
        except Failure as failure:
            ctx.obj.report(failure)
            raise typer.Exit(failure.exit_status) from None
        except KeyboardInterrupt:
            ctx.obj.err.print("\nInterrupted. What was accepted goes on; marketplace plans shows it.")
            raise typer.Exit(Exit.INTERRUPTED) from None
        except UNREADABLE as error:
            ctx.obj.report(_not_read(error))
            raise typer.Exit(Exit.REFUSED) from None
        except BrokenPipeError:  # the reader, such as `head`, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            raise typer.Exit(Exit.DONE) from None


def _not_read(error: Exception) -> Failure:
    """Return the failure of an answer that is none of the gateway's; where it was read is for who mends that."""
    at = traceback.extract_tb(error.__traceback__)[-1]
    return Failure(
        "The answer is not one that this command reads",
        f"{type(error).__name__}: {str(error)[:200]} ({Path(at.filename).name}:{at.lineno})",
        hints=("See whether MARKETPLACE_URL is right, and which version answers: marketplace status",),
    )


app = typer.Typer(
    name="marketplace",
    cls=Commands,
    help="From a marketplace document to an approved plan to tasks.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def print_version(wanted: bool) -> None:
    if wanted:
        print(system.in_words())
        raise typer.Exit(Exit.DONE)


@app.callback()
def root(
    context: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=print_version, help="Print the version and exit.")
    ] = False,
) -> None:
    """From a marketplace document to an approved plan to tasks."""
    terminal_of(context)


for module in (
    local_system,
    uploads,
    mappings,
    costs,
    plans,
    figures,
    outcomes,
    rules,
    attempts,
    decisions,
    tasks,
    added_tasks,
    work,
    export,
    top,
    charts,
    system,
    upkeep,
    backup,
    cluster,
    operations,
    draining,
    erasing,
    slo,
    size,
    alerts,
    webhooks,
    people,
    teams,
    keys,
    audit,
    retries,
    letters,
    outbox,
    chaos,
    completion,
):
    module.register(app)
