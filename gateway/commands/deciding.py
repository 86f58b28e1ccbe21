"""From a request to a command, and from the command's answer to the caller's."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request

from gateway.access.authenticate import forbidden
from gateway.access.roles import Principal
from gateway.commands.commands import Answer, Command
from gateway.problems import Problem, not_found
from schemas.lifecycle import OF, RULES

_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")
_ETAG: Final = re.compile(r'"([0-9]{1,9})"')


def idempotency_key(request: Request) -> str | None:
    """Return the Idempotency-Key. Raises Problem 400 for one that cannot be kept."""
    key = request.headers.get("idempotency-key")
    if key is not None and _KEY.fullmatch(key) is None:
        raise Problem("bad-request", "Idempotency-Key takes 1 to 200 visible ASCII characters, such as a UUID.")
    return key


def expected_version(request: Request) -> int | None:
    """Return the version that If-Match demands, None for any. Raises Problem 400."""
    tag = request.headers.get("if-match")
    if tag is None or tag.strip() == "*":
        return None
    match = _ETAG.fullmatch(tag.strip())
    if match is None:
        raise Problem("bad-request", 'If-Match takes one ETag as this API gives it, such as "3".')
    return int(match[1])


def command(
    request: Request, name: str, target: object, data: Mapping[str, Any], *, part_of_bulk: bool = False
) -> Command:
    """Return the command that a request asks for, by whom and in which trace. Raises Problem 403."""
    state = request.state
    demand_role(state.principal, name)
    key = idempotency_key(request)
    request_hash = ""
    if key is not None:
        request_hash = hashlib.sha256(f"{request.method} {request.url.path}\n".encode() + state.raw_body).hexdigest()
        if part_of_bulk:
            key = f"{key}/{target}"
    return Command(
        command=name,
        id=str(target),
        actor=state.principal.name,
        scope=state.principal.key_id,
        data=data,
        key=key,
        request_hash=request_hash,
        expect=None if part_of_bulk else expected_version(request),
        causation_id=state.request_id,
        traceparent=state.traceparent,
    )


def demand_role(principal: Principal, name: str) -> None:
    """Raise Problem 403 for a role that may not give the command."""
    if not principal.role.includes(RULES[name].role):
        raise forbidden(principal, RULES[name].role)


def refusal(answer: Answer, kind: str, target: object, action: str) -> Problem | None:
    """Return why a command was refused, None where it was not."""
    match answer.outcome:
        case "accepted" | "unchanged":
            return None
        case "not_found":
            return not_found(kind, target)
        case "wrong_status":
            can = OF[kind].actions(answer.status)
            then = f"Possible now: {', '.join(can)}." if can else "Nothing can be done with it any more."
            return Problem(
                "wrong-status",
                f"The {kind} is {answer.status.replace('_', ' ')}, so it takes no {action}. {then}",
                currentStatus=answer.status,
                version=answer.version,
                actions=list(can),
            )
        case "version_mismatch":
            return Problem(
                "version-mismatch",
                f"The {kind} is at version {answer.version} now. Read it again, and decide again.",
                headers={"ETag": f'"{answer.version}"'},
                currentStatus=answer.status,
                version=answer.version,
                actions=list(OF[kind].actions(answer.status)),
            )
        case "key_reused":
            return Problem(
                "key-reused", "This Idempotency-Key came with another request before. Take a new key for a new request."
            )
    raise ValueError(f"no answer is called {answer.outcome}")
