"""Shares hold each file once, and what is shown of a run holds all that each share has told."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from coverage import CoverageData

from tests.support.shares import (
    FOLDERS,
    GREEN,
    NOTHING,
    ROOT,
    Told,
    files_in,
    is_path,
    shared,
    status,
    summary,
)
from tests.unit.support.few_plugins import ALONE

RUN = """
import sys
from pathlib import Path
from tests.support.shares import run

sys.exit(run(sys.argv[1:], 2, Path.cwd()))
"""
LONG = """
def test_good():
    pass

def test_bad():
    said = "seen in full"
    assert said == ""
"""
SHORT = """
import pytest

def test_fine():
    pass

def test_later():
    pytest.skip("not yet")
"""
SUITE = {"tests/unit/test_long.py": LONG, "tests/contract/test_short.py": SHORT}


def test_each_file_is_in_one_share_and_none_has_much_more_than_another() -> None:
    sizes = {file: (ROOT / file).stat().st_size for file in files_in(FOLDERS)}
    for count in (2, 3, 8):
        shares = shared(sizes, count)
        assert sorted(file for share in shares for file in share) == sorted(sizes)
        held = [sum(sizes[file] for file in share) for share in shares]
        assert max(held) - min(held) <= min(max(sizes[file] for file in share) for share in shares)
    assert "tests/unit/support/test_shares.py" in sizes


def test_the_work_of_each_share_is_about_the_same() -> None:
    assert shared({"a": 5, "b": 4, "c": 3, "d": 1, "e": 1}, 2) == [["a", "d", "e"], ["b", "c"]]
    assert shared({"a": 5}, 2) == [["a"], []]


def test_a_run_is_red_if_one_share_is() -> None:
    assert status([GREEN, GREEN]) == GREEN
    assert status([GREEN, 1]) == status([1, NOTHING]) == 1
    assert status([NOTHING, GREEN]) == GREEN
    assert status([NOTHING, NOTHING]) == NOTHING
    assert status([GREEN, -signal.SIGKILL]) == signal.SIGKILL


def test_a_share_that_was_killed_is_named() -> None:
    shares = [
        Told(1, "", {"failed": 1, "passed": 2}, ["FAILED a::b"]),
        Told(-9, "", {}, []),
        Told(0, "", {"passed": 3}, []),
    ]
    assert list(summary(shares, 59.6)) == [
        "FAILED a::b",
        "share 2 ended with status -9: see what it wrote above",
        "1 failed, 5 passed in 60 s",
    ]


def test_a_path_is_told_from_what_an_option_asks_for() -> None:
    here = "tests/unit/support/test_shares.py"
    assert all(map(is_path, (here, f"{here}::test_a", "tests/unit/", str(ROOT / here))))
    assert not any(map(is_path, ("-k", "gateway", "docs", "not slow", "tests/unit/gone.py", "/", "--durations=1")))


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv(ALONE, "1")
    monkeypatch.delenv("COVERAGE_FILE", raising=False)  # of the share that this runs in
    pytester.makeini("[pytest]\naddopts = -p no:cacheprovider")
    for name, text in SUITE.items():
        file = pytester.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return pytester.path


def run(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    """Run the suite in two shares, and return how that ended and what it wrote."""
    ended = subprocess.run(
        [sys.executable, "-c", RUN, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert ended.stderr == ""
    return ended.returncode, ended.stdout.splitlines()


def test_what_each_share_tells_is_shown_whole_and_counted_together(suite: Path) -> None:
    ended, lines = run(suite, "-rs", "--durations=3", "--durations-min=0")

    assert ended == 1
    told = "tests/unit/test_long.py::test_bad: AssertionError: assert 'seen in full' == ''"
    assert lines[:2] == ["F", f"RED {told}"]
    first, second, together = (next(i for i, line in enumerate(lines) if name in line) for name in (
        "share 1 of 2", "share 2 of 2", "all shares"
    ))  # fmt: skip
    of = {"long": lines[first:second], "short": lines[second:together]}
    if "test_short.py" in "".join(of["long"]):
        of = {"long": of["short"], "short": of["long"]}
    assert "E       AssertionError: assert 'seen in full' == ''" in of["long"]
    assert any(line.startswith("tests/unit/test_long.py:7") for line in of["long"])
    assert any("not yet" in line for line in of["short"])
    assert all(any("slowest 3 durations" in line for line in part) for part in of.values())
    assert lines[together + 1].startswith("FAILED tests/unit/test_long.py::test_bad")
    assert lines[together + 2].startswith("1 failed, 2 passed, 1 skipped in ")


def test_a_choice_is_that_of_the_whole_run(suite: Path) -> None:
    ended, lines = run(suite, "-k", "fine")
    assert (ended, lines[-1].partition(" in ")[0]) == (GREEN, "1 passed, 3 deselected")

    ended, lines = run(suite, "tests/contract", "tests/unit", "-k", "fine or later")
    assert (ended, lines[-1].partition(" in ")[0]) == (GREEN, "1 passed, 1 skipped, 2 deselected")

    ended, lines = run(suite, "-k", "nobody")
    assert (ended, lines[-1].partition(" in ")[0]) == (NOTHING, "4 deselected")


def test_files_are_shared_too_and_one_alone_is_run_as_by_pytest_itself(suite: Path) -> None:
    ended, lines = run(suite, *SUITE, "-k", "good or fine")
    assert (ended, lines[-1].partition(" in ")[0]) == (GREEN, "2 passed, 2 deselected")

    for one in ("tests/unit/test_long.py", "./tests/unit/test_long.py::test_good"):
        ended, lines = run(suite, one, "-q", "-k", "good")
        assert ended == GREEN
        assert not any("share" in line for line in lines)
        assert lines[-1].startswith("1 passed")


def test_what_the_shares_measure_is_one_at_the_end(suite: Path) -> None:
    ended, _ = run(suite, "-p", "pytest_cov", "--cov=tests", "--cov-report=", "-k", "good or fine")

    data = CoverageData(str(suite / ".coverage"))
    data.read()
    assert ended == GREEN
    assert data.measured_files() == {str(suite / file) for file in SUITE}
