"""JSON out, and the headers that go with it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from gateway.shapes.shape import Given


def json_answer(shape: Given, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a shape as JSON."""
    return Response(shape.__pydantic_serializer__.to_json(shape, by_alias=True), status, headers, "application/json")
