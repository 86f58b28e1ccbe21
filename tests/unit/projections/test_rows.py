"""Folding: one row for each key in a batch, and the versions decide which value it has."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from projections.rows import Row, at, fold


def row(version: int, *values: Any, key: str = "k", statement: str = "s") -> Row:
    return Row(statement, key, version, named(*values))


def named(*values: Any) -> dict[str, Any]:
    return dict(zip("abc", values, strict=False))


def test_one_row_for_each_key_in_the_order_of_first_appearance() -> None:
    rows = [row(1, "a", key="x"), row(1, "b", key="y"), row(2, "c", key="x"), row(1, "d", key="x", statement="t")]
    assert fold(rows) == {"s": [named("c"), named("b")], "t": [named("d")]}


def test_nothing_makes_nothing() -> None:
    assert fold([]) == {}


def test_the_higher_version_wins_whatever_came_first() -> None:
    early, late = row(3, "assigned"), row(4, "started")
    assert fold([early, late]) == fold([late, early]) == {"s": [named("started")]}


def test_none_says_nothing_new() -> None:
    rows = [row(2, "assigned", "bruno", None), row(3, None, None, "10:00"), row(4, "started", None, None)]
    assert fold(rows) == {"s": [named("started", "bruno", "10:00")]}


def test_of_the_first_time_the_earliest_counts() -> None:
    def failed(version: int, first: int | None) -> Row:
        return Row("s", "k", version, {"first_failed_at": first, "code": version})

    for times, first in (((5, 7), 5), ((7, 5), 5), ((5, None), 5), ((None, 5), 5), ((None, None), None)):
        rows = [failed(version, time) for version, time in enumerate(times)]
        assert fold(rows) == fold(rows[::-1]) == {"s": [{"first_failed_at": first, "code": 1}]}


def test_the_same_record_twice_changes_nothing() -> None:
    once = [row(2, "a", None), row(3, None, "b")]
    assert fold(once + once) == fold(once) == {"s": [named("a", "b")]}


values = st.one_of(st.none(), st.integers(0, 9))
histories = st.lists(st.tuples(values, values), min_size=1, max_size=6)


@settings(deadline=None)
@given(histories, st.data())
def test_what_was_sent_twice_changes_nothing(history: list[tuple[Any, Any]], data: st.DataObject) -> None:
    """A resent record can come after its successors, any number of times: the result is that of the history."""
    rows = [row(version, version, *pair) for version, pair in enumerate(history, start=1)]
    arrived = list(rows)
    for again in data.draw(st.lists(st.sampled_from(rows), max_size=6)):
        arrived.insert(data.draw(st.integers(arrived.index(again) + 1, len(arrived))), again)
    last = [next((pair[n] for pair in reversed(history) if pair[n] is not None), None) for n in (0, 1)]
    assert fold(arrived) == {"s": [named(len(history), *last)]}


@settings(deadline=None)
@given(st.permutations(range(1, 6)))
def test_in_any_order_the_highest_version_is_the_one_that_is_written(order: list[int]) -> None:
    assert fold(row(version, f"v{version}") for version in order) == {"s": [named("v5")]}


def test_at_keeps_microseconds() -> None:
    assert at(1_773_147_845_123_456) == datetime(2026, 3, 10, 13, 4, 5, 123456, UTC)
