"""Addresses and methods that the docs name are those that the gateway answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import Match, Mount, Route

from gateway.app import all_routes
from gateway.http.door import Resource
from local.state import ROOT

DOCS = [ROOT / "README.md", *sorted(p for p in (ROOT / "docs").rglob("*.md") if p.parent.name != "adr")]
#: `PATCH /api/keys/{id}`, `/api/events`, `/plans/{id}/history?at=N`: a method or none, and an address of ours.
ADDRESS = re.compile(r"`(?:([A-Z]+(?:/[A-Z]+)*) )?(/(?:[a-z{][\w{}.-]*)?(?:/[\w{}.-]+)*)(?:\?[^`]*)?`")
#: What the docs name besides: folders of an image or a container, and addresses of agents' servers.
OTHERS = re.compile(r"/(?:opt|tmp|control|dev|path|v1|keys/files)\b")
HELD = [route for route in all_routes() if isinstance(route, Route)]


def told(text: str) -> Iterator[tuple[str, str]]:
    """Yield the methods and addresses that a text names; those that are cut short by dots are left out."""
    for methods, path in ADDRESS.findall(text):
        if "..." not in path and not OTHERS.match(path):
            yield from ((method, path) for method in (methods.split("/") if methods else ("",)))


def is_answered(method: str, path: str) -> bool:
    """Tell whether an address with some value in place of each parameter has a route that takes the method.

    A page without a method is one to look at; what the API does at an address without one is left open.
    """
    value = "0191f3a0-5c3e-7bb4-a2f3-6b1de5a0c9d1"
    asked = method or ("" if path.startswith("/api/") else "GET")
    scope = {"type": "http", "path": re.sub(r"\{\w+\}", value, path), "method": asked or "GET"}
    for route in HELD:
        if route.matches(scope)[0] is not Match.NONE:
            return not asked or (isinstance(route.endpoint, Resource) and asked in route.endpoint.operations)
    return any(isinstance(route, Mount) and path.startswith(route.path) for route in all_routes())


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: doc.relative_to(ROOT).as_posix())
def test_addresses_that_are_named_are_answered(doc: Path) -> None:
    assert [
        f"{method} {path}".strip() for method, path in told(doc.read_text("utf-8")) if not is_answered(method, path)
    ] == []


@pytest.mark.parametrize("planted", ["`GET /api/nothing`", "`DELETE /api/events`", "`/plans/{id}/dance`"])
def test_an_address_that_nobody_answers_is_seen(planted: str) -> None:
    [(method, path)] = told(planted)
    assert not is_answered(method, path)
