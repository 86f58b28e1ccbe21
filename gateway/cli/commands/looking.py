"""Show what files would be read as; nothing is uploaded for a plan, and nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from gateway.cli.commands.proposing import PREVIEW
from gateway.cli.failures import Exit, Refused
from gateway.cli.terminal import Terminal
from gateway.cli.views import looking as view


def looked(terminal: Terminal, files: list[Path], fields: Mapping[str, Any], channels: list[str]) -> None:
    """Show each file's tables, sums and questions. Exit status 1 where an upload of one would be refused."""
    results = [_looked_at(terminal, file, fields) for file in files]
    terminal.show({"results": results}, *(shown for one in results for shown in view.looks(one, channels)))
    if not all(one.get("sure") for one in results):
        raise typer.Exit(Exit.REFUSED)


def _looked_at(terminal: Terminal, file: Path, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what would be read of a file; a refusal is a result too. Raises Refused where nobody may look."""
    try:
        with file.open("rb") as content:
            return {"file": str(file), **terminal.client.upload(file, content, dict(fields), path=PREVIEW)}
    except Refused as refusal:
        if refusal.status in {401, 403}:
            raise
        return {"file": str(file), "problem": refusal.problem}
