"""The attempts at what a plan needed, page by page: running ones first, then the latest first.

A plan has a few attempts at analyses, Phase 1 and records, and up to thousands at its tasks. Of these the database
counts all, and a page reads those that it shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from projections.reads.attempts import OF_TASKS, Attempt, beside_tasks
from projections.reads.paging import DEFAULT_LIMIT, Key, Order, Page
from projections.reads.rows import Reader, Where, from_json
from schemas.lifecycle import TASK, TaskAction

# Others stand before tasks of the same moment, in their own order; tasks go by the events that tell of them.
ORDER: Final = Order(
    "attempts",
    (
        Key("a.running", "integer", descending=True),
        Key("a.at", "timestamptz", descending=True),
        Key("a.place", "integer"),
        Key("a.stream", "text"),
        Key("a.version", "integer"),
    ),
)
#: The place of every task among attempts of one moment: behind all others.
_TASKS: Final = 1_000_000
_STARTED: Final = TASK.rules[TaskAction.START].event
_RETRIED: Final = TASK.rules[TaskAction.RETRY].event
_STREAM: Final = "task-"
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
# An attempt is the end of one, with the start right before it if somebody began it, or a start that nothing follows.
# Its number is that of the last retry before it. Events are read whole only for what the page shows.
_PAGE: Final = """
    with told as (
        select stream, version, type, occurred_at as at, lag(type) over one = {started} as was_begun,
               lag(version) over one as begun_version, lag(occurred_at) over one as begun_at,
               lead(type) over one is null as is_last
          from rm.timeline where plan_id = {plan} and type = any ({types}::text[])
        window one as (partition by stream order by version)),
    tried as (
        select stream, version, type, at, (type = {started})::int as running, {tasks} as place,
               case when type = {started} then at when was_begun then begun_at end as began_at,
               case when type <> {started} and was_begun then begun_version else version end as from_version
          from told where type <> {started} or is_last)
    select c.total, a.*, e.actor, e.data::text as data,
           coalesce((select (b.data ->> 'attempt')::int from rm.timeline b
                      where b.plan_id = {plan} and b.stream = a.stream and b.version < a.from_version
                        and b.type = {retried} order by b.version desc limit 1), 1) as number
      from (select count(*) as total from tried) c
      left join lateral (select a.*, {keys} from tried a {where} {order} limit {limit}) a on true
      left join rm.timeline e on e.plan_id = {plan} and e.stream = a.stream and e.version = a.version
     {order}"""


@dataclass(frozen=True, slots=True)
class _Placed:
    """An attempt, and the values of the order's keys."""

    attempt: Attempt
    running: int
    at: datetime
    place: int
    keys: Sequence[str]


async def find(db: Reader, plan_id: UUID, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT) -> Page[Attempt]:
    """Return a page of the attempts, and how many there are. Raises BadCursor."""
    others = _in_order(await beside_tasks(db, plan_id))
    tasks, total = await _at_tasks(db, plan_id, cursor, limit)
    shown = [one for one in others if cursor is None or _is_behind(one, ORDER.place(cursor))]
    together = sorted([*shown, *tasks], key=lambda one: one.place)
    together.sort(key=lambda one: (one.running, one.at), reverse=True)
    last = together[limit - 1] if len(together) > limit else None
    following = None if last is None else ORDER.cursor({"cursor_keys": last.keys})
    return Page([one.attempt for one in together[:limit]], following, total + len(others))


def _in_order(found: Sequence[Attempt]) -> list[_Placed]:
    """Return attempts in the order of pages; those of one moment have places of their own."""
    moments: dict[tuple[int, datetime], int] = {}
    placed = []
    for one in sorted(found, key=lambda one: one.number, reverse=True):
        moment = int(one.ended_at is None), one.ended_at or one.began_at or _NEVER
        place = moments[moment] = moments.get(moment, -1) + 1
        placed.append(_Placed(one, *moment, place, (str(moment[0]), moment[1].isoformat(), str(place), "", "0")))
    return placed


def _is_behind(one: _Placed, place: Sequence[Any]) -> bool:
    running, at, of_moment = place[:3]
    return (one.running, one.at) < (running, at) or ((one.running, one.at) == (running, at) and one.place > of_moment)


async def _at_tasks(db: Reader, plan_id: UUID, cursor: str | None, limit: int) -> tuple[list[_Placed], int]:
    """Return the attempts at tasks behind a place, one more than a page shows, and how many there are in all."""
    where = Where()
    given = {
        "plan": where.arg(plan_id) + "::uuid",
        "types": where.arg([*OF_TASKS, _STARTED]),
        "started": where.arg(_STARTED) + "::text",
        "retried": where.arg(_RETRIED) + "::text",
    }
    if cursor is not None:
        ORDER.start_after(cursor, where)
    parts = {"tasks": f"{_TASKS:d}", "keys": ORDER.columns(), "where": where.sql(), "order": ORDER.order_by()}
    rows = await db.fetch(_PAGE.format(**given, **parts, limit=f"{limit + 1:d}"), *where.args)
    found = [row for row in rows if row["stream"] is not None]
    return [_Placed(_at_task(row), row["running"], row["at"], _TASKS, row["cursor_keys"]) for row in found], (
        rows[0]["total"]
    )


def _at_task(row: Mapping[str, Any]) -> Attempt:
    task, number, began_at = row["stream"].removeprefix(_STREAM), row["number"], row["began_at"]
    if row["running"]:
        return Attempt("task", task, number, "running", began_at, None)
    data = from_json(row["data"])
    reason = data.get("reason") or data.get("note") or ""
    said = reason if isinstance(reason, str) else ""
    return Attempt("task", task, number, OF_TASKS[row["type"]], began_at, row["at"], row["actor"], reason=said)
