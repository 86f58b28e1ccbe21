"""Which dead letters are read, as a condition of SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from projections.reads.outlook import BLOCKED, STORED_BLOCKED
from projections.reads.rows import Where, contains

STATES: Final = ("open", BLOCKED, "replayed", "discarded")


@dataclass(frozen=True, slots=True)
class LetterFilter:
    """Which letters: each non-empty field narrows."""

    states: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    fingerprint: str = ""
    plan_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    q: str = ""  # part of the id, the key or the message
    readable: bool = False  # only those whose payload, or the edited one, somebody can read


def narrow(wanted: LetterFilter) -> Where:
    """Return the condition of a filter, for `rm.dead_letter d`."""
    where = Where()
    where.add("d.dead_at is not null")
    where.any_of("d.state", tuple(STORED_BLOCKED if one == BLOCKED else one for one in wanted.states))
    where.any_of("d.grp", wanted.groups)
    where.any_of("d.code", wanted.codes)
    where.any_of("d.type", wanted.types)
    if wanted.readable:
        where.add(
            "(d.data is not null or exists (select from flow.dead_head f"
            " where f.record_id = d.record_id and f.edit_data is not null))"
        )
    if wanted.fingerprint:
        where.add(f"d.fingerprint = {where.arg(wanted.fingerprint)}")
    if wanted.plan_id is not None:
        where.add(f"d.plan_id = {where.arg(wanted.plan_id)}")
    if wanted.since is not None:
        where.add(f"d.dead_at >= {where.arg(wanted.since)}")
    if wanted.until is not None:
        where.add(f"d.dead_at < {where.arg(wanted.until)}")
    if wanted.q:
        part = where.arg(contains(wanted.q))
        where.add(f"(d.record_id ilike {part} or d.key ilike {part} or d.message ilike {part})")
    return where
