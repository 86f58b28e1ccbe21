"""Break a system on purpose: `marketplace chaos`. Runs `python -m local.chaos` with this terminal."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from gateway.cli.connection import ROOT
from gateway.cli.failures import Exit, Failure
from gateway.cli.terminal import Json, terminal_of

#: The list only imports: it comes within a second or two.
LIST_S = 30.0
Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME...]", help="Scenarios, or soak; all scenarios without.", show_default=False),
]


class _WithScenarios(TyperCommand):
    """The command whose help names the scenarios: those that `local.chaos` knows, which no other package imports."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        self.epilog = f"\b\nScenarios:\n{_scenarios()}" if _there() else None  # \b: its lines stay as they are
        super().format_help(ctx, formatter)


def _there() -> bool:
    return (ROOT / "local" / "chaos" / "__main__.py").exists()


def _scenarios() -> str:
    command = [sys.executable, "-m", "local.chaos", "--list"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIST_S, check=False)  # noqa: S603 - as below
    return said.stdout if said.returncode == 0 else "  They cannot be listed: python -m local.chaos --list says why."


def register(app: typer.Typer) -> None:
    app.command(cls=_WithScenarios)(chaos)


def chaos(
    context: typer.Context,
    names: Names = None,
    seed: Annotated[int | None, typer.Option(help="Where chance begins: the one that a failure has named.")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Runs of each scenario.")] = 1,
    minutes: Annotated[float | None, typer.Option(min=0.1, help="Length of a soak.", show_default="30")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the folders of the broken systems.")] = False,
    as_json: Json = False,
) -> None:
    """Break systems of its own on purpose, under load: exit status 0 nothing lost or repeated, 1 not so.

    What runs on this machine otherwise is left alone.

    --json: a document for each run: {scenario, seed, injectedAt, detectedAfter, healedAfter, lost, duplicated, verdict,
    ...}.
    """
    if not _there():
        raise Failure("This installation has no drills", "They are part of the project's source: run them from there.")
    terminal = terminal_of(context, as_json)
    options = ["--seeds", str(seeds)]
    options += [] if seed is None else ["--seed", str(seed)]
    options += [] if minutes is None else ["--minutes", str(minutes)]
    options += ["--keep"] if keep else []
    options += ["--json"] if as_json else []
    command = [sys.executable, "-m", "local.chaos", *(names or []), *options]
    with subprocess.Popen(command, cwd=ROOT, env=terminal.env) as process:  # noqa: S603 - our own interpreter and module
        while True:
            try:
                status = process.wait()
            except KeyboardInterrupt:  # it has heard, too, and ends what it has started
                continue
            raise typer.Exit(status if status >= 0 else Exit.INTERRUPTED)
