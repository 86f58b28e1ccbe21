"""In the gate a test on real processes that failed is run once more, with all that its module starts made anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.run_again import FOLDERS, VARIABLE
from tests.unit.support.few_plugins import ALONE, SIDE_BY_SIDE

ROOT = Path(__file__).parents[3]
CONFTEST = """
import pytest
from pathlib import Path

@pytest.fixture(scope="module")
def made(request):
    made = Path(__file__).parent / "made"
    times = len(made.read_text()) + 1 if made.exists() else 1
    made.write_text("x" * times)
    yield times
"""
FLAKY = """
def test_steady(made):
    assert made in (1, 2)

def test_flaky(made, request):
    request.node.user_properties.append(("seed", 100 + made))
    print("in the system that was started as number", made)
    assert made == 2, "something was slow"

def test_after(made):
    assert made == 2
"""
FLAKE = "flaky: failed once, passed when run again: tests/scenarios/test_it.py::test_flaky (seed 101)"


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv(VARIABLE, "1")
    monkeypatch.setenv(ALONE, "1")
    (pytester.path / "tests" / "scenarios").mkdir(parents=True)
    (pytester.path / "tests" / "conftest.py").write_text(CONFTEST)
    pytester.makeini("[pytest]\naddopts = -p tests.support.run_again -p no:cacheprovider")
    return pytester


def write(suite: pytest.Pytester, text: str, folder: str = "scenarios") -> None:
    (suite.path / "tests" / folder).mkdir(exist_ok=True)
    (suite.path / "tests" / folder / "test_it.py").write_text(text)


@pytest.mark.parametrize("workers", [[], [*SIDE_BY_SIDE, "-n", "2", "--dist", "loadfile"]])
def test_one_that_passes_when_run_again_is_named_with_its_seed_and_the_run_is_green(
    suite: pytest.Pytester, workers: list[str]
) -> None:
    write(suite, FLAKY)

    run = suite.runpytest_subprocess if workers else suite.runpytest_inprocess
    done = run(*workers)

    assert done.ret == 0
    done.assert_outcomes(passed=3)
    assert FLAKE in done.outlines
    text = done.stdout.str()
    assert "something was slow" in text
    assert "in the system that was started as number 1" in text
    assert "in the system that was started as number 2" not in text


def test_one_that_fails_twice_is_red(suite: pytest.Pytester) -> None:
    write(suite, FLAKY.replace("made == 2", "made == 3"))

    done = suite.runpytest_inprocess()

    # the one after it fails once, too: it is given a third system
    done.assert_outcomes(passed=2, failed=1)
    assert done.ret == 1
    assert [line for line in done.outlines if line.startswith("flaky:")] == [
        "flaky: failed once, passed when run again: tests/scenarios/test_it.py::test_after (no seed)"
    ]


@pytest.mark.parametrize("where", ["setup", "teardown"])
def test_what_is_around_a_test_may_fail_once_too(suite: pytest.Pytester, where: str) -> None:
    begin, end = ("assert made == 2", "") if where == "setup" else ("", "assert made == 2")
    write(
        suite,
        "import pytest\n"
        f"@pytest.fixture\ndef around(made):\n    {begin}\n    yield\n    {end}\n"
        "def test_flaky(around): pass\n",
    )

    done = suite.runpytest_inprocess()

    assert done.ret == 0
    assert FLAKE.replace("seed 101", "no seed") in done.outlines


def test_its_time_limit_begins_anew(suite: pytest.Pytester) -> None:
    write(
        suite,
        "import pytest, time\n"
        "@pytest.mark.timeout(0.5)\n"
        "def test_flaky(made):\n    time.sleep(30 if made < 3 else 0)\n",
    )

    done = suite.runpytest_inprocess("-p", "pytest_timeout")

    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*Timeout*0.5*"])


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_kind_of_test_on_real_processes_is_run_again(suite: pytest.Pytester, folder: str) -> None:
    write(suite, FLAKY, folder)

    done = suite.runpytest_inprocess()

    done.assert_outcomes(passed=3)
    assert FLAKE.replace("scenarios", folder) in done.outlines


@pytest.mark.parametrize("folder", ["unit", "contract"])
def test_others_are_run_once(suite: pytest.Pytester, folder: str) -> None:
    write(suite, FLAKY, folder)

    done = suite.runpytest_inprocess()

    done.assert_outcomes(passed=1, failed=2)
    assert done.ret == 1


@pytest.mark.parametrize("value", [None, "", "0"])
def test_without_the_variable_a_failure_is_a_failure(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    write(suite, FLAKY)
    if value is None:
        monkeypatch.delenv(VARIABLE)
    else:
        monkeypatch.setenv(VARIABLE, value)

    done = suite.runpytest_inprocess()

    done.assert_outcomes(passed=1, failed=2)
    assert done.ret == 1
