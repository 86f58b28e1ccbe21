"""Which tests of code and contracts are slow, by the processor time that they took: `make unit` leaves them out.

`make durations` measures and writes tests/slow.json. A test that is not in it is quick, or new. A file in it has dear
fixtures: all its tests are slow, since the first of them that runs pays.
"""

from __future__ import annotations

import ast
import json
import resource
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

import psutil
import pytest

ROOT: Final = Path(__file__).parents[2]
SLOW: Final = ROOT / "tests" / "slow.json"
#: Seconds of processor time that all cases of one test take together, with the processes that they wait for.
LIMIT: Final = 0.1
#: From here on a test is costly, too: `make coverage` leaves it to `make test`, since tracing doubles its time.
COSTLY: Final = 1.0
#: Others start servers: nobody runs them for an answer at once.
FOLDERS: Final = ("tests/unit/", "tests/contract/")
#: What a test's report carries its time as, and that of its fixtures.
_TOOK: Final = "processor_seconds"
_FIXTURES_TOOK: Final = "processor_seconds_of_fixtures"


def known() -> dict[str, float]:
    """Return the processor time in seconds of each slow test, by its name without the case, and of dear fixtures."""
    seconds: dict[str, float] = json.loads(SLOW.read_text("utf-8"))
    return seconds


def merged(before: Mapping[str, float], measured: Mapping[str, float]) -> dict[str, float]:
    """Return which tests are slow after a run, of those that are there, slowest first."""
    after = {**before, **{test: round(seconds, 2) for test, seconds in measured.items() if test.startswith(FOLDERS)}}
    slow = {test: s for test, s in after.items() if s >= LIMIT and is_there(test)}
    return dict(sorted(slow.items(), key=lambda entry: (-entry[1], entry[0])))


def is_there(test: str) -> bool:
    """Tell whether a test's file is there, and gives a meaning to the name that stands first after it, if one does."""
    file, *names = test.split("::")
    return (ROOT / file).exists() and all(name in _named(ROOT / file) for name in names[:1])


@cache
def _named(file: Path) -> frozenset[str]:
    """Return what a file of tests defines at its top level: functions, classes and what is assigned."""
    found: set[str] = set()
    for statement in ast.parse(file.read_bytes()).body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(statement.name)
        elif isinstance(statement, ast.Assign):
            found |= {target.id for target in statement.targets if isinstance(target, ast.Name)}
    return frozenset(found)


@pytest.hookimpl(tryfirst=True)  # before the choice by marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    slow = known()
    for item in items:
        if _name(item.nodeid) in slow or _file(item.nodeid) in slow:
            item.add_marker("slow")
        if slow.get(_name(item.nodeid), 0) >= COSTLY:
            item.add_marker("costly")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--write-durations"):
        config.pluginmanager.register(_Taking(), "taking")
        if not hasattr(config, "workerinput"):
            config.pluginmanager.register(Writing(), "writing-slow")


class _Taking:
    """Notes with each test what it took, wherever it runs."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        with _noting(item, _FIXTURES_TOOK):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        with _noting(item, _TOOK):
            return (yield)


@contextmanager
def _noting(item: pytest.Item, name: str) -> Iterator[None]:
    before = _processor_seconds()
    try:
        yield
    finally:
        item.user_properties.append((name, _processor_seconds() - before))


class Writing:
    """Adds up what the cases of each test took, and the dear fixtures of each file, where a run's reports meet."""

    def __init__(self) -> None:
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call":  # each later report has it again
            return
        for name, seconds in report.user_properties:
            if name == _TOOK and isinstance(seconds, float):
                self._seconds[_name(report.nodeid)] += seconds
            elif name == _FIXTURES_TOOK and isinstance(seconds, float):  # small ones are no reason to leave out a file
                self._seconds[_file(report.nodeid)] += seconds if seconds >= LIMIT else 0

    def pytest_sessionfinish(self) -> None:
        SLOW.write_text(json.dumps(merged(known(), self._seconds), indent=2) + "\n", "utf-8")


def _processor_seconds() -> float:
    """Return what this process has used, with those that it waited for and those that are still there: the nursery."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used) + sum(map(_used_by, psutil.Process().children()))


def _used_by(child: psutil.Process) -> float:
    try:
        return sum(child.cpu_times()[:4])  # of itself and of its own children
    except psutil.Error:  # it has ended since
        return 0.0


def _file(nodeid: str) -> str:
    return nodeid.partition("::")[0]


def _name(nodeid: str) -> str:
    return nodeid.partition("[")[0]
