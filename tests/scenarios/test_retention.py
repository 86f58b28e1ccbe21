"""Documents that are too old go in a whole system: the plan says so and keeps what it found; a rebuild agrees."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import httpx

from gateway.cli.client import PLANS
from gateway.operations.housekeeping import keep_house
from local.load import Load
from local.stack import Stack
from projections.rebuild.build import Rebuild
from projections.settings import Settings
from projections.verify.verify import verify
from schemas.registry import wait_for_codec
from schemas.retention import BY_RETENTION
from tests.scenarios.conftest import KEY
from tests.support.marked import tables_with
from tests.support.patience import PATIENCE_S

NAME = "joana-prado"
DAYS = 400


async def test_an_old_document_of_an_ended_plan_goes_and_what_it_found_stays(stack: Stack) -> None:
    async with (
        Load(stack.env, KEY) as load,
        httpx.AsyncClient(
            base_url=stack.env["MARKETPLACE_URL"], headers={"authorization": f"Bearer {KEY}"}, timeout=PATIENCE_S
        ) as api,
    ):
        plans = []
        for _ in range(2):
            body = f"Data;SKU;Produto;Quantidade;Valor total\n01/04/2026;{uuid4().hex[:6]};Caneca;12;358,80\n".encode()
            form = {"channels": "shopee", "title": f"Vendas de {NAME}", "currency": "BRL"}
            taken = await api.post(f"{PLANS}/upload", files={"file": (f"{NAME}.csv", body)}, data=form)
            assert taken.status_code == 202, taken.text
            plans.append(taken.json()["planId"])
        assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == len(plans)
        old, open_ = plans
        before = (await api.get(f"{PLANS}/{old}")).json()
        await api.patch(f"{PLANS}/{old}", json={"action": "reject", "reason": "fica para depois"})
        await load.pool.execute(
            "update decide.document set stored_at = now() - make_interval(days => $2) where plan_id = any ($1::uuid[])",
            [UUID(plan) for plan in plans],
            DAYS + 1,
        )

        for _ in range(2):  # the second round finds it done
            await keep_house(load.pool, document_days=DAYS)

        async with asyncio.timeout(PATIENCE_S):
            while (gone := (await api.get(f"{PLANS}/{old}")).json())["erasedAt"] is None:
                await asyncio.sleep(0.05)
        assert (gone["erasedBy"], gone["filename"], gone["reading"]) == (BY_RETENTION, "", None)
        assert gone["channelResults"] == before["channelResults"], "what was found stays"
        assert gone["opportunities"] == before["opportunities"]
        erased = [e for e in (await api.get(f"{PLANS}/{old}/events")).json()["items"] if e["type"] == "plan.erased"]
        assert [e["data"]["reason"] for e in erased] == [f"MARKETPLACE_DOCUMENT_DAYS={DAYS}"]
        assert (await api.get(f"{PLANS}/{old}/figures")).status_code == 404
        page = (await api.get(f"/plans/{old}")).text
        assert "document erased, as it was older than documents are kept" in page
        kept = (await api.get(f"{PLANS}/{open_}")).json()
        assert (kept["erasedAt"], kept["filename"]) == (None, f"{NAME}.csv"), "it awaits an approval"

        await api.patch(f"{PLANS}/{open_}", json={"action": "reject", "reason": "fica para depois"})
        await keep_house(load.pool, document_days=DAYS)
        async with asyncio.timeout(PATIENCE_S):
            while await tables_with(load.pool, NAME):
                await asyncio.sleep(0.05)
        settings = Settings.from_env(stack.env)
        outcome = await Rebuild(settings, wait_for_codec(settings.registry_url)).run(check=True)
        assert outcome.problems == []
        assert (await verify(settings)).problems == []
