"""What makes a run of tests cheaper and changes nothing that is tested: garbage, commands, and whose code is whose.

A session holds some million objects that live to its end. The collector would walk through them again and again.
"""

from __future__ import annotations

import functools
import gc
import sys
from pathlib import Path
from typing import Final

import pytest
from hypothesis.internal import constants_ast
from hypothesis.internal.conjecture import providers

#: New objects until the collector looks at them: more than most tests make.
YOUNG: Final = 50_000
ROOT: Final = str(Path(__file__).parents[2])


def pytest_configure() -> None:
    gc.set_threshold(YOUNG, 20, 50)
    gc.disable()  # what is imported and collected lives to the end
    providers.is_local_module_file = is_local  # type: ignore[assignment, attr-defined] # held by a test


def is_local(file: str) -> bool:
    """Say of a module's file what Hypothesis says: it asks the disk about every one of the standard library, too."""
    return file.startswith(ROOT) and constants_ast.is_local_module_file(file)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Set all that was imported and collected aside from the collector; build the command line once, not each time."""
    gc.freeze()
    gc.enable()
    testing = sys.modules.get("typer.testing")
    if testing is not None:  # 50 ms for each `CliRunner.invoke`, where a process builds its commands once
        testing._get_command = functools.cache(testing._get_command)  # type: ignore[attr-defined]
