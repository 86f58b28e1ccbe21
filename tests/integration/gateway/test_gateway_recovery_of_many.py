"""Many plans that stand still are recovered in one act, each once, and each is told."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from gateway.operations import recovering
from projections.reads.written import Shown
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running

PATH = "/api/marketplace/analysis/recovery"


@pytest.fixture(autouse=True)
async def nothing_waits(gateway: Running) -> None:
    await gateway.pool.execute("delete from flow.deadline")


async def stalled(gateway: Running, count: int, **plan: Any) -> list[UUID]:
    """Add plans that are late, the first one for longest."""
    found = [await seed.add_plan(gateway.pool, status="approved", **plan) for _ in range(count)]
    await gateway.pool.executemany(
        "insert into flow.deadline (plan_id, kind, due_at, stalled_at) values ($1, 'phase1', now() - $2 * interval"
        " '1 s', now())",
        [(plan_id, float(len(found) - n)) for n, plan_id in enumerate(found)],
    )
    return found


async def requested(gateway: Running, ids: list[UUID]) -> dict[UUID, str | None]:
    rows = await gateway.pool.fetch("select plan_id, requested from flow.deadline where plan_id = any ($1)", ids)
    return {row["plan_id"]: row["requested"] for row in rows}


async def told(gateway: Running, plan_id: UUID) -> list[tuple[str, str, str]]:
    rows = await Shown(gateway.pool).fetch(
        "select outcome, reason, actor from audit.entry where action = 'plan.recover' and plan_id = $1"
        " order by entry_id",
        plan_id,
    )
    return [tuple(row.values()) for row in rows]


def outcomes(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 202, answer.text
    return [one["outcome"] for one in answer.json()["results"]]


async def test_all_that_are_stalled_are_asked_about_once_and_what_somebody_wanted_stays(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    ids = await stalled(gateway, 120)
    moved_on, waits = ids[3], await seed.add_plan(gateway.pool, status="approved")
    await gateway.pool.execute("update flow.deadline set requested = 'move_on' where plan_id = $1", moved_on)
    await gateway.pool.execute("insert into flow.deadline (plan_id, kind) values ($1, 'phase1')", waits)

    first = await api.post(PATH, json={"stalled": True, "reason": "o provedor voltou"})
    assert outcomes(first) == ["accepted"] * 119
    assert first.json()["left"] == 0
    assert [UUID(one["planId"]) for one in first.json()["results"]] == [one for one in ids if one != moved_on]
    assert await requested(gateway, [*ids, waits]) == {
        **dict.fromkeys(ids, "recover"), moved_on: "move_on", waits: None
    }  # fmt: skip
    assert outcomes(await api.post(PATH, json={"stalled": True})) == [], "asked twice, begun once"
    assert await told(gateway, ids[0]) == [("accepted", "o provedor voltou", "the admin")]
    assert await told(gateway, moved_on) == []
    events = await Shown(gateway.pool).fetch(
        "select data from decide.outbox where type = 'plan.recovery.requested' and stream = $1", f"recovery-{ids[0]}"
    )
    assert [json.loads(row["data"])["reason"] for row in events] == ["o provedor voltou"]


async def test_of_many_the_rest_is_left_and_taken_with_the_next_request(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovering, "MOST", 2)
    ids = await stalled(gateway, 5)
    seen = []
    for left in (3, 1, 0):
        answer = (await api.post(PATH, json={"stalled": True})).json()
        seen += [UUID(one["planId"]) for one in answer["results"]]
        assert answer["left"] == left
    assert seen == ids, "whoever was late first"


async def test_each_plan_that_is_named_has_its_own_outcome(gateway: Running, api: httpx.AsyncClient) -> None:
    (late,), settled, nobodys = await stalled(gateway, 1), await seed.add_plan(gateway.pool), uuid4()
    wanted = [str(one) for one in (late, settled, nobodys)]
    assert outcomes(await api.post(PATH, json={"ids": wanted})) == ["accepted", "not_waiting", "not_found"]
    assert outcomes(await api.post(PATH, json={"ids": wanted})) == ["unchanged", "not_waiting", "not_found"]
    assert [outcome for outcome, _, _ in await told(gateway, late)] == ["accepted", "unchanged"]


@pytest.mark.parametrize(
    "body",
    [{}, {"ids": []}, {"ids": [str(uuid4())], "stalled": True}, {"stalled": False}, {"ids": [str(uuid4())] * 501}],
)
async def test_what_is_no_such_request_is_refused(api: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert (await api.post(PATH, json=body)).status_code == 422


async def test_only_operators_ask(gateway: Running) -> None:
    async with gateway.client("analyst") as analyst:
        assert (await analyst.post(PATH, json={"stalled": True})).status_code == 403


async def test_the_page_recovers_the_selected_or_all_of_its_filter(gateway: Running, admin: httpx.AsyncClient) -> None:
    high = await stalled(gateway, 2, priority="high")
    low = await stalled(gateway, 3, priority="low")
    assert "Recover all 5 plans" in (await admin.get("/plans?stalled=1")).text
    assert "Recover all" not in (await admin.get("/plans")).text

    async def post(**form: Any) -> str:
        answer = await admin.post("/plans/recovery", data=form, follow_redirects=True)
        assert answer.status_code == 200
        return answer.text

    assert "Nothing was selected." in await post(back="/plans?stalled=1")
    chosen = await post(id=[str(low[0]), str(low[1]), "no-id"])
    assert "Asked for the recovery of 2 plans." in chosen
    assert await requested(gateway, high) == dict.fromkeys(high)
    await post(all="1", stalled="1", priority="high")
    assert await requested(gateway, [*high, *low]) == {
        **dict.fromkeys([*high, *low[:2]], "recover"), low[2]: None
    }  # fmt: skip
    assert "Asked for the recovery of 1 plan." in await post(all="1", stalled="1")
    assert "Asked for the recovery of 0 plans." in await post(all="1", stalled="1")
