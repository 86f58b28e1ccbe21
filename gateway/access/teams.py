"""Make, change and close teams, which decide who sees which plans. Each change, and each move of a plan, is audited.

Every change raises a counter, by which all gateways drop what they remember of who may see what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from gateway.access.callers import KEY_WORKS, REVOKED
from gateway.access.roles import CONFINED
from gateway.audit.writing import Entry, Who, write
from projections.reads.rows import from_json
from projections.reads.seen import NOBODYS
from schemas.process.connection import Db

_ALL: Final = f"""
    select t.team_id, t.name, t.made_at, t.made_by, t.closed_at,
           (select count(*) from decide.plan_team pt where pt.team_id = t.team_id) as plans,
           coalesce((select jsonb_agg(jsonb_build_object('kind',
                                                         case when m.key_id is null then 'person' else 'key' end,
                                                         'id', coalesce(p.handle, k.key_id),
                                                         'name', coalesce(p.name, k.name),
                                                         'role', coalesce(p.role, k.role))
                                      order by m.key_id is not null, coalesce(p.handle, k.name))
                       from access.team_member m left join access.person p using (person_id)
                       left join access.api_key k on k.key_id = m.key_id
                      where m.team_id = t.team_id and p.ended_at is null and ({REVOKED}) is null), '[]') as members
      from access.team t"""  # noqa: S608 - constants only
#: Keys that work, belong to nobody and are in no team: they see every plan.
_MACHINES: Final = f"""
    select count(*) from access.api_key k
     where k.person_id is null and {KEY_WORKS}
       and k.role = any ($1::text[])
       and not exists (select from access.team_member m where m.key_id = k.key_id)"""  # noqa: S608 - constants only
_CHANGED: Final = "update access.team_change set version = version + 1"
_LOCKED: Final = "select name, closed_at from access.team where team_id = $1 for update"
#: Plans of a team that move in one transaction.
AT_ONCE: Final = 1000
#: Plans are locked in the order of their ids: two who move the same ones do not wait for each other in a circle.
_NEXT: Final = "select plan_id from decide.plan_team where team_id = $1 order by plan_id limit $2"
_LEFT: Final = "select count(*) from decide.plan_team where team_id = $1"
_THERE: Final = "select plan_id from decide.head where stream in (select 'plan-' || p from unnest($1::uuid[]) p)"
_WITH_ROWS: Final = """
    insert into decide.plan_team (plan_id) select p from unnest($1::uuid[]) p on conflict do nothing"""
_MOVE: Final = """
    with was as (
        select plan_id, team_id from decide.plan_team where plan_id = any ($1::uuid[]) order by plan_id for update)
    update decide.plan_team pt set team_id = $2, since = now()
      from was where pt.plan_id = was.plan_id and was.team_id <> $2
    returning pt.plan_id, was.team_id as was"""
_MEMBER: Final = {
    "person": (
        "select person_id as id from access.person where handle = $1 and ended_at is null for share",
        "person_id",
    ),
    "key": (
        (
            "select k.key_id as id from access.api_key k"  # noqa: S608 - constants only
            f" where k.key_id = $1 and ({REVOKED}) is null and k.person_id is null for share"
        ),
        "key_id",
    ),
}


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a team: a person by handle, or an unowned key by id."""

    kind: str
    id: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class TeamInfo:
    """A team with its members and its number of plans."""

    team_id: UUID
    name: str
    made_at: datetime
    made_by: str
    closed_at: datetime | None
    plans: int
    members: list[Member]


@dataclass(frozen=True, slots=True)
class Moves:
    """The result of a move: plans moved, named plans that do not exist, and plans that are left in the team."""

    moved: int
    unknown: list[UUID]
    left: int


class NameTaken(Exception):  # noqa: N818 - it says what it is
    """Another open team has this name."""


class NotOpen(Exception):  # noqa: N818 - it says what it is
    """The team is unknown or closed: it takes no more plans."""


class NoSuchMember(Exception):  # noqa: N818 - it says what it is
    """The person or key is unknown, the person has ended, or the key has an owner, who is to be the member."""


class Teams:
    """The teams in Postgres. Every method raises asyncpg's errors where that is away."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def all(self) -> list[TeamInfo]:
        """Return every team by name, the closed ones last."""
        rows = await self._pool.fetch(f"{_ALL} order by t.closed_at is not null, lower(t.name), t.team_id")
        return [_info(row) for row in rows]

    async def find(self, team_id: UUID) -> TeamInfo | None:
        """Return one team, None where there is none."""
        row = await self._pool.fetchrow(f"{_ALL} where t.team_id = $1", team_id)
        return None if row is None else _info(row)

    async def seeing_all(self) -> int:
        """Return how many viewer and analyst keys see every plan, because they have no owner and no team."""
        found: int = await self._pool.fetchval(_MACHINES, sorted(CONFINED))
        return found

    async def make(self, name: str, by: Who) -> UUID:
        """Make a team; return its id. Raises NameTaken."""
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                team_id: UUID = await connection.fetchval(
                    "insert into access.team (name, made_by) values ($1, $2) returning team_id", name, by.actor
                )
                await _told(connection, by, Entry("team.create", "team", str(team_id), after={"name": name}))
        except asyncpg.UniqueViolationError:
            raise NameTaken(name) from None
        return team_id

    async def rename(self, team_id: UUID, name: str, by: Who) -> bool:
        """Give a team another name; return whether there is an open one. Raises NameTaken."""
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                before = await _open(connection, team_id)
                if before is None:
                    return False
                await connection.execute("update access.team set name = $2 where team_id = $1", team_id, name)
                told = Entry("team.change", "team", str(team_id), before={"name": before}, after={"name": name})
                await _told(connection, by, told)
        except asyncpg.UniqueViolationError:
            raise NameTaken(name) from None
        return True

    async def close(self, team_id: UUID, by: Who) -> bool:
        """Close a team: it takes no more plans and members. Return whether there was an open one."""
        async with self._pool.acquire() as connection, connection.transaction():
            before = await _open(connection, team_id)
            if before is None:
                return False
            await connection.execute("update access.team set closed_at = now() where team_id = $1", team_id)
            await _told(connection, by, Entry("team.close", "team", str(team_id), before={"name": before}))
        return True

    async def add(self, team_id: UUID, kind: str, member: str, by: Who) -> bool:
        """Add a person or a key to a team; return whether the team is open. Raises NoSuchMember."""
        async with self._pool.acquire() as connection, connection.transaction():
            if await _open(connection, team_id) is None:
                return False
            found, column = await _member(connection, kind, member)
            done: str = await connection.execute(
                f"insert into access.team_member (team_id, {column}) values ($1, $2) on conflict do nothing",  # noqa: S608 - a name of our own
                team_id,
                found,
            )
            if done.endswith("1"):
                told = Entry("team.add", "team", str(team_id), after=_of(kind, member))
                await _told(connection, by, told)
        return True

    async def remove(self, team_id: UUID, kind: str, member: str, by: Who) -> bool:
        """Remove a person or a key from a team, open or closed; return whether it was a member."""
        async with self._pool.acquire() as connection, connection.transaction():
            column = _MEMBER[kind][1]
            done: str = await connection.execute(
                f"delete from access.team_member where team_id = $1 and {column} ="  # noqa: S608 - a name of our own
                + (" (select person_id from access.person where handle = $2)" if kind == "person" else " $2"),
                team_id,
                member,
            )
            if done.endswith(" 0"):
                return False
            await _told(connection, by, Entry("team.remove", "team", str(team_id), before=_of(kind, member)))
        return True

    async def move(
        self, team_id: UUID | None, reason: str, by: Who, *, plans: Sequence[UUID] = (), of: UUID | None = None
    ) -> Moves:
        """Give these plans, or the next AT_ONCE of the team `of`, to an open team or to none. Raises NotOpen.

        The team is looked at where there is anything to move.

        All of them, or none; each that moves is audited.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            to = team_id or UUID(NOBODYS)
            found = list(plans) if of is None else await _next(connection, of)
            known = {row["plan_id"] for row in await connection.fetch(_THERE, found)}
            if known and team_id is not None and await _open(connection, team_id) is None:
                raise NotOpen(team_id)
            await connection.execute(_WITH_ROWS, sorted(known))
            moved = await connection.fetch(_MOVE, sorted(known), to)
            await write(connection, by, [_moved(row["plan_id"], row["was"], team_id, reason) for row in moved])
            if moved:
                await changed(connection)
            left = await connection.fetchval(_LEFT, of) if of is not None else 0
        return Moves(len(moved), [plan for plan in found if plan not in known], left)


async def leave(db: Db, person_id: str) -> None:
    """Take a person out of all teams. Belongs in the transaction that ends or erases the person."""
    await db.execute("delete from access.team_member where person_id = $1", person_id)


async def changed(db: Db) -> None:
    """Raise the counter of changes, for all gateways. Belongs in the transaction of the change."""
    await db.execute(_CHANGED)


async def _next(db: Db, team_id: UUID) -> list[UUID]:
    return [row["plan_id"] for row in await db.fetch(_NEXT, team_id, AT_ONCE)]


def _moved(plan_id: UUID, was: UUID, team_id: UUID | None, reason: str) -> Entry:
    before = {"team": None if str(was) == NOBODYS else str(was)}
    after = {"team": None if team_id is None else str(team_id)}
    return Entry("plan.move", "plan", str(plan_id), plan_id, before=before, after=after, reason=reason)


def _of(kind: str, member: str) -> dict[str, str]:
    return {"person": member} if kind == "person" else {"key": member}


async def _told(db: Db, by: Who, entry: Entry) -> None:
    await write(db, by, [entry])
    await changed(db)


async def _open(db: Db, team_id: UUID) -> str | None:
    """Return the name of an open team, locked until the transaction ends; None if there is none."""
    row = await db.fetchrow(_LOCKED, team_id)
    return None if row is None or row["closed_at"] is not None else str(row["name"])


async def _member(db: Db, kind: str, member: str) -> tuple[str, str]:
    query, column = _MEMBER[kind]
    found = await db.fetchval(query, member)
    if found is None:
        raise NoSuchMember(member)
    return str(found), column


def _info(row: Any) -> TeamInfo:
    members = [Member(**one) for one in from_json(row["members"])]
    return TeamInfo(**{**dict(row), "members": members})
