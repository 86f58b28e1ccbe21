"""Verify and rebuild the read models, where the broker and the database can be reached from here."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated

import typer

from gateway.cli.connection import ROOT, local_environment
from gateway.cli.failures import Exit, Failure
from gateway.cli.terminal import Json, Terminal, terminal_of
from schemas.process.settings import BROKERS, DATABASE


def register(app: typer.Typer) -> None:
    for command in (verify, rebuild):
        app.command()(command)


def verify(
    context: typer.Context,
    audit_head: Annotated[
        str,
        typer.Option("--audit-head", metavar="PLACE:HASH", help="A head of the audit's chain, from a gateway's log."),
    ] = "",
    contents: Annotated[
        bool, typer.Option("--contents", help="Compare what rows contain, too: it makes all of them anew beside.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Compare the log with the read models, and walk the chain of who did what.

    Exit status 0 all is well, 1 a gap, a duplicate, a drift, a forgery, or an entry changed, removed or put in.

    3: broker, registry or database cannot be reached, so nothing is known.

    --json: {records, events, repeats, poison, letters, plans, tasks, audited, audit_head, problems, counts, ok}, or
    {ok, error}.
    """
    demanded = ["--audit-head", audit_head] if audit_head else []
    asked = ["--contents"] if contents else []
    raise typer.Exit(run_module(terminal_of(context, as_json), "projections.verify", *asked, *demanded))


def rebuild(
    context: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Only build and compare, swap nothing.")] = False,
    accept: Annotated[bool, typer.Option("--accept", help="Swap although they differ: the log is right.")] = False,
    back: Annotated[
        bool, typer.Option("--back", help="Make the tables live again that the last swap has kept.")
    ] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Drop the old tables that the last swap has kept.")] = False,
    as_json: Json = False,
) -> None:
    """Build the read models again from the log, compare, and swap them in while everything runs.

    Exit status 1: different, refused or failed; 3: broker, registry or database cannot be reached. In both cases the
    live read models are as they were.

    --json: {records, poison, seconds, swapped, pauses_ms, rows, problems}, or {swapped, error}.
    """
    chosen = [
        f"--{name}" for name, given in (("check", check), ("accept", accept), ("back", back), ("drop", drop)) if given
    ]
    if len(chosen) > 1:
        raise Failure(f"{' and '.join(chosen)} exclude each other", exit_status=Exit.USAGE)
    raise typer.Exit(run_module(terminal_of(context, as_json), "projections.rebuild", *chosen))


def run_module(terminal: Terminal, module: str, *options: str, needs: str = DATABASE) -> int:
    """Run with this terminal; return the exit status. The environment says where all is, else the local system.

    Raises Failure where the variable that it `needs` is set nowhere; '' needs none.
    """
    env = {**local_environment(terminal.env), **terminal.env}
    if needs and not env.get(needs):
        raise Failure(
            "No broker is known here" if needs == BROKERS else "No database is known here",
            "Start the system on this machine (marketplace up), or set MARKETPLACE_DATABASE_URL, MARKETPLACE_BROKERS"
            " and MARKETPLACE_REGISTRY_URL.",
            exit_status=Exit.UNREACHABLE,
        )
    json = ["--json"] if terminal.as_json else []
    done = subprocess.run(  # noqa: S603 - our own interpreter and modules
        [sys.executable, "-m", module, *options, *json], cwd=ROOT, env=env, check=False
    )
    return done.returncode
