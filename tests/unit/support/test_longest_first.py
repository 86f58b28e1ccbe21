"""What takes longest begins first; what is known of a file that is gone is forgotten."""

from __future__ import annotations

from tests.support.longest_first import TESTS, in_order, known, merged

HERE = "tests/unit/support/test_longest_first.py"
THERE = "tests/unit/support/test_run_again.py"


def test_the_longest_come_first_and_others_by_what_they_start() -> None:
    files = ["tests/unit/test_a.py", "tests/unit/test_b.py", "tests/browser/test_c.py", "tests/scenarios/test_d.py"]
    assert in_order(files, {"tests/unit/test_b.py": 3, "tests/browser/test_c.py": 90}) == [
        "tests/browser/test_c.py",
        "tests/unit/test_b.py",
        "tests/scenarios/test_d.py",
        "tests/unit/test_a.py",
    ]


def test_a_run_of_some_files_changes_what_is_known_of_them() -> None:
    before = {HERE: 40, THERE: 30, "tests/unit/gone.py": 20}
    assert merged(before, {THERE: 55.4}) == {THERE: 55, HERE: 40}
    assert merged(before, {HERE: 0.4}) == {THERE: 30}


def test_what_is_known_is_of_files_that_are_there_longest_first() -> None:
    assert list(known().items()) == list(merged(known(), {}).items())
    assert all((TESTS.parent / file).exists() for file in known())
