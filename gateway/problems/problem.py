"""A refusal as application/problem+json (RFC 9457), and functions that make the usual ones."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from starlette.responses import Response

from gateway.problems.kinds import KINDS

#: The longest list of wrong values in one answer.
MAX_ERRORS: Final = 50
#: Members of a body that are documents of their own: a wrong value in them is told with its JSON pointer, too.
_DOCUMENTS: Final = frozenset({"phase1"})
_PROBLEM: Final = "application/problem+json"


class Problem(Exception):  # noqa: N818 - RFC 9457's word
    """An answer that says no. `extra` are members of the body; everything in it may be shown to the caller."""

    def __init__(self, kind: str, detail: str, *, headers: Mapping[str, str] | None = None, **extra: Any) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.status = KINDS[kind].status
        self.title = KINDS[kind].title
        self.detail = detail
        self.headers = dict(headers or {})
        self.extra = extra

    def body(self, instance: str = "", request_id: str = "") -> dict[str, Any]:
        """Return the members of the problem document."""
        members = {
            "type": f"/docs#{self.kind}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.extra,
        }
        if instance:
            members["instance"] = instance
        if request_id:
            members["requestId"] = request_id
        return members

    def response(self, instance: str, request_id: str) -> Response:
        return Response(orjson.dumps(self.body(instance, request_id)), self.status, self.headers, media_type=_PROBLEM)


class Silent(Exception):  # noqa: N818 - no failure: the client has gone, nobody hears an answer
    """The client left before its request was complete."""


def not_found(what: str, identity: object) -> Problem:
    return Problem("not-found", f"There is no {what} {identity}.")


def invalid(*errors: tuple[str, str], detail: str = "") -> Problem:
    """Return the problem for wrong values: (path, message) each."""
    listed = [{"path": path, "message": message} for path, message in errors]
    return Problem("invalid", detail or "; ".join(f"{p}: {m}" if p else m for p, m in errors[:3]), errors=listed)


def wrong_values(*errors: tuple[Sequence[str | int], str]) -> Problem:
    """Return the problem for wrong values, each as (path from the root of the body, message)."""
    listed = [_wrong_value(steps, message) for steps, message in errors[:MAX_ERRORS]]
    detail = "; ".join(f"{e['path']}: {e['message']}" if e["path"] else e["message"] for e in listed[:3])
    return Problem("invalid", detail, errors=listed)


def _wrong_value(steps: Sequence[str | int], message: str) -> dict[str, str]:
    texts = [str(step)[:60] for step in steps[:8]]
    found = {"path": ".".join(texts), "message": message}
    if texts and texts[0] in _DOCUMENTS:
        found["pointer"] = "".join("/" + text.replace("~", "~0").replace("/", "~1") for text in texts)
    return found


def rate_limited(wait: float, limit: str) -> Problem:
    seconds = max(1, math.ceil(wait))
    return Problem(
        "rate-limited",
        f"The limit '{limit}' is used up. Try again in {seconds} s.",
        headers={"Retry-After": str(seconds)},
        limit=limit,
    )


def unavailable(detail: str, retry_after: int = 2) -> Problem:
    return Problem("unavailable", detail, headers={"Retry-After": str(retry_after)})
