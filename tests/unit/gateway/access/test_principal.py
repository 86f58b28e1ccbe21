"""What somebody may do takes the role and, by a key that is limited, the scope."""

from __future__ import annotations

import pytest

from gateway.access.roles import Principal, Role
from gateway.access.scopes import KeyScope


@pytest.mark.parametrize(
    ("role", "scopes", "may"),
    [
        (Role.ANALYST, set(), True),
        (Role.ADMIN, set(), True),
        (Role.VIEWER, set(), False),
        (Role.ANALYST, {KeyScope.APPROVE, KeyScope.READ}, True),
        (Role.ANALYST, {KeyScope.READ}, False),
        (Role.ADMIN, {KeyScope.UPLOAD}, False),
        (Role.VIEWER, {KeyScope.APPROVE}, False),
    ],
)
def test_both_are_needed(role: Role, scopes: set[KeyScope], may: bool) -> None:
    who = Principal("k", "n", role, scopes=frozenset(scopes))
    assert who.may(Role.ANALYST, KeyScope.APPROVE) is may
