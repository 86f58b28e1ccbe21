"""What the database has counted is held against the rows that there are."""

from __future__ import annotations

from projections.verify.comparing import _tally
from projections.verify.expected import Found
from projections.verify.heads import Heads
from projections.verify.tables import Tables


def tables(tally: dict[str, int], *, counts: bool = True) -> Tables:
    plans = {"p1": (1, "analyzing"), "p2": (2, "analyzing"), "p3": (3, "executing")}
    tasks = {"t1": (1, "open", "p3")}
    rows = {"plan analyzing": 2, "plan executing": 1, "task open": 1}
    return Tables({}, plans, tasks, {}, {}, {}, {}, {}, {}, frozenset(), tally, counts, rows, Heads({}, ()))


def test_counts_are_those_of_the_rows() -> None:
    right = {"plan analyzing": 2, "plan executing": 1, "task open": 1}
    for tally, wrong in (
        (right, []),
        (right | {"task open": 2}, ["count of task open"]),
        (right | {"plan rejected": 1}, ["count of plan rejected"]),
        ({name: n for name, n in right.items() if name != "plan executing"}, ["count of plan executing"]),
    ):
        found: Found = {}
        _tally(tables(tally), found)
        assert [key for _, key in found] == wrong


def test_counts_that_are_gone_are_missed_where_the_database_counts() -> None:
    for counts, wrong in (
        (True, ["count of plan analyzing", "count of plan executing", "count of task open"]),
        (False, []),
    ):
        found: Found = {}
        _tally(tables({}, counts=counts), found)
        assert [key for _, key in found] == wrong
