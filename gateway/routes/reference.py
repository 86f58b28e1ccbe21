"""What there is: channels, the OpenAPI and AsyncAPI documents, the kinds of problems."""

from __future__ import annotations

import html

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.asyncapi import document_bytes as asyncapi_bytes
from gateway.http.door import Operation, resource
from gateway.http.openapi import document_bytes, operations
from gateway.problems.kinds import KINDS
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
        resource("/docs", GET=Operation(docs, Role.VIEWER, "reads", page=True, media="text/html", hidden=True)),
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


async def docs(request: Request) -> Response:
    """Show the API and the kinds of problems, for people."""
    return Response(_page(request.app), media_type="text/html")


def _page(app: object) -> str:
    rows = "".join(
        f"<tr><td><code>{method}</code></td><td><code>{html.escape(path)}</code></td>"
        f"<td>{operation.role or 'open'}</td><td>{html.escape(summary)}</td></tr>"
        for path, method, operation, summary in operations(app)
    )
    problems = "".join(
        f'<section id="{name}"><h3>{kind.status} {html.escape(kind.title)}</h3>'
        f"<p>{html.escape(kind.meaning)}</p></section>"
        for name, kind in KINDS.items()
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>API</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><main><h1>API</h1>'
        '<p>The whole of it, for programs: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>'
        '<p>The events on the log: <a href="/asyncapi.json">asyncapi.json</a> (AsyncAPI 3.0).</p>'
        "<table><thead><tr><th>Method</th><th>Path</th><th>Role</th><th>What it does</th></tr></thead>"
        f"<tbody>{rows}</tbody></table><h2>Problems</h2>{problems}</main></body></html>"
    )
