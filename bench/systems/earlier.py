"""An earlier commit of this system, in a work tree of its own for the time of the bench."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.systems.ours import ROOT, Ours


def git(*arguments: str) -> str:
    """Return the output of a git command in this repository. Raises CalledProcessError."""
    return subprocess.run(
        ["git", "-C", str(ROOT), *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


@contextmanager
def checked_out(commit: str, folder: Path) -> Iterator[Ours]:
    """Lay out the commit in the folder, until the context ends. It runs on the packages that are installed here."""
    short = git("rev-parse", "--short", f"{commit}^{{commit}}")
    git("worktree", "add", "--detach", str(folder), short)
    try:
        yield Ours(name=f"at {short}", root=folder)
    finally:
        git("worktree", "remove", "--force", str(folder))
