"""The one write door to plans and tasks: from a request, whoever sends it, to a command, and to its answer.

The API says with headers what a page's form says with hidden fields: the key that makes a repetition harmless, and the
version that the sender saw.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from starlette.requests import Request

from gateway.access.authenticate import forbidden
from gateway.access.roles import Principal
from gateway.access.visible_plans import unseen
from gateway.audit.texts import texts
from gateway.audit.writing import address
from gateway.commands.answer import Answer
from gateway.commands.commands import Command
from gateway.problems.problem import Problem, invalid, not_found
from gateway.shapes.published import ETAG, IDEMPOTENCY_KEY
from schemas.lifecycle import OF, RULES
from schemas.rules import Bar

_KEY: Final = re.compile(IDEMPOTENCY_KEY)
#: Handles that a refusal names.
NAMED: Final = 20
_ETAG: Final = re.compile(ETAG)


@dataclass(frozen=True, slots=True)
class Asked:
    """The idempotency key, the expected version and the content of a request.

    `key` makes a repeat by the same caller harmless; `content` tells a repeat from another request with the same key.
    `expect` is the version that the sender saw: if the version is another one by now, nothing is done.
    """

    key: str | None
    expect: int | None
    content: bytes


def asked(request: Request, *, of_many: bool = False) -> Asked:
    """Read the idempotency key and the expected version from the headers; `of_many`: without a version.

    Raises Problem 400.
    """
    expect = None if of_many else expected_version(request)
    return Asked(idempotency_key(request), expect, request.state.raw_body)


def idempotency_key(request: Request) -> str | None:
    """Return the Idempotency-Key. Raises Problem 400 for one that cannot be kept."""
    key = request.headers.get("idempotency-key")
    return None if key is None else valid_key(key)


def valid_key(key: str) -> str:
    """Return the key. Raises Problem 400 for one that cannot be kept."""
    if _KEY.fullmatch(key) is None:
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


async def decide(request: Request, asked: Asked, name: str, target: object, data: Mapping[str, Any]) -> Answer:
    """Decide a command, and count it. A plan or task that the sender may not see is not found."""
    services = request.state.services
    if await _unseen(request, name, [UUID(str(target))]):
        demand_role(request.state.principal, name)
        return Answer("not_found")
    data = await texts(request, data)
    answer: Answer = await services.commands.run(_command(request, asked, name, target, data, asked.key, asked.expect))
    services.metrics.command(name, answer.outcome)
    return answer


async def decide_many(
    request: Request,
    asked: Asked,
    name: str,
    targets: Sequence[UUID],
    data: Mapping[str, Any],
    seen: Mapping[UUID, int] | None = None,
) -> list[Answer]:
    """Decide the same command for many targets, each by itself, and count them.

    `seen`: target -> the version that the sender saw. A target that the sender may not see is not found.
    """
    services = request.state.services
    data = await texts(request, data)
    demand_role(request.state.principal, name)
    unseen = await _unseen(request, name, targets)
    own = [target for target in targets if target not in unseen]
    commands = [
        _command(request, asked, name, target, data, asked.key and f"{asked.key}/{target}", (seen or {}).get(target))
        for target in own
    ]
    decided: list[Answer] = await services.commands.run_many(commands)
    for answer in decided:
        services.metrics.command(name, answer.outcome)
    answers = dict(zip(own, decided, strict=True))
    return [answers.get(target, Answer("not_found")) for target in targets]


async def _unseen(request: Request, name: str, targets: Sequence[UUID]) -> set[UUID]:
    kind = name.partition(".")[0]
    return await unseen(request.state.services.pool, request.state.principal, kind, targets)


def _command(
    request: Request,
    asked: Asked,
    name: str,
    target: object,
    data: Mapping[str, Any],
    key: str | None,
    expect: int | None = None,
) -> Command:
    """Return the command that a request asks for, by whom and in which trace. Raises Problem 403."""
    state = request.state
    demand_role(state.principal, name)
    request_hash = ""
    if key is not None:
        request_hash = hashlib.sha256(f"{request.method} {request.url.path}\n".encode() + asked.content).hexdigest()
    return Command(
        command=name,
        id=str(target),
        actor=state.principal.name,
        scope=state.principal.caller,
        data=data,
        key=key,
        request_hash=request_hash,
        expect=expect,
        causation_id=state.request_id,
        traceparent=state.traceparent,
        address=address(request),
    )


def demand_role(principal: Principal, name: str) -> None:
    """Raise Problem 403 for a role that may not give the command."""
    if not principal.role.includes(RULES[name].role):
        raise forbidden(principal, RULES[name].role)


def wrong_status(answer: Answer, kind: str, why: str, actions: Sequence[str] = ()) -> Problem:
    """Return the refusal of a command that the status of its plan or task forbids. `why` ends its text."""
    return Problem(
        "wrong-status",
        f"The {kind} is {answer.status.replace('_', ' ')}{why}",
        currentStatus=answer.status,
        version=answer.version,
        actions=list(actions),
    )


def refusal(answer: Answer, kind: str, target: object, action: str) -> Problem | None:
    """Return why a command was refused; None if it was not."""
    match answer.outcome:
        case "accepted" | "unchanged":
            return None
        case "not_found":
            return not_found(kind, target)
        case "wrong_status":
            can = OF[kind].actions(answer.status)
            then = f"Possible now: {', '.join(can)}." if can else "Nothing can be done with it any more."
            return wrong_status(answer, kind, f", so it takes no {action}. {then}", can)
        case "version_mismatch":
            how = (
                " Name the version that you read: with If-Match, in `versions` where it is one of many,"
                " with --version of the command line."
                if action == "approve"
                else ""
            )
            return Problem(
                "version-mismatch",
                f"The {kind} is at version {answer.version} now. Read it again, and decide again.{how}",
                headers={"ETag": f'"{answer.version}"'},
                currentStatus=answer.status,
                version=answer.version,
                actions=list(OF[kind].actions(answer.status)),
            )
        case "four_eyes":
            role = RULES[f"{kind}.{action}"].role
            who = "another person" if answer.bar == Bar.OWN else f"a person, but not {answer.uploaded_by},"
            why = (
                "You uploaded it"
                if answer.bar == Bar.OWN
                else "Your key belongs to nobody, so whose eyes these are is not known"
            )
            return Problem(
                "four-eyes",
                f"{why}: {who} with the role {role} approves it.",
                uploadedBy=answer.uploaded_by,
                neededRole=role.value,
                currentStatus=answer.status,
                version=answer.version,
            )
        case "unknown_person":
            more = ", ..." if len(answer.people) > NAMED else ""
            there = ", ".join(answer.people[:NAMED])
            return invalid(("assignee", f"nobody who has not ended has this handle: there are {there}{more}"))
        case "cannot_see":
            more = ", ..." if len(answer.people) > NAMED else ""
            there = ", ".join(answer.people[:NAMED]) or "nobody"
            why = "is not in the team whose plan this is, and would not find the task"
            return invalid(("assignee", f"{why}: {there}{more} can. Or have an admin put them into the team"))
        case "key_reused":
            return Problem(
                "key-reused", "This Idempotency-Key came with another request before. Take a new key for a new request."
            )
    raise ValueError(f"no answer is called {answer.outcome}")
