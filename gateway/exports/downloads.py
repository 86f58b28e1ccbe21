"""Send lists as downloads: audited before the first row, streamed while they are read, with a time limit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from gateway.audit.texts import text
from gateway.audit.writing import Entry, tell
from gateway.exports import columns
from gateway.exports.calendar import ENGLISH, CalendarWords
from gateway.exports.columns import Columns, Row
from gateway.exports.download_limit import Download
from gateway.exports.writing import AT_ONCE, MEDIA, Form, Writer, writer
from gateway.shapes.attempts import TriedShape
from gateway.shapes.audit import AuditShape
from gateway.shapes.plans import EventShape, PlanRow
from gateway.shapes.shape import Given
from gateway.shapes.slo import ObjectiveShape
from gateway.shapes.tasks import TaskShape
from projections.plans import reads as plans
from projections.reads import audit, teams, tried
from projections.reads.audit import AuditFilter
from projections.reads.paging import Page, every
from projections.reads.rows import Reader
from projections.reads.teams import Team
from projections.reads.tried_filter import TriedFilter
from projections.tasks import reads as tasks
from projections.timeline import reads as timeline

#: Rows of one file: more does not fit into what spreadsheets open at ease.
MOST: Final = 100_000
#: How many rows a file has, and whether more fit than it takes.
ROWS, MORE = "X-Export-Rows", "X-Export-More"
#: How many tasks of the filter a calendar has not, since they have no day.
WITHOUT_DAY: Final = "X-Export-Without-Day"


@dataclass(frozen=True, slots=True)
class Leaving:
    """A list that is to leave: `rows` of the API, of which `count` fit, and `more` beyond what a file takes.

    `target`: what it is of, as the audit tells; `plan_id` where that is a plan. `named`: says of rows of plans, by the
    plan's id, which team that one belongs to.
    """

    action: str  # that the audit tells
    kind: str  # of what it tells
    columns: Columns
    count: int
    more: bool
    find: Callable[[str | None, int], Awaitable[Page[Any]]]
    shape: type[Given]
    without_day: int = 0
    target: str = ""
    plan_id: UUID | None = None
    file: str = ""  # its name, where that is not the action's
    named: Reader | None = None

    @property
    def name(self) -> str:
        return self.file or self.action.removeprefix("export.")

    async def rows(self) -> AsyncIterator[Row]:
        async for row, team in every(self._found, self.count):
            told = self.shape.model_validate(row).model_dump(mode="json", by_alias=True)
            yield told | {"team": team} if self.named is not None else told

    async def _found(self, cursor: str | None, limit: int) -> Page[tuple[Any, str]]:
        """Return a page of rows, each with the name of its plan's team: empty where it is of none."""
        page = await self.find(cursor, limit)
        known: Mapping[UUID, Team] = {}
        if self.named is not None:
            known = await teams.of_plans(self.named, list({row.plan_id for row in page.items}))
        of_none = Team(UUID(int=0), "")
        items = [(row, known.get(row.plan_id, of_none).name if known else "") for row in page.items]
        return Page(items, page.next_cursor, page.total)


async def of_plans(db: Reader, wanted: plans.PlanFilter, sort: str) -> Leaving:
    """Return the plans of a filter in their order."""

    async def find(cursor: str | None, limit: int) -> Page[Any]:
        return await plans.find(db, wanted, sort=sort, cursor=cursor, limit=limit)

    counted = await plans.find(db, wanted, sort=sort, limit=1, count=True, most=MOST)
    return replace(_of_page("export.plans", "plan", columns.PLANS, counted, find, PlanRow), named=db)


async def of_tasks(db: Reader, wanted: tasks.TaskFilter, sort: str, form: Form) -> Leaving:
    """Return the tasks of a filter in their order; for a calendar those that have a day."""
    listed = replace(wanted, dated=form is Form.ICS)

    async def find(cursor: str | None, limit: int) -> Page[Any]:
        return await tasks.find(db, listed, sort=sort, cursor=cursor, limit=limit)

    counted = await tasks.find(db, listed, sort=sort, limit=1, count=True, most=MOST)
    found = replace(_of_page("export.tasks", "task", columns.TASKS, counted, find, TaskShape), named=db)
    if not listed.dated:
        return found
    every_one = await tasks.find(db, wanted, sort=sort, limit=1, count=True, most=MOST)
    return replace(found, without_day=max(0, min(every_one.total or 0, MOST) - found.count))


async def of_audit(db: Reader, wanted: AuditFilter) -> Leaving:
    """Return who did what, newest first, without what comes while it is sent."""
    settled = await audit.until_now(db, wanted)
    found, more = await audit.count(db, settled, MOST)
    return Leaving("export.audit", "audit", columns.AUDIT, found, more, partial(_audit_page, db, settled), AuditShape)


async def of_attempts(db: Reader, outcome: tried.Outcome, wanted: TriedFilter) -> Leaving:
    """Return attempts of every plan with an outcome, the latest first, without what ends while it is sent."""
    now = datetime.now(UTC)
    settled = replace(wanted, until=min(wanted.until or now, now))

    async def find(cursor: str | None, limit: int) -> Page[Any]:
        return await tried.find(db, outcome, settled, cursor=cursor, limit=limit)

    found, more = await tried.count(db, outcome, settled, MOST)
    return Leaving("export.attempts", "attempt", columns.ATTEMPTS, found, more, find, TriedShape)


async def of_events(db: Reader, plan_id: UUID) -> Leaving:
    """Return the events of a plan and of its tasks, oldest first; none where there is no such plan, or none yet."""

    async def find(cursor: str | None, limit: int) -> Page[Any]:
        return await timeline.of_plan(db, plan_id, cursor=cursor, limit=limit)

    total = await timeline.count(db, plan_id)
    events = "export.events", "plan", columns.EVENTS
    return Leaving(*events, min(total, MOST), total > MOST, find, EventShape, target=str(plan_id), plan_id=plan_id)


def of_month(objectives: Sequence[ObjectiveShape], month: str) -> Leaving:
    """Return how the objectives stand: over a month, or over the last 30 days where `month` names none."""

    async def find(_cursor: str | None, _limit: int) -> Page[Any]:
        return Page(list(objectives), None, None)

    named = month or "last-30-days"
    return Leaving(
        "export.slo", "month", columns.OBJECTIVES, len(objectives), False, find, ObjectiveShape, target=named
    )


async def leave(
    request: Request,
    found: Callable[[], Awaitable[Leaving]],
    form: Form,
    asked: Mapping[str, Any],
    *,
    heads: Callable[[Columns], list[str]] = list,
    delimiter: str = ",",
    words: CalendarWords = ENGLISH,
) -> Response:
    """Answer with a file, and write down that it leaves. `asked` is the filter; `heads` names the columns otherwise.

    Whoever breaks off has seen some of it all the same: so it is told before the first row. Raises Problem where as
    many files leave as may.
    """
    place = request.state.services.downloads.take(request.state.principal.caller)
    try:
        leaving = await found()
        narrowed = dict(asked)
        if isinstance(sought := narrowed.get("q"), str):
            narrowed["q"] = await text(request, sought)
        told = {"rows": leaving.count, **({} if leaving.target else {"filter": narrowed})}
        await tell(request, Entry(leaving.action, leaving.kind, leaving.target, leaving.plan_id, after=told))
        url = str(request.base_url).rstrip("/")
        way = writer(form, leaving.columns, heads(leaving.columns), delimiter=delimiter, url=url, words=words)
    except BaseException:
        place.free()
        raise
    headers = {
        "Content-Disposition": f'attachment; filename="{leaving.name}.{form}"',
        ROWS: str(leaving.count),
        MORE: "true" if leaving.more else "false",
        **({WITHOUT_DAY: str(leaving.without_day)} if form is Form.ICS else {}),
    }
    lasts = partial(request.state.services.access.lasts, request, request.state.principal)
    return Download(_pieces(way, leaving.rows()), place, lasts, headers=headers, media_type=MEDIA[form])


async def _pieces(way: Writer, rows: AsyncIterator[Row]) -> AsyncGenerator[bytes]:
    """Make the pieces in a thread: others are answered meanwhile, while a large workbook is packed, too."""
    try:
        yield await asyncio.to_thread(way.begin)
        some: list[Row] = []
        async for row in rows:
            some.append(row)
            if len(some) >= AT_ONCE:
                yield await asyncio.to_thread(way.rows, some)
                some = []
        yield await asyncio.to_thread(way.rows, some)
        yield await asyncio.to_thread(way.end)
    finally:
        way.close()


async def _audit_page(db: Reader, wanted: AuditFilter, cursor: str | None, limit: int) -> Page[Any]:
    return await audit.find(db, wanted, cursor=cursor, limit=limit)


def _of_page(
    action: str,
    kind: str,
    shown: Columns,
    counted: Page[Any],
    find: Callable[[str | None, int], Awaitable[Page[Any]]],
    shape: type[Given],
) -> Leaving:
    return Leaving(action, kind, shown, min(counted.total or 0, MOST), _more(counted), find, shape)


def _more(counted: Page[Any]) -> bool:
    return counted.at_least or (counted.total or 0) > MOST
