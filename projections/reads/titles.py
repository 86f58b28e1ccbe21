"""What plans and tasks are called, for lists of something else that name them by their ids."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from projections.reads.rows import Reader


async def of_plans(db: Reader, plans: Iterable[UUID]) -> dict[UUID, str]:
    """Return plan id -> title; unknown plans and plans without a title are left out."""
    rows = await db.fetch("select p.plan_id, p.title from rm.plan p where p.plan_id = any ($1)", list(plans))
    return {row["plan_id"]: row["title"] for row in rows if row["title"]}


async def of_tasks(db: Reader, tasks: Iterable[UUID]) -> dict[UUID, str]:
    """Return task id -> title; unknown tasks are left out."""
    rows = await db.fetch("select t.task_id, t.title from rm.task t where t.task_id = any ($1)", list(tasks))
    return {row["task_id"]: row["title"] for row in rows if row["title"]}
