"""A body of JSON that says something twice is refused: a proxy may have judged by the other one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.http.bodies import parse_json
from gateway.problems.problem import Problem


@pytest.mark.parametrize(
    "body",
    [
        '{"action": "reject", "action": "approve"}',
        '{"a": 1, "data": {"plan_id": 1, "b": [], "plan_id": 2}}',
        '[{"a": 1}, {"a": 1, "\\u0061": 2}]',
        '{"": 1, "": 2}',
    ],
)
def test_what_is_said_twice_is_refused_and_named(body: str) -> None:
    with pytest.raises(Problem) as refused:
        parse_json(body.encode())
    assert (refused.value.status, "twice in one object" in refused.value.detail) == (400, True)


@pytest.mark.parametrize(
    "body", ["NaN", "[1e400]", '"\\ud800"', '{"a": Infinity}', "\ufeff{}", "{'a': 1}", "[1,]", "9" * 400]
)
def test_what_is_no_json_is_refused(body: str) -> None:
    with pytest.raises(Problem) as refused:
        parse_json(body.encode())
    assert refused.value.status == 400


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | _TEXT,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
        max_leaves=10,
    )
)
def test_all_else_is_read_as_it_is(data: Any) -> None:
    assert parse_json(json.dumps(data).encode()) == data
