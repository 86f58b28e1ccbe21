"""The scopes that can limit an API key beyond its role: groups of routes, as declared with the routes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Final

from schemas.rules import Role


class KeyScope(StrEnum):
    """A group of routes. A key without scopes may do all that its role may."""

    READ = "read"  # look, and take lists as files
    UPLOAD = "upload"  # documents, costs, advertising, what columns mean
    APPROVE = "approve"  # decide on plans, have channels analysed again, start phases
    TASKS = "tasks"  # work on tasks
    OPERATE = "operate"  # repair: retries, dead letters, breakers, flags, processes, alerts
    ADMIN = "admin"  # keys, people, teams, sign-ins, webhooks, the audit, erasure


#: The scopes of what these roles alone may do, whatever it is.
OF_ROLES: Final[Mapping[Role, KeyScope]] = {Role.ADMIN: KeyScope.ADMIN, Role.OPERATOR: KeyScope.OPERATE}


def opens(scopes: Collection[KeyScope], needed: KeyScope) -> bool:
    """Tell whether a key of these scopes may use a route of the group `needed`."""
    return not scopes or needed in scopes


def in_order(scopes: Iterable[KeyScope]) -> tuple[KeyScope, ...]:
    """Return each scope once, in the order of their list, so that equal limits read the same."""
    asked = set(scopes)
    return tuple(scope for scope in KeyScope if scope in asked)
