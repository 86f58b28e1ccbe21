"""Have an agent say what the columns of a file are; nothing is uploaded for a plan, and nothing is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import typer

from gateway.cli.failures import Exit, Failure
from gateway.cli.terminal import Terminal
from gateway.cli.views import not_sure

PREVIEW: Final = "/api/marketplace/analysis/upload/preview"


def proposed(terminal: Terminal, files: list[Path], channels: list[str]) -> None:
    """Show the tables that ask as an agent reads them, and what to type. Exit status 1 without a proposal."""
    if len(files) != 1:
        raise Failure("--propose is for one file", f"{len(files)} were given.", exit_status=Exit.USAGE)
    (file,) = files
    with file.open("rb") as content:
        seen = terminal.client.upload(file, content, {"channels": ",".join(channels), "propose": "true"}, path=PREVIEW)
    said = seen["proposal"]
    terminal.show(seen, *not_sure.of_proposal(str(file), seen, channels))
    if said["code"]:
        raise typer.Exit(Exit.REFUSED)
