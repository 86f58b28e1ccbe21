"""Who has signed in, and what they may do, as pages ask the gateway's access control."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from starlette.requests import Request

from gateway.access.roles import Principal, Role
from gateway.access.scopes import KeyScope, opens
from gateway.commands.phase1 import NEEDED
from schemas.lifecycle import OF

#: The scopes of the commands on plans and on tasks.
_OF_COMMANDS: Final = {"plan": KeyScope.APPROVE, "task": KeyScope.TASKS}


def principal(request: Request) -> Principal | None:
    """Return the person who is signed in, None for a stranger."""
    found: Principal | None = getattr(request.state, "principal", None)
    return found


def may(request: Request, role: Role, scope: KeyScope) -> bool:
    """Say whether the reader has the role, and a key that is not limited to other scopes."""
    who = principal(request)
    return who is not None and who.may(role, scope)


def may_upload(request: Request) -> bool:
    """Say whether the reader may upload documents, costs and advertising, and say what columns mean."""
    return may(request, Role.ANALYST, KeyScope.UPLOAD)


def may_decide(request: Request) -> bool:
    """Say whether the reader may decide on plans, have channels analysed again, and start phases."""
    return may(request, Role.ANALYST, KeyScope.APPROVE)


def may_override(request: Request) -> bool:
    """Say whether the reader may approve a plan with a Phase 1 of their own."""
    return may(request, NEEDED, KeyScope.APPROVE)


def may_work(request: Request) -> bool:
    """Say whether the reader may work on tasks."""
    return may(request, Role.ANALYST, KeyScope.TASKS)


def may_operate(request: Request) -> bool:
    """Say whether the reader may act on records, alerts and the system itself."""
    return may(request, Role.OPERATOR, KeyScope.OPERATE)


def may_administer(request: Request) -> bool:
    """Say whether the reader may give and take access, and erase."""
    return may(request, Role.ADMIN, KeyScope.ADMIN)


def may_sign_out(request: Request) -> bool:
    """Say whether the reader may end other sign-ins of their own."""
    return may(request, Role.VIEWER, KeyScope.ADMIN)


def actions(request: Request, kind: str, status: str) -> Sequence[StrEnum]:
    """Return what the reader can do with a plan or a task of this status."""
    who = principal(request)
    return OF[kind].actions(status, who.role) if who is not None and opens(who.scopes, _OF_COMMANDS[kind]) else ()


def csrf(request: Request) -> str:
    """Return the sign-in's token for forms, empty for a stranger."""
    return str(getattr(request.state, "csrf", ""))


def is_https(request: Request) -> bool:
    """Say whether cookies are to be marked Secure."""
    return bool(request.scope["scheme"] == "https")
