"""Reads from a handler's signature what it takes besides the request."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import get_type_hints
from uuid import UUID

from starlette.responses import Response

from gateway.shapes.shape import Taken

Handler = Callable[..., Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Signature:
    """The parameters of a handler besides the request."""

    path: dict[str, type]
    query: type[Taken] | None
    body: type[Taken] | None


def signature_of(handler: Handler, path: str) -> Signature:
    """Read a handler's parameters. Raises TypeError if they do not fit the path."""
    hints = get_type_hints(handler)
    names = list(inspect.signature(handler).parameters)[1:]
    in_path = {n: hints[n] for n in names if n not in ("query", "body")}
    wanted = {part[1:-1] for part in path.split("/") if part.startswith("{")}
    if set(in_path) != wanted or any(t not in (str, UUID) for t in in_path.values()):
        raise TypeError(f"{handler.__qualname__} takes {in_path}, but the path is {path}")
    for name in ("query", "body"):
        if name in names and not issubclass(hints[name], Taken):
            raise TypeError(f"{handler.__qualname__}: {name} is not a shape")
    return Signature(in_path, hints["query"] if "query" in names else None, hints["body"] if "body" in names else None)
