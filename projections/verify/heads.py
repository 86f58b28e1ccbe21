"""Holds what decides the next command to a plan or task, its head, against what the log says of it.

A head that was changed by hand lets a plan be decided twice, or never. One that is behind the log, as after a restore
of an older database, gives the next event a version that there is already.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

import asyncpg

from projections.verify.expected import Expected, Found

#: Rows of some plans, with arguments: it is how the tables are read.
Rows = Callable[..., AsyncIterator[asyncpg.Record]]

_HEADS: Final = """
    select stream, version, reserved, status from decide.head
     where (right(plan_id::text, 4) collate "C") >= $1 and (right(plan_id::text, 4) collate "C") < $2"""
_ON_ITS_WAY: Final = """
    select distinct stream from decide.outbox
     where published_at is null and raw_headers is null and topic = any($3::text[])
       and (right(key, 4) collate "C") >= $1 and (right(key, 4) collate "C") < $2"""


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads of some plans and of their tasks, and which of these have an event that is not in the log yet."""

    of: Mapping[str, tuple[int, int, str]]  # stream -> version, how many of it are reserved, status
    on_its_way: Collection[str]


async def heads_of(rows: Rows, part: tuple[str, str], topics: Collection[str]) -> Heads:
    """Return the heads of the plans of a part."""
    return Heads(
        # there are many heads, and few statuses
        {r[0]: (r[1], r[2], sys.intern(r[3])) async for r in rows(_HEADS, *part)},
        frozenset([r[0] async for r in rows(_ON_ITS_WAY, *part, list(topics))]),
    )


def compare_heads(expected: Expected, heads: Heads, found: Found) -> None:
    """Note each head that does not fit the log.

    Agents write the versions that are reserved, and the head hears of these with the next command. So the log may be
    ahead of what was decided, but not of what was given away; and it is behind only while an event is on its way.
    """
    for stream, (version, reserved, status) in heads.of.items():
        kind, _, id_ = stream.partition("-")
        there = expected.plans.get(id_) if kind == "plan" else expected.tasks.get(id_)
        logged, says = (0, "") if there is None else there[:2]
        decided = version - reserved
        is_behind = logged < decided and stream not in heads.on_its_way
        if is_behind or logged > version or (logged == decided and says != status):
            found["head", stream] = (
                f"the next command to {stream} is decided by version {decided}, {status!r}, but the log says"
                f" {(logged, says)}"
            )
