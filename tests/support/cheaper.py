"""What makes a run of tests cheaper and changes nothing that is tested: less garbage collected, commands built once.

A session holds some million objects that live to its end. The collector would walk through them again and again.
"""

from __future__ import annotations

import functools
import gc
import sys
from typing import Final

import pytest

#: New objects until the collector looks at them: more than most tests make.
YOUNG: Final = 50_000


def pytest_configure() -> None:
    gc.set_threshold(YOUNG, 20, 50)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Set all that was imported and collected aside from the collector; build the command line once, not each time."""
    gc.collect()
    gc.freeze()
    testing = sys.modules.get("typer.testing")
    if testing is not None:  # 50 ms for each `CliRunner.invoke`, where a process builds its commands once
        testing._get_command = functools.cache(testing._get_command)  # type: ignore[attr-defined]
