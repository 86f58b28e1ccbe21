"""Count what a person owns before the person is ended or erased."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from projections.reads.due import GOING
from projections.reads.rows import Reader

_TASKS: Final = f"""
    select t.assignee as handle, count(*) as n from rm.task t
     where t.assignee = any ($1::text[]) and t.status in ({GOING}) group by 1"""  # noqa: S608 - constants
#: As an erasure takes them: those whose document, or whose names, were erased before have no names any more.
_NAMES: Final = """
    select p.uploaded_by as handle, count(*) as n from rm.plan p
     where p.uploaded_by = any ($1::text[])
       and not exists (select from decide.data_key k where k.plan_id = p.plan_id and k.erased_at is not null)
     group by 1"""


async def open_tasks(db: Reader, handles: Sequence[str]) -> dict[str, int]:
    """Count the open tasks of each of these people; people without any are left out."""
    return await _counted(db, _TASKS, handles)


async def named_plans(db: Reader, handles: Sequence[str]) -> dict[str, int]:
    """Return of how many plans of these people the log and the pages have a title and a file name."""
    return await _counted(db, _NAMES, handles)


async def _counted(db: Reader, sql: str, handles: Sequence[str]) -> dict[str, int]:
    rows = await db.fetch(sql, list(handles)) if handles else []
    return {row["handle"]: row["n"] for row in rows}
