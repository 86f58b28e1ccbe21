"""The attempts of one plan, page by page: the same as by all of its events, and no more read than is shown."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest

from projections.reads import attempts, plan_attempts
from projections.reads.attempts import Attempt
from projections.reads.paging import BadCursor, Page
from schemas.lifecycle import TASK, TaskAction, TaskStatus
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_attempts import PLANS, Counting, event

#: What people do with a task, for the most part in the order in which it makes sense.
_DONE_WITH = (
    TaskAction.ASSIGN, TaskAction.START, TaskAction.START, TaskAction.FAIL, TaskAction.FAIL, TaskAction.RETRY,
    TaskAction.COMPLETE, TaskAction.CANCEL, TaskAction.COMMENT,
)  # fmt: skip


def by_events(events: Iterable[Mapping[str, Any]]) -> list[Attempt]:
    """Return the attempts at tasks by their events in the order of the log, in plain Python."""
    tries: dict[str, int] = {}
    begun: dict[str, tuple[int, datetime]] = {}
    found: list[Attempt] = []
    for one in events:
        data, type_ = orjson.loads(one["data"]), one["type"]
        task = data.get("task_id", "")
        if type_ == "task.retried":
            tries[task] = data["attempt"]
        elif type_ == "task.started":
            begun[task] = tries.get(task, 1), one["occurred_at"]
        elif type_ in attempts.OF_TASKS:
            number, began_at = begun.pop(task, (tries.get(task, 1), None))
            reason = data.get("reason") or data.get("note") or ""
            outcome, at = attempts.OF_TASKS[type_], one["occurred_at"]
            found.append(Attempt("task", task, number, outcome, began_at, at, one["actor"], reason=reason))
    return [*found, *(Attempt("task", task, n, "running", at, None) for task, (n, at) in begun.items())]


async def every_event(gateway: Running, plan: UUID) -> list[Any]:
    return await gateway.pool.fetch(
        "select type, occurred_at, recorded_at, actor, data from rm.timeline where plan_id = $1 order by recorded_at,"
        ' topic, "offset"',
        plan,
    )


async def page_by_page(gateway: Running, plan: UUID, limit: int) -> list[Attempt]:
    found: list[Attempt] = []
    cursor: str | None = None
    while True:
        page = await plan_attempts.find(gateway.pool, plan, cursor=cursor, limit=limit)
        found += page.items
        if page.next_cursor is None:
            assert page.total == len(found)
            return found
        assert len(page.items) == limit
        cursor = page.next_cursor


def _said(action: TaskAction, tries: int) -> dict[str, Any]:
    if action is TaskAction.RETRY:
        return {"attempt": tries}
    return {"reason": "no photos"} if action is TaskAction.FAIL else {"note": "done"}


async def work_on(gateway: Running, plan: UUID, task: str, drawn: random.Random) -> None:
    """Do what a lifecycle allows with a task, at moments some of which are those of other tasks."""
    status, version, tries, second = TaskStatus.OPEN, 1, 1, drawn.randrange(4)
    for action in drawn.choices(_DONE_WITH, k=drawn.randrange(1, 9)):
        rule = TASK.rules[action]
        if status not in rule.needs:
            continue
        version, second = version + 1, second + drawn.randrange(3)
        tries += action is TaskAction.RETRY
        await event(gateway, plan, version, rule.event, second, task_id=task, **_said(action, tries))
        status = status if rule.to is None else rule.to


@pytest.mark.parametrize("drawn", range(4))
async def test_all_pages_are_what_all_events_tell(gateway: Running, drawn: int) -> None:
    plan, numbers = await seed.add_plan(gateway.pool), random.Random(drawn)
    await event(gateway, plan, 1, "plan.uploaded", 0, channels=["shopee", "amazon"])
    gave_nothing = [{"agent": "gpt", "code": "agent-timeout", "reason": "no answer"}] * 2
    await event(gateway, plan, 2, "plan.channel.analyzed", 2, channel="shopee", fallback=gave_nothing)
    await event(gateway, plan, 3, "plan.approved", 3)
    await event(gateway, plan, 4, "plan.phase1.created", 3, tasks=[])
    await event(gateway, plan, 5, "plan.channel.requested_again", 4, channel="shopee", analyst="rules")
    await event(gateway, plan, 2, "task.started", 1, task_id="t-begun")
    for task in range(16):
        await work_on(gateway, plan, f"t-{task}", numbers)
    events = await every_event(gateway, plan)
    told = [*attempts.from_events([dict(row) for row in events]), *by_events(events)]
    assert {one.outcome for one in told if one.job == "task"} >= {"failed", "running"}

    found = await page_by_page(gateway, plan, 3)

    assert sorted(found, key=repr) == sorted(told, key=repr)
    assert found == await page_by_page(gateway, plan, 200), "whatever the pages"
    assert found == await page_by_page(gateway, plan, 1)
    running = [one.ended_at is None for one in found]
    assert running == sorted(running, reverse=True)
    for half in (True, False):
        moments = [one.ended_at or one.began_at for one in found if (one.ended_at is None) is half]
        assert moments == sorted(moments, key=str, reverse=True)


async def test_no_more_is_read_than_is_shown(gateway: Running) -> None:
    plan, tasks = await seed.add_plan(gateway.pool), 300
    await event(gateway, plan, 1, "plan.uploaded", 0, channels=["shopee"])
    for n in range(tasks):
        for version, (kind, said) in enumerate((("started", {}), ("completed", {"note": "prices are set"})), start=2):
            await event(gateway, plan, version, f"task.{kind}", n + version, task_id=f"t-{n}", **said)
    db = Counting(gateway.pool)
    page = await plan_attempts.find(db, plan, limit=25)
    assert (len(page.items), page.total) == (25, tasks + 1)
    assert page.items[0].outcome == "running"
    assert [one.subject for one in page.items[1:3]] == [f"t-{tasks - 1}", f"t-{tasks - 2}"]
    assert db.letters < 27 * 400, "of 601 events"


async def test_a_plan_whose_tasks_nobody_has_begun_has_its_other_attempts(gateway: Running) -> None:
    plan = await seed.add_plan(gateway.pool)
    assert await plan_attempts.find(gateway.pool, plan) == Page([], None, 0)
    await event(gateway, plan, 1, "plan.uploaded", 0, channels=["shopee"])
    page = await plan_attempts.find(gateway.pool, plan)
    assert ([one.outcome for one in page.items], page.next_cursor, page.total) == (["running"], None, 1)


async def test_the_api_pages_and_the_plans_page_counts_them(gateway: Running, api: httpx.AsyncClient) -> None:
    plan = await seed.add_plan(gateway.pool)
    for n in range(30):
        await event(gateway, plan, 2, "task.completed", n, task_id=f"t-{n}", note="")
    asked: dict[str, str | int] = {"limit": 20}
    first = (await api.get(f"{PLANS}/{plan}/attempts", params=asked)).json()
    rest = (await api.get(f"{PLANS}/{plan}/attempts", params={**asked, "cursor": first["nextCursor"]})).json()
    assert (len(first["items"]), first["total"], first["planId"]) == (20, 30, str(plan))
    assert (rest["nextCursor"], rest["total"]) == (None, 30)
    assert [one["subject"] for one in (*first["items"], *rest["items"])] == [f"t-{n}" for n in reversed(range(30))]
    assert (await api.get(f"{PLANS}/{plan}/attempts", params={"cursor": "x"})).status_code == 422
    with pytest.raises(BadCursor):
        await plan_attempts.find(gateway.pool, plan, cursor="x")
    async with gateway.client(accept="text/html") as client:
        shown = (await client.get(f"/plans/{plan}")).text.partition('id="attempts"')[2]
    assert "30 attempts" in shown
    assert "The last 25 of 30 attempts." in shown
    assert shown.partition("</section>")[0].count("t-") >= 25
