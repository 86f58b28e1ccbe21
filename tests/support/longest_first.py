"""The order of a run side by side: what takes longest begins first, so that no worker is left alone with it at the end.

`make durations` measures and writes tests/durations.json. Files that are not in it are quick, or new.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).parents[1]
DURATIONS: Final = TESTS / "durations.json"
#: Seconds. A file that takes less is not worth a line.
WORTH: Final = 2
#: Among those without a line: what starts whole systems before what starts nothing.
FOLDERS: Final = ("scenarios", "browser", "integration", "contract", "unit")


def known() -> dict[str, int]:
    """Return seconds by test file, named from the root of the repository."""
    durations: dict[str, int] = json.loads(DURATIONS.read_text("utf-8"))
    return durations


def in_order(files: list[str], durations: dict[str, int]) -> list[str]:
    """Return the files, longest first."""
    return sorted(files, key=lambda file: (-durations.get(file, 0), _rank(file)))


def _rank(file: str) -> int:
    folder = file.split("/")[1] if file.startswith("tests/") else ""
    return FOLDERS.index(folder) if folder in FOLDERS else 0


def merged(durations: dict[str, int], measured: dict[str, float]) -> dict[str, int]:
    """Return what is known after a run, of files that are there, longest first."""
    after = {**durations, **{file: round(seconds) for file, seconds in measured.items()}}
    worth = {file: s for file, s in after.items() if s >= WORTH and (TESTS.parent / file).exists()}
    return dict(sorted(worth.items(), key=lambda entry: (-entry[1], entry[0])))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-durations", action="store_true", help="write tests/durations.json from this run")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not hasattr(config, "workerinput"):  # one after the other: in the order that was asked for
        return
    files = in_order(list(dict.fromkeys(_file(item.nodeid) for item in items)), known())
    place = {file: n for n, file in enumerate(files)}
    items.sort(key=lambda item: place[_file(item.nodeid)])


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--write-durations") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Measuring(), "measuring")


class Measuring:
    """Adds up what each file takes, with the servers that it starts."""

    def __init__(self) -> None:
        self._seconds: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._seconds[_file(report.nodeid)] += report.duration  # type: ignore[assignment] # a Counter of seconds

    def pytest_sessionfinish(self) -> None:
        text = json.dumps(merged(known(), dict(self._seconds)), indent=2)
        DURATIONS.write_text(text + "\n", "utf-8")


def _file(nodeid: str) -> str:
    return nodeid.partition("::")[0]
