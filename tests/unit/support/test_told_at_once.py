"""A test that failed is named when it has, with its phase and reason: a run that is killed has told of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.support.few_plugins import ALONE, SIDE_BY_SIDE

ROOT = Path(__file__).parents[3]
HANGS = """
import pytest, signal

@pytest.fixture
def broken():
    raise ValueError("no server\\nat all")

def test_fine(): pass
def test_bad(): assert not "empty"
def test_unmade(broken): pass
def test_hangs(): signal.pause()
"""


@pytest.mark.parametrize("workers", [[], [*SIDE_BY_SIDE, "-n", "1"]])
def test_a_run_that_is_killed_has_named_what_was_red(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: list[str]
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    monkeypatch.setenv(ALONE, "1")
    pytester.makeini("[pytest]\naddopts = -p tests.support.told_at_once -p no:cacheprovider")
    pytester.makepyfile(test_it=HANGS)
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", *workers, "test_it.py"], cwd=pytester.path, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        told = []
        for line in run.stdout:
            told += [line.rstrip()] if line.startswith("RED ") else []
            if len(told) == 2:
                break
        run.kill()
    assert told == [
        "RED test_it.py::test_bad: AssertionError: assert not 'empty'",
        "RED test_it.py::test_unmade (setup): ValueError: no server",
    ]
