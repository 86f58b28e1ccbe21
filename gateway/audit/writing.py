"""Write an audit entry in the transaction of the action it describes: both are stored, or neither."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import orjson
from starlette.requests import Request

from schemas.process.connection import Db

_WRITE: Final = """
    insert into audit.entry (actor, key_id, address, request_id, action, kind, target, plan_id, outcome, before, after,
                             reason)
    select $1, $2, $3, $4, * from unnest($5::text[], $6::text[], $7::text[], $8::uuid[], $9::text[], $10::jsonb[],
                                         $11::jsonb[], $12::text[])"""
#: Characters of an id or a name that an entry repeats: strangers choose some of them.
MOST_TARGET: Final = 400


@dataclass(frozen=True, slots=True)
class Who:
    """Caller, client address and request id of an audited action; the address is right behind declared proxies, too.

    `key_id` is a key's, or `person:` and the id of a person who has signed in without one.
    """

    actor: str = ""
    key_id: str = ""
    address: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One audit entry: the action and its object, with `before` and `after` for a change."""

    action: str
    kind: str
    target: str
    plan_id: UUID | None = None
    outcome: str = "accepted"
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    reason: str = ""


@dataclass(slots=True)
class Telling:
    """A transaction, and the audit entries that are written at its end."""

    db: Db
    who: Who
    entries: list[Entry] = field(default_factory=list)

    def tell(self, entry: Entry) -> None:
        """Have it written with the transaction."""
        self.entries.append(entry)


def address(request: Request) -> str:
    """Return the caller's address, the name under which strangers are counted."""
    return request.client.host if request.client else "unknown"


def who(request: Request) -> Who:
    """Return who sent a request."""
    principal = getattr(request.state, "principal", None)
    request_id = getattr(request.state, "request_id", "")
    if principal is None:
        return Who(address=address(request), request_id=request_id)
    return Who(principal.name, principal.caller, address(request), request_id)


@asynccontextmanager
async def audited(request: Request) -> AsyncIterator[Telling]:
    """Open a transaction for a person's request; its audit entries are written at its end."""
    async with request.state.services.pool.acquire() as connection, connection.transaction():
        telling = Telling(connection, who(request))
        yield telling
        await write(connection, telling.who, telling.entries)


async def tell(request: Request, entry: Entry) -> None:
    """Write what is no decision, such as that something was read: before it is answered."""
    await write(request.state.services.pool, who(request), [entry])


async def write(db: Db | Any, by: Who, entries: Sequence[Entry]) -> None:
    """Write entries with one statement; none, and no statement is sent."""
    if not entries:
        return
    await db.execute(
        _WRITE,
        by.actor,
        by.key_id,
        by.address,
        by.request_id,
        [one.action for one in entries],
        [one.kind for one in entries],
        [_clean(one.target)[:MOST_TARGET] for one in entries],
        [one.plan_id for one in entries],
        [one.outcome for one in entries],
        [_json(one.before) for one in entries],
        [_json(one.after) for one in entries],
        [_clean(one.reason) for one in entries],
    )


def _json(data: Mapping[str, Any] | None) -> str | None:
    return None if data is None else orjson.dumps(_storable(data)).decode()


def _storable(value: Any) -> Any:
    """Return a value without what Postgres does not take, in its names, too."""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, Mapping):
        return {_storable(name): _storable(one) for name, one in value.items()}
    return [_storable(one) for one in value] if isinstance(value, list | tuple) else value


def _clean(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()
