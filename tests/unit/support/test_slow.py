"""A test is slow by what it took; what is known of a test that is gone is forgotten."""

from __future__ import annotations

import json

import pytest

from tests.support import longest_first, slow
from tests.support.slow import COSTLY, LIMIT, is_there, known, merged

HERE = "tests/unit/support/test_slow.py::test_tests_of_servers_are_none_of_it"
THERE = "tests/unit/support/test_cheaper.py::test_hypothesis_finds_the_constants_of_the_same_modules"


def test_a_run_of_some_tests_changes_what_is_known_of_them() -> None:
    before = {HERE: 4.0, THERE: 3.0, "tests/unit/gone.py::test": 2.0}
    assert merged(before, {THERE: 5.546}) == {THERE: 5.55, HERE: 4.0}
    assert merged(before, {HERE: LIMIT / 2}) == {THERE: 3.0}


def test_tests_of_servers_are_none_of_it() -> None:
    assert merged({}, {"tests/browser/test_pages.py::test": 30.0}) == {}


def test_what_is_known_is_of_tests_that_are_there_slowest_first() -> None:
    assert [test for test in known() if not is_there(test)] == [], "renamed: write down its new name, or none"
    assert list(known().items()) == list(merged(known(), {}).items())


def test_a_test_that_has_another_name_now_is_forgotten() -> None:
    of_a_class = "tests/unit/streams/guard/test_parking_model.py::test_against_the_model::runTest"
    before = {HERE: 4.0, f"{HERE}_any_more": 3.5, of_a_class: 3.0}

    assert merged(before, {}) == {HERE: 4.0, of_a_class: 3.0}


def test_a_slow_test_is_marked_with_each_of_its_cases(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makeini("[pytest]\nmarkers =\n    slow\n    costly")
    monkeypatch.setattr(slow, "known", lambda: {"test_them.py::test_it": COSTLY, "test_them.py::test_quicker": LIMIT})
    pytester.makepyfile(
        test_them="""
        import pytest

        @pytest.mark.parametrize("case", [1, 2])
        def test_it(case): ...

        def test_quicker(): ...

        def test_other(): ...
        """
    )
    done = pytester.runpytest_inprocess(
        "-m", "not slow", "-p", "tests.support.longest_first", "-p", "tests.support.slow", "-p", "no:cacheprovider"
    )
    done.assert_outcomes(passed=1, deselected=3)
    done = pytester.runpytest_inprocess(
        "-m", "not costly", "-p", "tests.support.longest_first", "-p", "tests.support.slow", "-p", "no:cacheprovider"
    )
    done.assert_outcomes(passed=2, deselected=2)


def test_every_test_of_a_file_with_dear_fixtures_is_slow_and_none_is_costly_for_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makeini("[pytest]\nmarkers =\n    slow\n    costly")
    monkeypatch.setattr(slow, "known", lambda: {"test_them.py": COSTLY})
    pytester.makepyfile(test_them="def test_one(): ...\ndef test_two(): ...\n", test_others="def test_one(): ...\n")
    plugins = ("-p", "tests.support.longest_first", "-p", "tests.support.slow", "-p", "no:cacheprovider")

    pytester.runpytest_inprocess("-m", "not slow", *plugins).assert_outcomes(passed=1, deselected=2)
    pytester.runpytest_inprocess("-m", "not costly", *plugins).assert_outcomes(passed=3)


def test_a_run_that_is_asked_to_measures_what_its_tests_take(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow, "SLOW", written := pytester.path / "slow.json")
    monkeypatch.setattr(slow, "ROOT", pytester.path)
    monkeypatch.setattr(longest_first, "DURATIONS", pytester.path / "durations.json")
    for file in (written, longest_first.DURATIONS):
        file.write_text("{}")
    folder = pytester.mkdir("tests") / "unit"
    folder.mkdir()
    (folder / "test_it.py").write_text(
        "import time\n\n"
        "def test_works():\n    begun = time.process_time()\n    while time.process_time() < begun + 0.4: ...\n\n"
        "def test_waits():\n    time.sleep(0.4)\n"
    )
    (folder / "test_that.py").write_text(
        "import subprocess, sys, pytest\n\n"
        "BUSY = 'import time\\nwhile time.process_time() < 0.6: ...\\nprint()\\nimport sys\\nsys.stdin.read()'\n"
        "@pytest.fixture(scope='module')\n"
        "def dear():\n"
        "    kept = subprocess.Popen([sys.executable, '-c', BUSY], stdin=-1, stdout=-1)\n"
        "    kept.stdout.readline()\n    yield\n    kept.communicate()\n\n"
        "def test_after(dear): ...\n"
    )
    pytester.runpytest_inprocess(
        "--write-durations", "-p", "tests.support.longest_first", "-p", "tests.support.slow", "-p", "no:cacheprovider"
    )
    works, fixtures = "tests/unit/test_it.py::test_works", "tests/unit/test_that.py"
    assert sorted(json.loads(written.read_text())) == [works, fixtures]
