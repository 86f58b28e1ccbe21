"""What there is: channels, and the OpenAPI and AsyncAPI documents."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.asyncapi import document_bytes as asyncapi_bytes
from gateway.http.door import Operation, resource
from gateway.http.openapi import document_bytes
from gateway.routes.answers import json_answer
from gateway.shapes.system import ChannelList, ChannelShape
from schemas.channels import CHANNELS
from schemas.process.version import build


def routes() -> list[BaseRoute]:
    return [
        resource("/api/channels", GET=Operation(channels, Role.VIEWER, "reads", ChannelList)),
        resource("/openapi.json", GET=Operation(openapi, Role.VIEWER, "reads", media="application/json", hidden=True)),
        resource(
            "/asyncapi.json", GET=Operation(asyncapi, Role.VIEWER, "reads", media="application/json", hidden=True)
        ),
    ]


async def channels(_request: Request) -> Response:
    """List the sales channels that a plan can be made for."""
    return json_answer(ChannelList(items=[ChannelShape(id=i, name=n) for i, n in CHANNELS.items()]))


async def openapi(request: Request) -> Response:
    """Give the OpenAPI document of this API."""
    return Response(document_bytes(request.app), media_type="application/json")


async def asyncapi(_request: Request) -> Response:
    """Give the AsyncAPI document of the log: topics, events, who writes and reads them."""
    return Response(asyncapi_bytes(build().version), media_type="application/json")
