"""Limit a caller to the plans they may see: the reader that serves them, and 404 for any other plan or task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from gateway.access.roles import Principal
from gateway.problems.problem import not_found
from projections.reads.rows import Reader
from projections.reads.seen import Seen

#: Parts of addresses that name a plan or what is of one: what is not seen is answered as what is not there.
_KNOWN: Final = {
    "plan_id": "select exists (select from decide.head where stream = 'plan-' || $1::uuid)"
    " or exists (select from rm.plan where plan_id = $1)",
    "task_id": "select exists (select from rm.task where task_id = $1)"
    " or exists (select from decide.head where stream = 'task-' || $1::uuid)",
}
#: What a command names by its kind.
_KINDS: Final = {"plan": "plan_id", "task": "task_id"}


def reader(db: Reader, principal: Principal | None) -> Reader:
    """Return a reader limited to the plans that the caller may see."""
    return db if principal is None or not principal.confined else Seen(db, principal.teams)


async def demand_seen(db: Reader, principal: Principal, named: dict[str, object]) -> None:
    """Check that the caller may see the plan or task of the address. Raises Problem 404, as for an unknown one."""
    if not principal.confined:
        return
    seen = Seen(db, principal.teams)
    for name, value in named.items():
        if name in _KNOWN and not await seen.fetchval(_KNOWN[name], value):
            raise not_found(name.removesuffix("_id"), value)


async def unseen(db: Reader, principal: Principal, kind: str, ids: Sequence[UUID]) -> set[UUID]:
    """Return which of these plans or tasks do not exist, or are hidden from the caller."""
    if not principal.confined or kind not in _KINDS:
        return set()
    seen, asked = Seen(db, principal.teams), _KNOWN[_KINDS[kind]]
    rows = await seen.fetch(
        f"select id from unnest($1::uuid[]) one (id) where not ({asked.replace('$1::uuid', 'id').replace('$1', 'id')})",  # noqa: S608 - constants
        list(ids),
    )
    return {row["id"] for row in rows}
