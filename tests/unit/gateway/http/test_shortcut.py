"""A request for one thing reaches what the list of routes would lead it to, and nothing else is led there."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from gateway.app import all_routes
from gateway.http.shortcut import Shortcut
from gateway.routes.plans import PATH
from gateway.shapes.plans import Links, PlanAccepted

ID = "3f2b8c1e-5d4a-4e0b-9a57-1f0c2d3e4b5a"


class Here:
    """An ASGI application that notes how it is asked."""

    def __init__(self) -> None:
        self.asked: list[Scope] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope)


def led(path: str, **more: Any) -> tuple[Here, Here]:
    """Ask for a path; return the resource and what is behind the shortcut."""
    resource, rest = Here(), Here()
    scope = {"type": "http", "path": path, "root_path": "", **more}
    asyncio.run(Shortcut(rest, Route("/a/b/{one}", resource))(scope, None, None))  # type: ignore[arg-type] # unused
    return resource, rest


def test_an_id_is_led_to_the_resource_with_its_parameter() -> None:
    resource, rest = led(f"/a/b/{ID}")
    assert [scope["path_params"] for scope in resource.asked] == [{"one": ID}]
    assert rest.asked == []


@pytest.mark.parametrize(
    "path",
    ["/a/b/bulk", f"/a/b/{ID}/", f"/a/b/{ID}/c", f"/a/{ID}", f"/a/c/{ID}", f"/x/a/b/{ID}", f"/a/b/{ID}\n", "/a/b/", ""],
)
def test_all_else_goes_on(path: str) -> None:
    resource, rest = led(path)
    assert resource.asked == []
    assert len(rest.asked) == 1


@pytest.mark.parametrize("more", [{"type": "websocket"}, {"root_path": "/a"}])
def test_what_is_no_request_of_ours_alone_goes_on(more: dict[str, str]) -> None:
    resource, rest = led(f"/a/b/{ID}", **more)
    assert (resource.asked, len(rest.asked)) == ([], 1)


@pytest.mark.parametrize("path", ["/a/b", "/a/{one}/b", "/a/{one}/{two}"])
def test_a_route_that_does_not_end_with_its_one_parameter_has_no_shortcut(path: str) -> None:
    with pytest.raises(ValueError, match="one parameter"):
        Shortcut(Here(), Route(path, Here()))


def test_the_list_of_routes_leads_a_plan_to_the_same_resource() -> None:
    scope = {"type": "http", "method": "PATCH", "path": f"{PATH}/{ID}", "root_path": "", "headers": []}
    first = next(route for route in all_routes() if route.matches(scope)[0] is Match.FULL)
    assert isinstance(first, Route)
    assert first.path == PATH + "/{plan_id}"


def test_an_accepted_decision_is_written_as_its_shape_says() -> None:
    made = PlanAccepted(plan_id=UUID(ID), outcome="accepted", status="approved", version=3, links=Links.of(ID))
    assert PlanAccepted.written(UUID(ID), "accepted", "approved", 3) == made.model_dump_json(by_alias=True).encode()
