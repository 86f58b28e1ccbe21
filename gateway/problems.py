"""The one map from failure to answer: every error of the API is an application/problem+json (RFC 9457)."""

from __future__ import annotations

import errno
import math
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
import orjson
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from gateway.intake.refused import Refused
from projections.reads.paging import BadCursor
from schemas.process.database_away import DATABASE_UNABLE


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem. `meaning` stands in the documentation, where `type` leads."""

    status: int
    title: str
    meaning: str


KINDS: Final[dict[str, Kind]] = {
    "bad-request": Kind(400, "The request cannot be read", "Its syntax is wrong; the detail says where."),
    "unauthenticated": Kind(401, "Authentication is needed", "No API key or sign-in came with it, or it is not valid."),
    "forbidden": Kind(403, "Not allowed", "The key's role does not permit this; `neededRole` does."),
    "csrf": Kind(403, "The form is no longer valid", "A write from a page needs the CSRF token."),
    "not-found": Kind(404, "Not found", "Nothing is at this address."),
    "method-not-allowed": Kind(405, "Method not allowed", "The address knows other methods: see `Allow`."),
    "request-timeout": Kind(408, "The request came too slowly", "Its headers or its body were not complete in time."),
    "wrong-status": Kind(
        409, "Not possible in this status", "`currentStatus` says where it stands, `actions` what can be done."
    ),
    "duplicate": Kind(
        409, "This file is known already", "`planId` is the plan that it led to; `again=true` makes another."
    ),
    "version-mismatch": Kind(
        412, "Changed in the meantime", "`If-Match` names another version than `version`: read it again."
    ),
    "too-large": Kind(413, "Too large", "The body is larger than the limit that the detail names."),
    "unsupported-media-type": Kind(415, "Unsupported media type", "The detail names the types that can be read."),
    "invalid": Kind(422, "Invalid values", "`errors` lists each value that is wrong, and why."),
    "columns-not-sure": Kind(
        422,
        "Which column is which is not sure",
        "`tables` shows the columns and what each was taken for, `fields` what each can be: send `mapping` or `map`,"
        " or `anyway=true` for a plan without figures of these tables.",
    ),
    "goods-wrong": Kind(
        422, "No row of costs or stock can be kept", "`errors` lists the rows and what is wrong with each."
    ),
    "no-goods": Kind(
        422,
        "There are no costs and no stock in the document",
        "It needs a table with SKUs and their costs, or the units on hand. Sales are uploaded with their channels.",
    ),
    "other-channels": Kind(
        422,
        "The document has other channels than were asked for",
        "`found` are those that it has sales of: name them in `channels`.",
    ),
    "key-reused": Kind(422, "Idempotency key used before", "The same `Idempotency-Key` came with another request."),
    "rate-limited": Kind(429, "Too many requests", "Wait as long as `Retry-After` says."),
    "head-too-large": Kind(
        431, "The headers are too large", "The request line and headers are larger than `limit` bytes."
    ),
    "internal": Kind(500, "Something went wrong here", "Our mistake. Report the `requestId`."),
    "unavailable": Kind(
        503,
        "Not available now",
        "Something the gateway needs is down. Nothing was lost: try again after `Retry-After`.",
    ),
}
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


def problem_of(error: BaseException) -> Problem:  # noqa: PLR0911 - a map from kind to answer
    """Return the problem document for any failure."""
    match error:
        case Problem():
            return error
        case Refused():
            return _of_refused(error)
        case ValidationError():
            return _of_validation(error)
        case BadCursor():
            return invalid(("cursor", str(error)))
        case HTTPException():
            return _of_http(error)
        case _ if _database_is_away(error):
            return unavailable(
                "The database does not answer. Your request was not carried out, or asking again says so."
            )
        case OSError() if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return unavailable("There is no room left to take a file. An operator has to free some.", retry_after=30)
        case asyncpg.DataError() | asyncpg.CharacterNotInRepertoireError():
            return invalid(("", "a value cannot be stored"))
        case _:
            return Problem(
                "internal", "The request failed through a mistake of ours. It was logged with its request id."
            )


def _of_refused(refused: Refused) -> Problem:
    kind = {413: "too-large", 415: "unsupported-media-type", 422: "invalid", 503: "unavailable"}.get(
        refused.status, "bad-request"
    )
    problem = Problem(kind, refused.detail, code=refused.code)
    problem.title = refused.title
    if problem.status == 503:
        problem.headers["Retry-After"] = "60" if refused.code == "busy" else "5"
    return problem


def _of_validation(error: ValidationError) -> Problem:
    return wrong_values(
        *(
            (e["loc"], e["msg"].removeprefix("Value error, "))
            for e in error.errors(include_url=False, include_context=False, include_input=False)
        )
    )


def _of_http(error: HTTPException) -> Problem:
    headers = dict(error.headers or {})
    kinds = {k.status: name for name, k in reversed(KINDS.items())}
    kind = kinds.get(error.status_code, "bad-request" if error.status_code < 500 else "internal")
    detail = "There is nothing at this address." if kind == "not-found" else str(error.detail)
    return Problem(kind, detail, headers=headers)


_NETWORK: Final = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ETIMEDOUT}


def _database_is_away(error: BaseException) -> bool:
    """Tell what the database cannot do now from a bug: a request meets files, too, and can use the driver wrongly."""
    if isinstance(error, OSError):
        return _of_a_connection(error)
    if isinstance(error, asyncpg.InterfaceError):
        return _lost(error)
    return isinstance(error, DATABASE_UNABLE)


def _of_a_connection(error: OSError) -> bool:
    if isinstance(error, FileNotFoundError):
        return error.filename is None  # a Unix socket that is gone; a file that is missing has its name
    return isinstance(error, ConnectionError | TimeoutError | socket.gaierror) or error.errno in _NETWORK


def _lost(error: asyncpg.InterfaceError) -> bool:
    """Tell a lost connection from a wrong use of the driver, which is a bug."""
    text = str(error)
    return "connection" in text or "pool is clos" in text
