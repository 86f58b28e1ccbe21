"""The whole suite is run in two parts, none is left out, and a failure of either is one of the run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import whole
from tests.support.shares import FOLDERS, ROOT
from tests.unit.support.few_plugins import ALONE

RUN = """
import sys
from pathlib import Path
from tests.support.whole import run

sys.exit(run([sys.executable, "-m", "pytest"], sys.argv[1:], Path.cwd()))
"""
SUITE = {
    "tests/unit/test_a.py": "def test_a(): pass\n",
    "tests/contract/test_b.py": "def test_b(): assert not 'told'\n",
    "tests/browser/test_c.py": "def test_c(): pass\n",
    "tests/integration/test_d.py": "def test_d(): pass\n",
    "tests/scenarios/test_e.py": "def test_e(): assert not 'told, too'\n",
}


def test_both_parts_together_are_all_that_pytest_runs(pytestconfig: pytest.Config) -> None:
    alone, servers = whole.parts([])
    assert sorted([*alone, *servers]) == sorted(pytestconfig.getini("testpaths"))
    assert whole.parts(["tests"]) == (alone, servers)
    assert set(alone) == set(FOLDERS)


def test_a_path_is_run_where_its_folder_is() -> None:
    paths = ["tests/unit/schemas", "tests/browser/test_pages.py::test_a", "tests/contract/test_wire.py"]
    assert whole.parts(paths) == ([paths[0], paths[2]], [paths[1]])
    assert whole.parts(paths[1:2]) == ([], paths[1:2])


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv(ALONE, "1")
    pytester.makeini("[pytest]\naddopts = -p no:cacheprovider")
    for name, text in SUITE.items():
        file = pytester.path / name
        file.parent.mkdir(parents=True)
        file.write_text(text, "utf-8")
    return pytester.path


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    ended = subprocess.run(
        [sys.executable, "-c", RUN, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert ended.stderr == ""
    return ended.returncode, ended.stdout


def test_all_is_run_and_what_has_failed_is_told_at_the_end(suite: Path) -> None:
    status, said = run(suite)
    assert status == 1
    assert "1 failed, 1 passed in" in said
    assert "FAILED tests/contract/test_b.py::test_b" in said
    assert "FAILED tests/scenarios/test_e.py::test_e" in said
    assert "1 failed, 2 passed in" in said
    assert said.splitlines()[-2:] == [
        "tests of servers ended with status 1: see above",
        "tests that start no server ended with status 1: see above",
    ]


def test_each_part_makes_a_run_red_and_a_choice_may_leave_one_without_a_test(suite: Path) -> None:
    status, said = run(suite, "-k", "test_a or test_b")
    assert (status, said.splitlines()[-1]) == (1, "tests that start no server ended with status 1: see above")
    status, said = run(suite, "-k", "test_c or test_e")
    assert (status, said.splitlines()[-1]) == (1, "tests of servers ended with status 1: see above")
    status, said = run(suite, "-k", "test_a")
    assert (status, "ended with status" in said) == (0, False)


def test_paths_of_one_part_are_run_as_by_pytest_itself(suite: Path) -> None:
    for file in ("tests/unit/test_a.py", "tests/browser/test_c.py"):
        status, said = run(suite, file)
        assert status == 0
        assert said.splitlines()[-1].startswith("==")
        assert "1 passed in" in said.splitlines()[-1]
