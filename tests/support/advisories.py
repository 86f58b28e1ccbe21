"""Look for known weaknesses of pinned packages, without a network: `python -m tests.support.advisories FOLDER [LOCK]`.

FOLDER is a checkout of the advisories of the Python Packaging Authority (github.com/pypa/advisory-database, CC BY 4.0),
files in the form of OSV. Exit status 1 where a pinned version has one, 2 where the folder is none.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from packaging.utils import canonicalize_name as plain
from packaging.version import Version

LOCK: Final = Path(__file__).parents[2] / "requirements.lock"
_PINNED: Final = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*])?==([^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Weakness:
    """An advisory that a pinned version has. `fixed`: the versions without it, as far as they are told."""

    package: str
    version: str
    name: str
    aliases: tuple[str, ...]
    fixed: tuple[str, ...]

    def __str__(self) -> str:
        others = f" ({', '.join(self.aliases)})" if self.aliases else ""
        way = f"fixed in {', '.join(self.fixed)}" if self.fixed else "no version without it is told"
        return f"{self.package} {self.version}: {self.name}{others}, {way}"


def pinned(lock: str) -> dict[str, str]:
    """Return the version of each package of a lock file."""
    return {str(plain(name)): version for name, version in _PINNED.findall(lock)}


def weaknesses(packages: dict[str, str], folder: Path) -> tuple[list[Weakness], int]:
    """Return what the pinned versions have, and how many advisories about these packages were looked at."""
    found, looked = [], 0
    for path in sorted((folder / "vulns").glob("*/*.yaml")):
        if plain(path.parent.name) not in packages:
            continue
        told: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
        if "withdrawn" in told:
            continue
        looked += 1
        for affected in told.get("affected", ()):
            name = plain(str(affected["package"]["name"]))
            version = packages.get(name)
            if version is not None and has(version, affected):
                fixed = tuple(event["fixed"] for event in _events(affected) if "fixed" in event)
                found.append(Weakness(name, version, told["id"], tuple(told.get("aliases", ())), fixed))
    return found, looked


def has(version: str, affected: dict[str, Any]) -> bool:
    """Say whether a version is among those that an advisory names, one by one or by where they begin and end."""
    if version in map(str, affected.get("versions", ())):
        return True
    own, inside = Version(version), False
    for event in _events(affected):
        if "introduced" in event and own >= Version(event["introduced"]):
            inside = True
        elif ("fixed" in event and own >= Version(event["fixed"])) or (
            "last_affected" in event and own > Version(event["last_affected"])
        ):
            inside = False
    return inside


def _events(affected: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Yield where weak versions begin and end, the earliest first; commits of a repository are none."""
    events = [
        {kind: str(version) for kind, version in event.items()}
        for told in affected.get("ranges", ())
        if told["type"] == "ECOSYSTEM"
        for event in told["events"]
    ]
    yield from sorted(events, key=lambda event: Version(next(iter(event.values()))))


def main(arguments: list[str]) -> int:
    """Look, print, return the exit status."""
    folder = Path(arguments[0]) if arguments else Path()
    if not (folder / "vulns").is_dir():
        print("give the folder of a checkout of github.com/pypa/advisory-database: make advisories DIR=...")
        return 2
    packages = pinned((Path(arguments[1]) if len(arguments) > 1 else LOCK).read_text("utf-8"))
    found, looked = weaknesses(packages, folder)
    for one in found:
        print(one)
    print(f"{len(packages)} pinned packages, {looked} advisories about them: {len(found)} hold of a pinned version")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
