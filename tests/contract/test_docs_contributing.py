"""What the docs tell those who work on the code is what the tree holds: lengths, folders, limits, exceptions."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from local.state import ROOT
from projections.past.reads import MOST_BYTES, MOST_EVENTS
from tests.contract import test_function_lengths, test_rooms, test_style
from tests.contract.docs_text import NUMBERS, text_of
from tests.support import in_memory, run_again, slow
from tests.support.doc_tables import names, rows

CONTRIBUTING = text_of("docs/CONTRIBUTING.md")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def project() -> dict[str, Any]:
    tools: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    return tools


def test_how_long_functions_and_files_may_be_is_as_told() -> None:
    tables, sql = (
        NUMBERS[len(longer)] for longer in (test_function_lengths.TABLES, test_function_lengths.OF_THE_DATABASE)
    )
    assert f"has at most {test_function_lengths.MOST} lines, in Python and in SQL" in CONTRIBUTING
    assert f"names the {tables} tables in Python and the {sql} functions of the database that have more" in CONTRIBUTING
    assert (
        f"at most {test_style.MOST_LINES} lines; a file of tests has at most {test_style.MOST_LINES_OF_TESTS}"
        in CONTRIBUTING
    )
    assert f"at most {NUMBERS[project()['ruff']['lint']['pylint']['max-args']]} arguments" in CONTRIBUTING


def test_each_folder_of_tests_is_told_and_no_other() -> None:
    told = [names(folder)[0] for folder, _ in rows("CONTRIBUTING.md", "folder", "holds")]
    assert told == [*project()["pytest"]["ini_options"]["testpaths"], "tests/drills"]


def test_what_make_unit_leaves_out_and_shows_is_as_told() -> None:
    assert slow.LIMIT == 1 / 10
    assert "take less than a tenth of a second of processor time" in CONTRIBUTING
    assert re.search(r"^unit:.*\n(?:\t.*\n)*?\t.*--durations-min=1 ", MAKEFILE, re.MULTILINE)
    assert "the tests that took more than a second" in CONTRIBUTING


def test_what_the_gate_runs_again_is_as_told() -> None:
    *some, last = (f"`tests/{folder}`" for folder in run_again.FOLDERS)
    assert f"runs a failed test of {', '.join(some)} or {last} a second time" in CONTRIBUTING


def test_what_tests_need_of_memory_and_draw_is_as_told() -> None:
    assert f"if {in_memory.ROOM // 1024**3} GiB are free for each worker" in CONTRIBUTING
    assert "FUZZ_CASES=$(or $(CASES),10000)" in MAKEFILE
    assert "ten thousand drawn requests" in CONTRIBUTING


def test_exceptions_and_limits_are_as_told_of_the_architecture() -> None:
    told = text_of("docs/architecture.md")
    assert f"names the {NUMBERS[len(test_rooms.EXCEPT)]} exceptions" in told
    assert f"at most {MOST_EVENTS:,} events or {MOST_BYTES // 1024**2} MiB of them" in told
