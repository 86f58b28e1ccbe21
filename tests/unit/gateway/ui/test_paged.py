"""Lists of an admin: found by words, shown some at a time."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from gateway.ui.paged import MOST, Paged, paged

PEOPLE = [f"person-{number:03}" for number in range(2 * MOST + 5)]


def shown(query: str, rows: list[str] = PEOPLE) -> Paged[str]:
    request = Request({"type": "http", "query_string": query.encode(), "headers": []})
    return paged(request, rows, lambda one: one, lambda one: f"{one} Pessoa {one[-3:]}")


def test_pages_follow_one_another_and_leave_nobody_out() -> None:
    first = shown("")
    second = shown(f"after={first.last}")
    third = shown(f"after={second.last}")
    assert [*first.rows, *second.rows, *third.rows] == PEOPLE
    assert (first.begun, second.begun, third.begun) == (False, True, True)
    assert third.last == ""


@pytest.mark.parametrize(("count", "last"), [(MOST, ""), (MOST + 1, PEOPLE[MOST - 1])])
def test_there_is_a_next_page_where_rows_are_left(count: int, last: str) -> None:
    found = shown("", PEOPLE[:count])
    assert (found.last, found.many) == (last, count > MOST)


def test_words_find_whatever_the_case() -> None:
    found = shown("q=+pessoa+07+")
    assert (found.q, found.of, found.rows) == ("pessoa 07", 10, PEOPLE[70:80])
    assert shown("q=nobody").rows == []


def test_where_nobody_has_the_key_any_more_it_is_the_first_page() -> None:
    assert shown("after=gone").rows == PEOPLE[:MOST]
