"""JSON out, and the headers that go with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from gateway.commands.answer import Answer
from gateway.problems.problem import Problem
from gateway.shapes.problem import ProblemShape
from gateway.shapes.shape import Given


def headers_of(answer: Answer, location: str) -> dict[str, str]:
    """Return an accepted command's headers: where its effect shows, its version, and whether it is a repeat."""
    headers = {"Location": location, "ETag": f'"{answer.version}"'}
    return {**headers, "Idempotent-Replayed": "true"} if answer.repeated else headers


def of_many(answer: Answer, problem: Problem | None) -> dict[str, Any]:
    """Return the members that the results of many commands share; `problem`: why this one was refused."""
    return {
        "outcome": answer.outcome,
        "status": answer.status or None,
        "version": answer.version or None,
        "problem": ProblemShape.model_validate(problem.body()) if problem else None,
    }


def json_answer(shape: Given, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a shape as JSON."""
    return Response(shape.__pydantic_serializer__.to_json(shape, by_alias=True), status, headers, "application/json")
