"""Roles: each includes those before it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """A role; its value is its name. Compare with `includes`, never with `<`, which would be alphabetical."""

    VIEWER = "viewer"  # reads
    ANALYST = "analyst"  # uploads, decides on plans, works on tasks
    OPERATOR = "operator"  # repairs
    ADMIN = "admin"  # gives and takes keys

    def includes(self, needed: Role) -> bool:
        """Return whether this role may do what `needed` may do."""
        return _RANK[self] >= _RANK[needed]


_RANK: Final = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking: an API key, whether it came itself or through a browser session."""

    key_id: str
    name: str
    role: Role
