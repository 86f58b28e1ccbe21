"""What is said of a test that failed, in a line."""

from __future__ import annotations

from typing import Final

import pytest

#: Characters of the reason: the end of a run says all of it.
REASON_LENGTH: Final = 300


def line(report: pytest.TestReport) -> str:
    """Return what is said of a failure: the test, the phase unless it is the call, and the reason's first line."""
    phase = "" if report.when == "call" else f" ({report.when})"
    crash = getattr(report.longrepr, "reprcrash", None)
    reason, *_ = (crash.message if crash else report.longreprtext).strip().splitlines() or [""]
    return f"RED {report.nodeid}{phase}: {reason[:REASON_LENGTH]}"
