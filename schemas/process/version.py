"""The version and commit that run. `pyproject.toml` states the version; everything else asks here.

A checkout has that file beside its packages; an installed package has the metadata that its build made of it. The
checkout goes first: the metadata of an editable installation is as old as the last `make setup`.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

DISTRIBUTION: Final = "marketplace-resilience"
#: Names the commit of a build: the image has it, from its build argument of the same name.
COMMIT_VARIABLE: Final = "MARKETPLACE_COMMIT"
#: Short commits are told: enough to find one, and a row of a table has room for it.
COMMIT_LENGTH: Final = 12

_ROOT: Final = Path(__file__).resolve().parents[2]


class VersionUnknown(RuntimeError):  # noqa: N818 - it says what it is
    """Neither a pyproject.toml of this project nor the metadata of an installation is there."""


@dataclass(frozen=True, slots=True)
class Build:
    """`commit` is empty where the build did not record it."""

    version: str
    commit: str = ""

    def __str__(self) -> str:
        """Return `0.1.0+1a2b3c4d5e6f`, or `0.1.0` without a commit."""
        return f"{self.version}+{self.commit}" if self.commit else self.version

    @classmethod
    def parse(cls, text: str) -> Build:
        """Read what `str` wrote, such as the version in a process's row."""
        number, _, commit = text.partition("+")
        return cls(number, commit)


def build() -> Build:
    """Return the build of this process. Raises VersionUnknown where the installation is broken."""
    return Build(_version(_ROOT), os.environ.get(COMMIT_VARIABLE, "").strip()[:COMMIT_LENGTH])


def checkout() -> Path | None:
    """Return the folder of the checkout that this code runs from, None where it is installed."""
    return None if _stated(_ROOT) is None else _ROOT


@cache
def _version(root: Path) -> str:
    stated = _stated(root)
    if stated is not None:
        return stated
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        raise VersionUnknown(
            f"{DISTRIBUTION} is not installed and {root} has no pyproject.toml of it: install the wheel, or run `make"
            " setup` in a checkout"
        ) from None


@cache
def _stated(root: Path) -> str | None:
    """Return the version that this project's pyproject.toml states, None where it is not there or another's."""
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text("utf-8")).get("project", {})
    except FileNotFoundError:
        return None
    return str(project["version"]) if project.get("name") == DISTRIBUTION else None
