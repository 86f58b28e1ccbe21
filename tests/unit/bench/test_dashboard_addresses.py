"""The benchmark of the pages asks for every page and every read of the API: a new route cannot be forgotten."""

from __future__ import annotations

from uuid import UUID

from starlette.routing import BaseRoute, Match, Mount, Route

from bench.dashboard.addresses import LEFT_OUT, MORE
from gateway.app import all_routes
from gateway.http.door import Resource
from gateway.ui.navigation import PAGES


class _AnyId(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return str(UUID(int=1))


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
