"""Leaves out of `make test` what has passed in the same gate before: `make coverage` runs most of tests/unit.

For the gate alone: .ci/run names a file of its own, which is empty at its start. A file of tests that has passed as a
whole is not even imported again: of what each worker takes to collect all tests, that is a third.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

VARIABLE: Final = "MARKETPLACE_PASSED"
#: A test has passed once all of these have.
_PHASES: Final = ("setup", "call", "teardown")
#: What a worker tells with its end: how many tests each file has, chosen or not.
_COLLECTED: Final = "collected"
_FILES: Final = pytest.StashKey[Counter[str]]()


class RunOnce:
    """`passed` has the id of each test that passed before, and each file of which all have, a line each."""

    def __init__(self, passed: Path) -> None:
        self._before = frozenset(passed.read_text("utf-8").splitlines()) if passed.exists() else frozenset()

    def pytest_ignore_collect(self, collection_path: Path, config: pytest.Config) -> bool | None:
        """Pass over a file of which nothing is left to run."""
        if not collection_path.is_relative_to(config.rootpath):
            return None
        return collection_path.relative_to(config.rootpath).as_posix() in self._before or None

    @pytest.hookimpl(tryfirst=True)  # before others choose
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        config.stash[_FILES] = Counter(_file(item.nodeid) for item in items)
        again = [item for item in items if item.nodeid in self._before]
        if again:
            config.hook.pytest_deselected(items=again)
            items[:] = [item for item in items if item.nodeid not in self._before]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[_COLLECTED] = dict(session.config.stash.get(_FILES, None) or {})


class Passing:
    """Writes the id of each test that has passed into a file; registered where a run's reports come together."""

    def __init__(self, passed: Path) -> None:
        self._passed = passed
        self._phases: Counter[str] = Counter()
        self._collected: Mapping[str, int] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.passed and report.when in _PHASES:
            self._phases[report.nodeid] += 1

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker tells: each has collected the same."""
        self._collected = getattr(node, "workeroutput", {}).get(_COLLECTED, self._collected)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        passed = [nodeid for nodeid, phases in self._phases.items() if phases == len(_PHASES)]
        collected = session.config.stash.get(_FILES, None) or self._collected
        with self._passed.open("a", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in [*passed, *whole(passed, collected)]))  # at once: others do, too


def whole(passed: Iterable[str], collected: Mapping[str, int]) -> list[str]:
    """Return the files all of whose tests have passed."""
    counted = Counter(map(_file, passed))
    return [file for file, tests in collected.items() if counted[file] == tests]


def pytest_configure(config: pytest.Config) -> None:
    named = os.environ.get(VARIABLE)
    if not named:
        return
    config.pluginmanager.register(RunOnce(Path(named)), "run-once")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Passing(Path(named)), "passing")


def _file(nodeid: str) -> str:
    return nodeid.partition("::")[0]
