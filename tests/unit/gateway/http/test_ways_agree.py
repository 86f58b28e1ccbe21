"""What can be done by a page and by the API takes the same role and scope: found by what both ways call."""

from __future__ import annotations

import ast
import functools
import inspect
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterable
from types import FunctionType, ModuleType
from typing import Any, Final

from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.access.scopes import KeyScope
from gateway.app import all_routes
from gateway.http.door import Operation, Resource, pages, resource, scope_of
from gateway.operations import letters

#: What does something, or tells what would be done, is in these rooms; the ways to it are in the others.
DOING: Final = ("gateway.operations.", "gateway.commands.", "gateway.uploads.")
WAYS: Final = ("gateway.ui.", "gateway.routes.", __name__)
Needs = tuple[Role | None, KeyScope | None]


@functools.cache
def called(function: FunctionType) -> frozenset[FunctionType]:
    """Return the functions that one names: those of its module, and those of modules that it knows."""
    found: set[FunctionType] = set()
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        one: Any = None
        if isinstance(node, ast.Name):
            one = function.__globals__.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = function.__globals__.get(node.value.id)
            one = getattr(module, node.attr, None) if isinstance(module, ModuleType) else None
        if isinstance(one, FunctionType):
            found.add(one)
    return frozenset(found)


def done_by(handler: Callable[..., Any]) -> set[str]:
    """Return what a handler does: asynchronous functions that take its request, in whatever room of those that do."""
    acts: set[str] = set()
    seen: set[FunctionType] = set()
    left = [inspect.unwrap(handler)]
    while left:
        one = left.pop()
        if not isinstance(one, FunctionType) or one in seen:
            continue
        seen.add(one)
        if f"{one.__module__}.".startswith(DOING):
            if inspect.iscoroutinefunction(one) and next(iter(inspect.signature(one).parameters), "") == "request":
                acts.add(f"{one.__module__}.{one.__qualname__}")
        elif f"{one.__module__}.".startswith(WAYS):
            left += called(one)
    return acts


def ways(routes: Iterable[BaseRoute]) -> dict[str, dict[bool, dict[str, Needs]]]:
    """Return for each act, for pages (True) and for the API, what each route to it takes."""
    found: dict[str, dict[bool, dict[str, Needs]]] = defaultdict(lambda: {True: {}, False: {}})
    for route in routes:
        door = getattr(route, "endpoint", None)
        if not isinstance(door, Resource):
            continue
        for method, operation in door.operations.items():
            for act in done_by(operation.handler):
                needs = (operation.role, scope_of(method, operation))
                found[act][operation.page][f"{method} {door.path}"] = needs
    return found


def least(needs: Iterable[Needs]) -> tuple[Role | None, set[KeyScope | None]]:
    """Return the lowest role that has a way to an act, with the scopes of its ways."""
    needs = list(needs)
    lowest = min((role for role, _ in needs), key=lambda role: -1 if role is None else list(Role).index(role))
    return lowest, {scope for role, scope in needs if role == lowest}


def differing(routes: Iterable[BaseRoute]) -> dict[str, dict[bool, dict[str, Needs]]]:
    """Return the acts to which a page leads a lower role than the API, or a higher one, or by another scope."""
    return {
        act: both
        for act, both in ways(routes).items()
        if both[True] and both[False] and least(both[True].values()) != least(both[False].values())
    }


def test_whoever_may_do_something_by_a_page_may_by_the_api() -> None:
    assert differing(all_routes()) == {}


def test_most_of_what_the_api_does_is_found_on_pages_too() -> None:
    """Or the comparison would find nothing whatever differs."""
    both = [act for act, found in ways(all_routes()).items() if found[True] and found[False]]
    assert len(both) > 30, both


async def _page(request: Any) -> Any:
    return await _through(request)


async def _through(request: Any) -> Any:
    return await letters.dry_run(request, [])


async def _call(request: Any) -> Any:
    return await letters.dry_run(request, [])


def test_a_page_that_is_open_to_more_than_the_api_is_found() -> None:
    routes = [
        pages("/x", GET=(_page, Role.VIEWER)),
        resource("/api/x", POST=Operation(_call, Role.ANALYST, "reads")),
    ]
    assert list(differing(routes)) == ["gateway.operations.letters.dry_run"]
