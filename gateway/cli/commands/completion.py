"""Completion of commands and options by the shell."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

import typer
from typer._completion_classes import completion_init
from typer._completion_shared import get_completion_script

from gateway.cli.terminal import Json, terminal_of

PROGRAM: Final = "marketplace"
#: How the shell asks this command what could come next.
VARIABLE: Final = f"_{PROGRAM.upper()}_COMPLETE"


class Shell(StrEnum):
    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def register(app: typer.Typer) -> None:
    completion_init()  # who answers the shells
    app.command("completion")(completion)


def completion(
    context: typer.Context,
    shell: Annotated[Shell, typer.Argument(help="The shell that asks.")],
    as_json: Json = False,
) -> None:
    """Print what a shell needs to complete commands and options.

    For example, in ~/.bashrc: eval "$(marketplace completion bash)"; in ~/.zshrc, after compinit, the same with zsh;
    marketplace completion fish > ~/.config/fish/completions/marketplace.fish

    --json: {"shell", "script"}.
    """
    script = get_completion_script(prog_name=PROGRAM, complete_var=VARIABLE, shell=shell.value)
    terminal = terminal_of(context, as_json)
    if as_json:
        terminal.show({"shell": shell.value, "script": script})
    else:
        print(script)  # as it is: a broken line would be another command
