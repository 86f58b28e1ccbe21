"""A hole in a pure module is named, and so is a room below its floor."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.floors import Measured, held, holes, measured, share

FILES = {
    "streams/guard/lanes.py": Measured(30, 30),
    "streams/guard/guard.py": Measured(60, 70, ("7", "9->exit")),
    "streams/guarded/other.py": Measured(0, 900, ("1",)),
}


def report(missing_lines: list[int], missing_branches: list[list[int]]) -> dict[str, Any]:
    summary = {"covered_lines": 8, "num_statements": 10, "covered_branches": 1, "num_branches": 4}
    file = {"summary": summary, "missing_lines": missing_lines, "missing_branches": missing_branches}
    return {"files": {"schemas/fit.py": file}}


def test_lines_and_branches_count_alike() -> None:
    found = measured(report([3, 4], [[5, 6], [7, -1], [8, 3]]))
    assert found == {"schemas/fit.py": Measured(9, 14, ("3", "4", "5->6", "7->exit", "8->3"))}


def test_a_branch_of_a_pure_module_that_did_not_run_is_named() -> None:
    assert holes(FILES, ["streams/guard/lanes.py"]) == []
    assert holes(FILES, ["streams/guard/guard.py"]) == [
        "streams/guard/guard.py is pure, and no test without a server runs 7, 9->exit"
    ]


def test_a_pure_module_that_no_test_imports_is_named() -> None:
    assert holes(FILES, ["streams/hosts/dispatch.py"]) == ["streams/hosts/dispatch.py is pure, and was not measured"]


def test_a_room_is_what_stands_in_its_folder() -> None:
    assert share(FILES, "streams.guard") == 90.0
    with pytest.raises(ValueError, match=r"streams\.gone"):
        share(FILES, "streams.gone")


@pytest.mark.parametrize(
    ("floor", "below", "above"),
    [
        (90, [], []),
        (91, ["streams.guard is at 90.00 %, below its floor of 91 %"], []),
        (87, [], ["streams.guard is at 90.0 %: its floor of 87 % can rise"]),
    ],
)
def test_a_room_is_held_to_its_floor(floor: float, below: list[str], above: list[str]) -> None:
    assert held(FILES, {"streams.guard": floor}) == (below, above)
