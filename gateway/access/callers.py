"""Find the principal of a key, a sign-in or a link: its person, or the key itself if it has none."""

from __future__ import annotations

from typing import Final

import asyncpg

from gateway.access.roles import CONFINED, Principal, Role
from gateway.access.scopes import KeyScope

#: When a key `k` of `access.api_key` was revoked. A limited one has `revoked_at` from its limit on: gateways of 0.2.0
#: know no scopes, and take it for a revoked one.
REVOKED: Final = "case when k.scopes = '{}' then k.revoked_at else k.ended_at end"
#: A key `k` is in use.
KEY_WORKS: Final = f"({REVOKED}) is null and (k.expires_at is null or k.expires_at > now())"
#: The key of a sign-in or a link `o`, where it has one, and the person `p` behind either.
OWNERS: Final = """
    left join access.api_key k on k.key_id = o.key_id
    left join access.person p on p.person_id = coalesce(o.person_id, k.person_id)"""
#: Both of them may still act.
OWNERS_MAY: Final = f"(o.key_id is null or {KEY_WORKS}) and p.ended_at is null"
#: What `principal_of` reads. A person's teams are those of all their keys; a key's own ones count while it is nobody's.
COLUMNS: Final = """k.key_id, k.name, k.role, k.scopes, p.person_id, p.handle, p.role as person_role,
    exists (select from access.team) as teamed,
    array(select m.team_id::text from access.team_member m
           where case when p.person_id is null then m.key_id = k.key_id else m.person_id = p.person_id end
           order by 1) as teams"""


def principal_of(row: asyncpg.Record) -> Principal:
    """Return the principal of a row. A person with a key has the lesser of both roles.

    Where there are teams, a key that is nobody's and in none of them is a machine's, and sees every plan.
    """
    key_id, teams = row["key_id"] or "", tuple(row["teams"])
    scopes = frozenset(map(KeyScope, row["scopes"] or ()))  # of nobody's key: none
    if row["person_id"] is None:
        role = Role(row["role"])
        confined = role in CONFINED and bool(teams)
        return Principal(key_id, row["name"], role, teams=teams, confined=confined, scopes=scopes)
    role = Role(row["person_role"])
    if key_id:
        role = role.lesser(Role(row["role"]))
    confined = role in CONFINED and row["teamed"]
    return Principal(key_id, row["handle"], role, row["person_id"], teams, confined, scopes)
