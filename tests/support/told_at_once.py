"""Names a test that failed as soon as it has: a run that somebody ends from outside has told what was red.

A dot and an F tell how far a run is, and the summary at its end tells what failed. A run that hangs has no end.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.red import line


class ToldAtOnce:
    """Writes the line below the dots."""

    def __init__(self, terminal: Any) -> None:
        self._terminal = terminal

    @pytest.hookimpl(trylast=True)  # after the F itself
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._terminal.write_line(f"\n{line(report)}", red=True)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(ToldAtOnce(terminal), "told-at-once")
