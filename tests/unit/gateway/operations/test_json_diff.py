"""What two documents differ in."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gateway.operations.json_diff import MOST, Difference, differences

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


def test_every_kind_has_its_place() -> None:
    before = {"same": 1, "changed": {"a": [1, 2]}, "gone": "x", "a/b~c": 1}
    after = {"same": 1, "changed": {"a": [1, 3, 4]}, "a/b~c": 2, "new": None}
    assert differences(before, after) == [
        Difference("/changed/a/1", "changed", 2, 3),
        Difference("/changed/a/2", "added", None, 4),
        Difference("/gone", "removed", "x", None),
        Difference("/a~1b~0c", "changed", 1, 2),
        Difference("/new", "added", None, None),
    ]


def test_a_number_is_not_a_truth() -> None:
    assert differences({"a": 1}, {"a": True}) == [Difference("/a", "changed", 1, True)]


def test_another_document_is_not_listed_to_its_end() -> None:
    assert len(differences({}, {str(n): n for n in range(2 * MOST)})) == MOST


@given(JSON)
def test_the_same_has_no_difference(document: Any) -> None:
    assert differences(document, document) == []


@given(JSON, JSON)
def test_there_is_one_if_and_only_if_they_differ(one: Any, other: Any) -> None:
    assert (differences(one, other) == []) == (repr(one) == repr(other) or _same(one, other))


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and bool(one == other)
