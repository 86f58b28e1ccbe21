"""Leaves out of `make test` what has passed in the same gate before: `make coverage` runs most of tests/unit.

For the gate alone: .ci/run names a file of its own, which is empty at its start.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

VARIABLE: Final = "MARKETPLACE_PASSED"
#: A test has passed once all of these have.
_PHASES: Final = ("setup", "call", "teardown")


class RunOnce:
    """`passed` has the id of each test that passed before, a line each."""

    def __init__(self, passed: Path) -> None:
        self._before = frozenset(passed.read_text("utf-8").splitlines()) if passed.exists() else frozenset()

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        again = [item for item in items if item.nodeid in self._before]
        if again:
            config.hook.pytest_deselected(items=again)
            items[:] = [item for item in items if item.nodeid not in self._before]


class Passing:
    """Writes the id of each test that has passed into a file; registered where a run's reports come together."""

    def __init__(self, passed: Path) -> None:
        self._passed = passed
        self._phases: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.passed and report.when in _PHASES:
            self._phases[report.nodeid] += 1

    def pytest_sessionfinish(self) -> None:
        with self._passed.open("a", encoding="utf-8") as file:
            file.writelines(f"{nodeid}\n" for nodeid, phases in self._phases.items() if phases == len(_PHASES))


def pytest_configure(config: pytest.Config) -> None:
    named = os.environ.get(VARIABLE)
    if not named:
        return
    config.pluginmanager.register(RunOnce(Path(named)), "run-once")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Passing(Path(named)), "passing")
