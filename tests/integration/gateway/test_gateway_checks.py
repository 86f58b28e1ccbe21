"""How an opportunity will be measured stands beside it, and beside its tasks, before the next upload comes."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest

from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running

CHECK: dict[str, Any] = {
    "opportunity_id": seed.OPPORTUNITY["id"],
    "metric": "product_return_rate",
    "skus": ["SKU-1"],
    "unit": "ratio",
    "better": "lower",
    "baseline": 0.12,
    "target": 0.06,
    "first_day": "2026-01-01",
    "last_day": "2026-01-31",
    "why": "",
}


async def plan_with(gateway: Running, status: str = "awaiting_approval", **fields: Any) -> UUID:
    plan_id = await seed.add_plan(gateway.pool, status=status)
    await seed.add_channel(gateway.pool, plan_id, "shopee")
    await gateway.pool.execute(
        "update rm.plan_channel set checks = $2 where plan_id = $1", plan_id, orjson.dumps([CHECK | fields]).decode()
    )
    return plan_id


async def check_on(gateway: Running, path: str, language: str = "pt-BR") -> str:
    """Return what the page says of the check, as one line of text."""
    async with gateway.client(None, **{"accept-language": language}) as page:
        await page.post("/login", data={"key": gateway.keys["operator"]})
        found = re.search(r'<dl class="check".*?</dl>', (await page.get(path)).text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


async def test_the_card_of_an_opportunity_tells_its_figure_its_target_and_who_will_tell(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    plan_id = await plan_with(gateway)
    assert await check_on(gateway, f"/plans/{plan_id}") == (
        "Ponto de partida devoluções de SKU-1: 12,0% (01/01/2026 a 31/01/2026) Meta 6,0% ou menos Conferência"
        " depois de aprovado o plano, pelo próximo envio de vendas deste canal que comece depois de 31/01/2026;"
        " um de período igual termina em 03/03/2026"
    )
    assert "once the plan is approved" in await check_on(gateway, f"/plans/{plan_id}", "en")
    [told] = (await api.get(f"/api/marketplace/analysis/{plan_id}")).json()["channelResults"][0]["checks"]
    assert (told["baseline"], told["target"], told["lastDay"], told["why"]) == (0.12, 0.06, "2026-01-31", "")


async def test_a_task_tells_how_each_opportunity_behind_it_is_measured(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    plan_id = await plan_with(gateway, "executing")
    task_id = await seed.add_task(gateway.pool, plan_id)
    await gateway.pool.execute(
        "update rm.task set opportunity_id = $2 where task_id = $1", task_id, CHECK["opportunity_id"]
    )
    other = await seed.add_task(gateway.pool, plan_id, position=2)

    said = await check_on(gateway, f"/tasks/{task_id}")
    assert "12,0% (01/01/2026 a 31/01/2026) Meta 6,0% ou menos Conferência pelo próximo envio" in said
    assert await check_on(gateway, f"/tasks/{other}") == ""
    [served] = (await api.get(f"/api/tasks/{task_id}")).json()["serves"]
    assert (served["check"]["baseline"], served["check"]["target"]) == (0.12, 0.06)
    listed = {one["taskId"]: one["serves"] for one in (await api.get(f"/api/tasks?plan={plan_id}")).json()["items"]}
    assert listed[str(task_id)][0]["check"]["lastDay"] == "2026-01-31"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"target": None}, "Meta pelo menos um décimo a menos Conferência"),
        ({"target": None, "better": "higher"}, "Meta pelo menos um décimo a mais Conferência"),
        ({"better": "higher"}, "Meta 6,0% ou mais"),
        ({"why": "no-dates", "first_day": "", "last_day": ""}, "SKU-1: 12,0% Conferência Este documento não tem datas"),
        ({"why": "few"}, "Conferência Há vendas de menos neste documento"),
        ({"why": "no-figure", "metric": "", "baseline": None}, "Conferência Nenhum número a sustenta"),
    ],
)
async def test_what_is_not_known_or_cannot_be_measured_is_said(
    gateway: Running, fields: dict[str, Any], said: str
) -> None:
    assert said in await check_on(gateway, f"/plans/{await plan_with(gateway, **fields)}")


async def test_a_plan_that_was_given_up_promises_no_measuring(gateway: Running) -> None:
    said = await check_on(gateway, f"/plans/{await plan_with(gateway, 'rejected')}")
    assert said.endswith("Meta 6,0% ou menos")


async def test_one_that_was_measured_leads_to_what_came_of_it(gateway: Running) -> None:
    plan_id = await plan_with(gateway, "executing")
    later = await seed.add_plan(gateway.pool)
    await gateway.pool.execute(
        """insert into rm.outcome (plan_id, opportunity_id, measured_by, channel, version, position, first_day,
                last_day, measured_from, measured_to, days_in_both, source, model, title, metric, skus, unit, verdict,
                why, acted, tasks, tasks_done, changed_at)
           values ($1, $2, $3, 'shopee', 1, 0, '2026-01-01', '2026-01-31', '2026-02-01', '2026-02-28', 0, 'rules', 'r',
                   't', 'm', '[]', 'ratio', 'improved', '', 'done', 0, 0, now())""",
        plan_id,
        CHECK["opportunity_id"],
        later,
    )
    assert (await check_on(gateway, f"/plans/{plan_id}")).endswith("Conferência O que aconteceu depois")
