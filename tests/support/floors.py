"""What the tests without servers have to run: every line and branch of the pure modules, and of each room its floor.

`make coverage` asks after the tests: python -m tests.support.floors. The floors stand in pyproject.toml.
"""

from __future__ import annotations

import json
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from coverage import Coverage

from tests.support.pure import ROOT, pure_files

#: A room that is so many percent above its floor is named, so that the floor rises.
SLACK: Final = 3.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What ran of a file, in lines and branches together. `missing` names those that did not."""

    ran: int
    whole: int
    missing: tuple[str, ...] = ()


def measured(report: Mapping[str, Any]) -> dict[str, Measured]:
    """Return what ran of each file, from coverage's JSON report."""
    found = {}
    for name, file in report["files"].items():
        total = file["summary"]
        lines = [str(line) for line in file["missing_lines"]]
        branches = [f"{start}->{'exit' if end < 0 else end}" for start, end in file["missing_branches"]]
        ran = total["covered_lines"] + total["covered_branches"]
        whole = total["num_statements"] + total["num_branches"]
        found[Path(name).as_posix()] = Measured(ran, whole, (*lines, *branches))
    return found


def holes(files: Mapping[str, Measured], pure: Iterable[str]) -> list[str]:
    """Return a sentence for each pure module of which something did not run."""
    found = []
    for name in pure:
        if name not in files:
            found.append(f"{name} is pure, and was not measured")
        elif files[name].missing:
            found.append(f"{name} is pure, and no test without a server runs {', '.join(files[name].missing)}")
    return found


def share(files: Mapping[str, Measured], room: str) -> float:
    """Return how much of a room ran, in percent. Raises ValueError for a room without files."""
    inside = [file for name, file in files.items() if name.startswith(room.replace(".", "/") + "/")]
    if not inside:
        raise ValueError(f"nothing was measured in {room}")
    return 100 * sum(file.ran for file in inside) / sum(file.whole for file in inside)


def held(files: Mapping[str, Measured], floors: Mapping[str, float]) -> tuple[list[str], list[str]]:
    """Return a sentence for each room below its floor, and one for each that has left its floor behind."""
    below, above = [], []
    for room, floor in floors.items():
        now = share(files, room)
        if now < floor:
            below.append(f"{room} is at {now:.2f} %, below its floor of {floor} %")
        elif now >= floor + SLACK:
            above.append(f"{room} is at {now:.1f} %: its floor of {floor} % can rise")
    return below, above


def main() -> int:
    """Judge the last measurement and print what came of it."""
    floors = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["marketplace"]["floors"]
    pure = [file.relative_to(ROOT).as_posix() for file in pure_files()]
    last = Coverage()
    last.load()
    with tempfile.NamedTemporaryFile("r", suffix=".json") as report:
        last.json_report(outfile=report.name)
        files = measured(json.load(report))
    below, above = held(files, floors)
    wrong = [*holes(files, pure), *below]
    for sentence in [*wrong, *above]:
        print(sentence)
    if wrong:
        return 1
    print(f"coverage: {len(pure)} pure files have no hole, {len(floors)} rooms are not below their floors")
    return 0


if __name__ == "__main__":
    sys.exit(main())
