"""Maps every failure to its answer: all errors of the API are application/problem+json (RFC 9457)."""

from __future__ import annotations

import errno
import socket
from typing import Final

import asyncpg
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from gateway.intake.refused import Refused
from gateway.problems.kinds import KINDS
from gateway.problems.problem import Problem, invalid, unavailable, wrong_values
from projections.reads.paging import BadCursor
from schemas.process.bounded_pool import PoolFullError
from schemas.process.database_away import DATABASE_UNABLE
from schemas.process.in_the_way import is_in_the_way


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
        case PoolFullError():
            return unavailable(
                "This gateway's connections to the database are all taken. Your request was not carried out: ask again."
            )
        case _ if _database_is_away(error):
            return unavailable(
                "The database does not answer. Your request was not carried out, or asking again says so."
            )
        case OSError() if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return unavailable("There is no room left to take a file. An operator has to free some.", retry_after=30)
        case asyncpg.UniqueViolationError() if is_in_the_way(error):
            return unavailable(
                "An event that nobody of this system decided stands in the outbox where this one belongs. Nothing was"
                " changed. An operator takes it out: `marketplace outbox list` names it.",
                retry_after=30,
            )
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
    problem.extra |= {"content": refused.content} if refused.content else {}
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
