"""A backup of the whole system, and its way back into empty servers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.commands.upkeep import run_module
from gateway.cli.failures import Exit, Failure
from gateway.cli.terminal import Json, terminal_of

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", show_default=False)]


def register(app: typer.Typer) -> None:
    for command in (backup, backup_key, restore):
        app.command(command.__name__.replace("_", "-"))(command)


def backup(context: typer.Context, folder: Folder, as_json: Json = False) -> None:
    """Write database, log and schemas into a new folder, as they are at one moment, while everything runs.

    The folder holds personal data, hashes of keys and secrets of webhooks, for its owner alone (0600). With
    MARKETPLACE_BACKUP_RECIPIENTS it is encrypted to those public keys. What stands in the environment, producers' keys
    and the provider's among it, is not in it: keep that elsewhere.

    Exit status 0 done, 1 refused, 3 broker, registry or database cannot be reached.

    --json: {ok, made_at, version, rows, records, size, encrypted, seconds, waited_ms}, or {ok, error}.
    """
    raise typer.Exit(run_module(terminal_of(context, as_json), "streams.backup", "make", str(folder.absolute())))


def backup_key(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    as_json: Json = False,
) -> None:
    """Make a pair of keys for encrypted backups: the secret one into a new file (0600), the public one is printed.

    Who makes backups is given the public key, as MARKETPLACE_BACKUP_RECIPIENTS. They are files of age, and so are keys.

    Exit status 0 done, 1 refused.

    --json: {ok, recipient}, or {ok, error}.
    """
    terminal = terminal_of(context, as_json)
    raise typer.Exit(run_module(terminal, "streams.backup", "key", str(file.absolute()), needs=""))


def restore(
    context: typer.Context,
    folder: Folder,
    check: Annotated[
        bool, typer.Option("--check", help="Only read all of it: is it whole, and of this version?")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring a backup back into empty servers. What is damaged, of another version or not empty is left as it is.

    What is encrypted needs the file with the secret key, in MARKETPLACE_BACKUP_IDENTITY_FILE; with --check, too, where
    it is to be opened. Webhooks are paused then, so that a copy calls nobody: `marketplace webhooks change NAME
    --resume` is the last step.

    Exit status 0 done, 1 refused, 3 broker, registry or database cannot be reached.

    --json: {ok, made_at, version, rows, records, size, encrypted, seconds, webhooks_paused}, or {ok, error}.
    """
    terminal = terminal_of(context, as_json)
    if not folder.is_dir():
        raise Failure(f"There is no folder {folder}", exit_status=Exit.USAGE)
    if check:  # asks no server
        raise typer.Exit(run_module(terminal, "streams.backup", "check", str(folder.absolute()), needs=""))
    raise typer.Exit(run_module(terminal, "streams.backup", "restore", str(folder.absolute())))
