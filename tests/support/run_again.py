"""Runs a test on real processes that failed once more, and names what passes then: a flake is a defect, found and told.

For the gate alone (.ci/run sets the variable). Everywhere else a failure is a failure.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pytest
from _pytest.runner import runtestprotocol

VARIABLE: Final = "MARKETPLACE_RERUN"
#: The tests whose outcome hangs on processes beside them: servers, systems, a browser.
FOLDERS: Final = ("scenarios", "browser", "integration")
#: Names of what a report carries from a worker to the terminal.
SEED: Final = "seed"
FAILED_ONCE: Final = "failed once"


class RunAgain:
    """`folders`: the tests that are run once more."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = tuple(folders)
        self._again: pytest.Item | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        if item is self._again or not any(item.path.is_relative_to(folder) for folder in self._folders):
            return None
        reports = runtestprotocol(item, log=False, nextitem=nextitem)
        if any(report.failed for report in reports):
            self._begin_anew(item, reports)
            # the whole hook, so that what is around each test (its time limit) begins anew, too
            item.ihook.pytest_runtest_protocol(item=item, nextitem=nextitem)
            return True
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        for report in reports:
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

    def _begin_anew(self, item: pytest.Item, reports: Iterable[pytest.TestReport]) -> None:
        """End all that its module has started, since a failure may have broken it, and note what has happened."""
        said = [_told(report) for report in reports if report.failed]
        elsewhere = next((other for other in item.session.items if other.path != item.path), None)
        try:
            item.session._setupstate.teardown_exact(elsewhere)
        except Exception as error:
            said.append(f"and what it had started did not end: {error!r}")
        seeds = [str(value) for name, value in item.user_properties if name == SEED]
        item.user_properties[:] = [(FAILED_ONCE, (", ".join(seeds), "\n".join(said)))]
        self._again = item


def _told(report: pytest.TestReport) -> str:
    return "\n".join([report.longreprtext, *(f"--- {title} ---\n{text}" for title, text in report.sections)])


class Flakes:
    """Names, at the end of a run, what failed once and passed when it was run again."""

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        red = {report.nodeid for kind in ("failed", "error") for report in terminalreporter.stats.get(kind, [])}
        found = {
            report.nodeid: dict(report.user_properties)[FAILED_ONCE]
            for report in terminalreporter.stats.get("passed", [])
            if FAILED_ONCE in dict(report.user_properties) and report.nodeid not in red
        }
        if not found:
            return
        terminalreporter.section("flaky", yellow=True)
        for nodeid, (_, said) in found.items():
            terminalreporter.write_line(f"{nodeid}, the first time:\n{said}\n")
        for nodeid, (seeds, _) in found.items():
            seed = f"seed {seeds}" if seeds else "no seed"
            terminalreporter.write_line(f"flaky: failed once, passed when run again: {nodeid} ({seed})", yellow=True)


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get(VARIABLE) == "1":
        tests = config.rootpath / "tests"
        config.pluginmanager.register(RunAgain(tests / folder for folder in FOLDERS), "run-again")
        config.pluginmanager.register(Flakes(), "flakes")
