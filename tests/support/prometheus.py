"""Prometheus, promtool, Alertmanager and amtool as Debian packages them, for tests."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
DEPLOYED: Final = ROOT / "deploy" / "prometheus"
RULES: Final = tuple(sorted(DEPLOYED.glob("rules/*.yml")))


@cache
def programs() -> Path:
    """Return the folder that has the programs; the first time on a machine they are fetched."""
    found = subprocess.run([ROOT / ".ci" / "prometheus"], stdout=subprocess.PIPE, text=True, check=True)
    return Path(found.stdout.strip())


def ask(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Return what a program says, whether or not it is content."""
    return subprocess.run([programs() / program, *arguments], capture_output=True, text=True, check=False)


def accepted(program: str, *arguments: str | Path) -> str:
    """Return what a program says that has to be content."""
    done = ask(program, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def rules() -> Iterator[dict[str, Any]]:
    """Return every rule that is deployed."""
    for path in RULES:
        for group in yaml.safe_load(path.read_text("utf-8"))["groups"]:
            yield from group["rules"]
