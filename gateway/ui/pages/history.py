"""`/plans/{id}/history`: a plan at any event, what changed with it and who did it; all events as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from functools import partial
from typing import Final
from uuid import UUID

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import Response

from gateway.audit.writing import Entry, tell
from gateway.exports.download_limit import Download
from gateway.services.services import Services
from gateway.shapes.cells import MARK, harmless_line
from gateway.shapes.plans import EventShape
from gateway.ui import i18n, preferences
from gateway.ui.i18n import gettext as _
from gateway.ui.rendering import render
from gateway.ui.words.history_words import said
from projections.past import reads as past
from projections.plans import reads as plans
from projections.reads import titles
from projections.reads.written import Shown
from projections.timeline import reads as timeline

log = structlog.get_logger("gateway")

#: Events of one page of the list.
PAGE: Final = 50
#: The tasks of the plan as it was that are shown at first; a link shows all. A phase has some ten.
TASKS: Final = 25
#: Events that are read at once for a file.
CHUNK: Final = 200


async def show(request: Request, plan_id: UUID) -> Response:
    """Show a plan as it was after the event whose number the address has; without one, after the last."""
    i18n.use(preferences.read(request).language)
    services: Services = request.state.services
    db = services.pool
    # in one snapshot: between two reads, a new event or a rebuild would leave the number without its event
    async with db.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        total = await timeline.count(connection, plan_id)
        number = _number(request, total)
        first = max(0, number - 1) // PAGE * PAGE
        numbered = list(enumerate(await timeline.first(Shown(connection), plan_id, PAGE, after=first), first + 1))
    event = next((e for n, e in numbered if n == number), None)
    if event is None:
        return await render(request, "plan_missing.html", status=404, plan_id=plan_id)
    tasks_shown = None if request.query_params.get("tasks") == "all" else TASKS
    moment, unreadable = None, False  # the page says why it cannot be looked at, and lists the events all the same
    try:
        async with services.looking_back:
            moment = await past.at(db, plan_id, number, tasks_shown)
    except past.TooMuch:
        pass
    except past.Unreadable:
        unreadable = True
        log.exception("an event of a history cannot be folded", plan=str(plan_id))
    return await render(
        request,
        "history.html",
        plan_id=plan_id,
        now=await plans.get(db, plan_id),
        moment=moment,
        unreadable=unreadable,
        number=number,
        total=total,
        event=event,
        numbered=numbered,
        page=PAGE,
        most=past.MOST_EVENTS,
        changes=said(moment.changed) if moment else [],
        titles=await _titles(services, [e for _n, e in numbered]),
    )


async def _titles(services: Services, events: Sequence[timeline.Event]) -> dict[str, str]:
    """Return what the tasks are called that events tell of."""
    named = {UUID(e.stream.removeprefix("task-")) for e in events if e.stream.startswith("task-")}
    return {str(task): title for task, title in (await titles.of_tasks(services.shown, named)).items()}


def _number(request: Request, total: int) -> int:
    """Return the number of the event in the address, limited to the existing ones, so that an old link still works."""
    text = request.query_params.get("at", "")
    if not text.isdecimal() or len(text) > 9:
        return total
    return min(max(1, int(text)), total)


async def export_csv(request: Request, plan_id: UUID) -> Response:
    """Return all events of a plan as a table, the oldest first."""
    return await _export(request, plan_id, "csv")


async def export_json(request: Request, plan_id: UUID) -> Response:
    """Return all events of a plan as the API gives them, the oldest first."""
    return await _export(request, plan_id, "json")


async def _export(request: Request, plan_id: UUID, kind: str) -> Response:
    i18n.use(preferences.read(request).language)
    services: Services = request.state.services
    place = services.downloads.take(request.state.principal.caller)
    try:
        total = await timeline.count(services.shown, plan_id)
        if not total:
            place.free()
            return await render(request, "plan_missing.html", status=404, plan_id=plan_id)
        await tell(request, Entry("export.events", "plan", str(plan_id), plan_id, after={"rows": total}))
    except BaseException:
        place.free()
        raise
    write, media = (_csv, "text/csv; charset=utf-8") if kind == "csv" else (_json, "application/json")
    headers = {"Content-Disposition": f'attachment; filename="plan-{plan_id}-events.{kind}"'}
    lasts = partial(services.access.lasts, request, request.state.principal)
    return Download(write(_events(request, plan_id), _head()), place, lasts, headers=headers, media_type=media)


async def _events(request: Request, plan_id: UUID) -> AsyncIterator[list[timeline.Event]]:
    """Yield the events by their place in the log, so that events recorded meanwhile shift nothing."""
    cursor: str | None = None
    while True:
        page = await timeline.of_plan(request.state.services.shown, plan_id, cursor=cursor, limit=CHUNK)
        yield page.items
        if page.next_cursor is None:
            return
        cursor = page.next_cursor


def _head() -> list[str]:
    return [
        _("Number"),
        _("Recorded"),
        _("Happened"),
        _("Type"),
        _("By"),
        _("Stream"),
        _("Version"),
        _("Event"),
        _("Caused by"),
        _("Trace"),
        _("On the log"),
        _("Data of the event"),
    ]


async def _csv(chunks: AsyncIterator[list[timeline.Event]], head: list[str]) -> AsyncGenerator[bytes]:
    yield MARK + _line(head)
    number = 0
    async for events in chunks:
        lines = []
        for e in events:
            number += 1
            place = f"{e.topic}/{e.partition}/{e.offset}"
            cells = [str(number), e.recorded_at.isoformat(), e.occurred_at.isoformat(), e.type, e.actor, e.stream]
            cells += [str(e.version), str(e.event_id), e.causation_id, e.trace_id or "", place]
            lines.append(_line([*cells, orjson.dumps(e.data).decode()]))
        yield b"".join(lines)


def _line(cells: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow([harmless_line(cell) for cell in cells])
    return text.getvalue().encode()


async def _json(chunks: AsyncIterator[list[timeline.Event]], _head: list[str]) -> AsyncGenerator[bytes]:
    yield b'{"items": ['
    between = b""
    async for events in chunks:
        for e in events:
            yield between + EventShape.model_validate(e).model_dump_json(by_alias=True).encode()
            between = b",\n"
    yield b"]}\n"
