"""What has passed in an earlier part of a gate is left out of the next one; what has not is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.run_once import VARIABLE
from tests.unit.support.few_plugins import ALONE, SIDE_BY_SIDE

ROOT = Path(__file__).parents[3]
SUITE = """
import os, pytest

@pytest.mark.parametrize("text", ["a", "b\\n"])
def test_good(text):
    assert text

def test_red_at_first():
    assert "NOW" in os.environ

@pytest.fixture
def broken_afterwards():
    yield
    assert "NOW" in os.environ

def test_with_a_bad_end(broken_afterwards):
    pass

def test_another():
    pass
"""


@pytest.mark.parametrize("workers", [[], [*SIDE_BY_SIDE, "-n", "2", "--dist", "loadfile"]])
def test_a_test_is_left_out_once_all_of_it_has_passed(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: list[str]
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv(ALONE, "1")
    monkeypatch.setenv(VARIABLE, str(pytester.path / "passed"))
    monkeypatch.delenv("NOW", raising=False)
    pytester.makeini("[pytest]\naddopts = -p tests.support.run_once -p no:cacheprovider")
    pytester.makepyfile(SUITE)

    first = pytester.runpytest_subprocess(*workers, "-k", "not another")
    first.assert_outcomes(passed=3, failed=1, errors=1, deselected=0 if workers else 1)
    monkeypatch.setenv("NOW", "1")
    second = pytester.runpytest_subprocess(*workers, "-v")

    second.assert_outcomes(passed=3, deselected=0 if workers else 2)
    ran = {
        name for name in ("good", "red_at_first", "with_a_bad_end", "another") if f"test_{name}" in second.stdout.str()
    }
    assert ran == {"red_at_first", "with_a_bad_end", "another"}


@pytest.mark.parametrize("workers", [[], [*SIDE_BY_SIDE, "-n", "2", "--dist", "loadfile"]])
def test_a_file_is_imported_again_as_long_as_one_of_its_tests_is_left(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: list[str]
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv(ALONE, "1")
    monkeypatch.setenv(VARIABLE, str(pytester.path / "passed"))
    pytester.makeini("[pytest]\naddopts = -p tests.support.run_once -p no:cacheprovider")
    imported = "from pathlib import Path\nPath(__file__).with_suffix('.imported').touch()\n"
    good, chosen = "def test_good():\n    pass\n", "def test_other():\n    pass\n"
    pytester.makepyfile(
        test_whole=imported + good,
        test_partly=imported + good + chosen,
        test_red=imported + good + "def test_good_not():\n    assert False\n",
    )
    pytester.runpytest_subprocess(*workers, "-k", "good").assert_outcomes(
        passed=3, failed=1, deselected=0 if workers else 1
    )
    for mark in pytester.path.glob("*.imported"):
        mark.unlink()

    pytester.runpytest_subprocess(*workers).assert_outcomes(passed=1, failed=1, deselected=0 if workers else 2)

    assert {mark.stem for mark in pytester.path.glob("*.imported")} == {"test_partly", "test_red"}


def test_without_the_variable_all_is_run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv(ALONE, "1")
    monkeypatch.delenv(VARIABLE, raising=False)
    pytester.makeini("[pytest]\naddopts = -p tests.support.run_once -p no:cacheprovider")
    pytester.makepyfile("def test_good():\n    pass\n")
    for _ in range(2):
        pytester.runpytest_subprocess().assert_outcomes(passed=1)
