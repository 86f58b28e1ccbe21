"""The caller of a request and the caller's role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.access.scopes import KeyScope, opens
from schemas.rules import Role

__all__ = ["Principal", "Role"]


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller: a person, an API key, or a person with a key, directly or by a sign-in.

    `name` is the actor of events and of the audit: a person's handle, else the key's name. One of `key_id` and
    `person_id` may be empty, not both. `teams` are the ids of the caller's teams; `confined`: the caller sees
    the plans of these and those of no team, and no others. `scopes`: what the key is limited to, empty for no limit.
    """

    key_id: str
    name: str
    role: Role
    person_id: str = ""
    teams: tuple[str, ...] = ()
    confined: bool = False
    scopes: frozenset[KeyScope] = frozenset()

    def may(self, role: Role, scope: KeyScope) -> bool:
        """Return whether the caller has this role and, with a limited key, this scope."""
        return self.role.includes(role) and opens(self.scopes, scope)

    @property
    def caller(self) -> str:
        """Return the name under which requests are counted: the key's id, or the person's where there is no key."""
        return self.key_id or f"{PERSON}{self.person_id}"

    @property
    def kind(self) -> str:
        """Return the kind of target in audit entries about the caller's sign-ins: key or person."""
        return "key" if self.key_id else "person"

    @property
    def target(self) -> str:
        """Return the target in audit entries about the caller's sign-ins: the key's id or the person's handle."""
        return self.key_id or self.name


#: The roles that see the plans of their own teams alone, where there are teams: operators and admins see all.
CONFINED: Final = frozenset(role for role in Role if not role.includes(Role.OPERATOR))
#: Begins the name under which people without a key are counted: no key's id has a colon.
PERSON = "person:"
