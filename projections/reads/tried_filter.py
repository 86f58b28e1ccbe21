"""Which attempts of every plan are asked for, as conditions in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from projections.reads.attempts import JOBS, Job
from projections.reads.rows import Where
from schemas.lifecycle import TASK, TaskAction

#: Event -> the job that fails with it.
FAILS_WITH: Final[dict[str, Job]] = {"plan.channel.failed": "analysis", TASK.rules[TaskAction.FAIL].event: "task"}
#: Event -> the job that it ends.
DONE: Final[dict[str, Job]] = {
    "plan.channel.analyzed": "analysis",
    "plan.phase1.created": "phase1",
    "task.completed": "task",
}
#: Jobs that can be asked for, in the order in which they are offered.
ASKED: Final[tuple[Job, ...]] = ("analysis", "phase1", "task", "other")
# Written out, since the index is of these types only.
_TYPES: Final = ", ".join(f"'{type_}'" for type_ in DONE)
#: The channel of an analysis, as its stream has it: of that there is an index, and its data need not be read.
_CHANNEL: Final = "split_part(e.stream, '.', 2)"


@dataclass(frozen=True, slots=True)
class TriedFilter:
    """Which attempts: each field that says something narrows.

    `channels` are of analyses. Codes and groups are of attempts that failed. `since` is in the time, `until` is not.
    """

    plan: str = ""
    jobs: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


def of_failed(wanted: TriedFilter) -> Where:
    """Return the condition on attempts `a` that failed."""
    where = Where()
    where.any_of("a.code", wanted.codes)
    where.any_of("a.grp", wanted.groups)
    where.any_of("a.channel", wanted.channels)
    if wanted.jobs:
        where.add(f"({' or '.join(_of_job(job) for job in wanted.jobs)})")
    if wanted.plan:
        where.add(f"a.key = {where.arg(wanted.plan)}")
    _within(where, "a.at", wanted)
    return where


def of_done(wanted: TriedFilter) -> Where:
    """Return the condition on events `e` that tell of attempts which ended well."""
    where = Where()
    where.add(f"e.type in ({_TYPES})")
    if wanted.jobs:
        ends = [type_ for type_, job in DONE.items() if job in wanted.jobs]
        where.add(f"e.type = any ({where.arg(ends)}::text[])")
    if wanted.channels:
        where.add("e.type = 'plan.channel.analyzed'")
        where.any_of(_CHANNEL, wanted.channels)
    if (plan := wanted.plan) and (known := _id(plan)) is not None:
        where.add(f"e.plan_id = {where.arg(known)}")
    elif plan:
        where.add(f"e.plan_id::text = {where.arg(plan)}")
    _within(where, "e.recorded_at", wanted)
    return where


def _within(where: Where, at: str, wanted: TriedFilter) -> None:
    if wanted.since is not None:
        where.add(f"{at} >= {where.arg(wanted.since)}")
    if wanted.until is not None:
        where.add(f"{at} < {where.arg(wanted.until)}")


def _of_job(job: str) -> str:
    """Return the condition that an attempt `a` is one at this job, as its type and group say."""
    records = [
        f"a.type = '{type_}' and a.grp = '{group}'" for (type_, group), of in JOBS.items() if job in (of, "other")
    ]
    events = [f"a.type = '{type_}'" for type_, of in FAILS_WITH.items() if job in (of, "other")]
    known = f"coalesce({' or '.join(f'({one})' for one in (*records, *events)) or 'false'}, false)"
    return f"not {known}" if job == "other" else known


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
