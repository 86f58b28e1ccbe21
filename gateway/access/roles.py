"""Who is asking, and in which role."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.rules import Role

__all__ = ["Principal", "Role"]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking: an API key, whether it came itself or through a sign-in."""

    key_id: str
    name: str
    role: Role
