"""The wheel, installed into an environment of its own whose other packages are those of .venv, by links."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).parent / "uv"
SITE = Path(sysconfig.get_path("purelib"))


@dataclass(frozen=True)
class Installed:
    """An environment; its commands run in an empty folder that knows nothing of the checkout."""

    folder: Path

    @property
    def bin(self) -> Path:
        return self.folder / "bin"

    @property
    def site(self) -> Path:
        return self.folder / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"

    def options(self, **env: str) -> dict[str, Any]:
        """Return `cwd` and `env` of a process of it."""
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir(exist_ok=True)
        kept = {name: os.environ[name] for name in ("TMPDIR", "LANG") if name in os.environ}
        path = f"{self.bin}:/usr/bin:/bin"
        return {"cwd": elsewhere, "env": kept | {"PATH": path, "HOME": str(elsewhere)} | env}

    def run(self, *command: str, **env: str) -> str:
        """Run one of its commands to its end; return what it printed."""
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [str(self.bin / command[0]), *command[1:]],
            **self.options(**env),
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout


def empty(folder: Path) -> Installed:
    """Return an environment that has the packages of .venv, but not this project."""
    venv.create(folder, symlinks=True)
    made = Installed(folder)
    for entry in SITE.iterdir():
        if "marketplace_resilience" not in entry.name:
            (made.site / entry.name).symlink_to(entry)
    return made


def install(folder: Path, wheel: Path) -> Installed:
    """Return an environment with the wheel in it."""
    made = empty(folder)
    command: list[str | Path] = [
        UV,
        "pip",
        "install",
        "--quiet",
        "--offline",
        "--no-deps",
        "--python",
        made.bin / "python",
        wheel,
    ]
    subprocess.run(command, check=True, timeout=PATIENCE_S)
    return made
