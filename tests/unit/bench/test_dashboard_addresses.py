"""The benchmark of the pages asks for every page and every read of the API: a new route cannot be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, cast
from urllib.parse import parse_qsl
from uuid import UUID

import pytest
from starlette.datastructures import QueryParams
from starlette.routing import BaseRoute, Match, Mount, Route

from bench.dashboard.addresses import LEFT_OUT, MORE
from gateway.app import all_routes
from gateway.http.door import Resource
from gateway.ui import letter_lists, lists
from gateway.ui.navigation import PAGES
from gateway.ui.pages import attempts, audit
from projections.dead_letters import reads as dead_letters
from projections.reads import retries

Read = Callable[[QueryParams], Any]
#: Lists that can be narrowed, and what reads from an address how.
LISTS: Final[Mapping[str, Read]] = {
    "/plans": lists.of_plans,
    "/tasks": lists.of_tasks,
    "/costs": lists.of_costs,
    "/audit": audit.read,
    "/attempts": attempts.read,
    "/letters": lambda query: letter_lists.read("/letters", query, dead_letters.STATES),
    "/retries": lambda query: letter_lists.read("/retries", query, retries.STATES),
}
#: Names in an address that no list has of its own, and why they are not asked for.
NOT_ASKED: Final[Mapping[str, str]] = {
    "/costs cursor": "a list by key goes on as /plans does",
    "/tasks cursor": "as above",
    "/tasks overdue": "the older name of due=overdue",
    "/audit cursor": "as above",
    "/attempts cursor": "as above",
    "/letters cursor": "as above",
    "/retries cursor": "as above",
    **dict.fromkeys((f"/retries {name}" for name in ("cause", "since")), "of dead letters alone"),
}
#: What stands in the place of what is looked up.
DAY: Final = "2026-03-10"


class _AnyId(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return str(UUID(int=1))


class _Noted(dict[str, str]):
    """The values of an address, which notes the names that are asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)
        self.names: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().get(key, default)


def _queries(path: str) -> list[dict[str, str]]:
    """Return what the addresses of a list ask for."""
    filled = (address.format_map(_AnyId(day=DAY)) for address in MORE.values())
    return [dict(parse_qsl(query)) for at, _, query in (one.partition("?") for one in filled) if at == path and query]


def _read() -> dict[str, BaseRoute]:
    """Return the routes that answer to GET, by path."""
    found: dict[str, BaseRoute] = {}
    for route in all_routes():
        assert isinstance(route, Route | Mount)
        if isinstance(route, Mount) or "GET" in _operations(route):
            found[route.path] = route
    return found


def _operations(route: Route) -> set[str]:
    assert isinstance(route.app, Resource), route.path
    return set(route.app.operations)


def _asked(routes: dict[str, BaseRoute]) -> set[str]:
    """Return the paths of the routes that serve the addresses of the bench."""
    addresses = [
        *(page.path for page in PAGES),
        *(path.format_map(_AnyId()).partition("?")[0] for path in MORE.values()),
    ]
    found = set()
    for address in addresses:
        scope = {"type": "http", "path": address, "method": "GET", "headers": []}
        path = next((path for path, route in routes.items() if route.matches(scope)[0] is not Match.NONE), None)
        assert path is not None, f"nothing answers {address}"
        found.add(path)
    return found


def test_every_route_that_is_read_is_asked_for_or_left_out_with_a_reason() -> None:
    routes = _read()
    asked = _asked(routes)
    assert set(routes) - asked - set(LEFT_OUT) == set()
    assert set(LEFT_OUT) <= set(routes)
    assert not set(LEFT_OUT) & asked


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_asked_for_by_each_name_that_narrows_it_and_by_no_other(path: str) -> None:
    """A name that a page does not know is dropped, so that an old link works: it would measure the whole list again."""
    known = _Noted({})
    LISTS[path](cast("QueryParams", known))
    asked = _queries(path)
    for query in asked:
        view = LISTS[path](QueryParams(query))
        assert [name for name in query if not getattr(view, name, "")] == [], query
    left_out = {name for name in known.names if f"{path} {name}" in NOT_ASKED}
    assert {name for query in asked for name in query} == known.names - left_out - {"upload"}
