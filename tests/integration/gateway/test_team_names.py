"""What is the company's names no document of another team; a closed team takes none; what other gateways change."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import httpx
import orjson

from gateway.access.teams import Teams
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_ads import SALES, report
from tests.integration.gateway.test_gateway_mapping import Store
from tests.integration.gateway.test_gateway_teams import BY, PLANS, document, listening_settles, owned, person, team
from tests.support.patience import PATIENCE_S

UPLOAD = f"{PLANS}/upload"
COSTS = "/api/marketplace/costs"
SECRET = "secret-launch"
COST = f"SKU;Custo (R$);Desde\nTN-1;10,00;01/01/{datetime.now(UTC).year}\n".encode()


async def test_a_mapping_that_is_changed_names_no_document_to_who_sees_some_plans(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    store = Store()
    async with await person(gateway, "mia") as mia, await person(gateway, "noa") as noa:
        await team(api, "Mapping", "mia")
        await team(api, "Other mapping", "noa")
        file = {"file": (f"{SECRET}.csv", store.body)}
        sent = await mia.post(UPLOAD, files=file, data={"channels": "own_store", "map": ["price=vlr", "units=qtd"]})
        assert sent.status_code == 202, sent.text
        listed = {one["headerId"]: one for one in (await api.get("/api/mappings")).json()["items"]}
        header = next(one for one in listed if listed[one]["document"] == f"{SECRET}.csv")
        told = [
            await noa.put(f"/api/mappings/{header}{of}", json={"columns": {"vlr": "revenue"}})
            for of in ("", "?team=Mapping")
        ]
        whole = await api.put(f"/api/mappings/{header}?team=Mapping", json={"columns": {"vlr": "price"}})
    assert [answer.status_code for answer in told] == [404, 404]
    assert not [answer for answer in told if SECRET in answer.text]
    assert whole.json()["document"] == f"{SECRET}.csv"


async def test_sales_joined_with_a_report_of_another_team_do_not_name_its_document(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    async with await person(gateway, "pia") as pia, await person(gateway, "rui") as rui:
        await team(api, "Ads", "pia")
        await team(api, "Sales", "rui")
        for until in ({}, {"amount": "70,00"}):
            name = f"{SECRET}-{len(until)}.csv"
            kept = await pia.post(COSTS, files={"file": (name, report(**until))}, data={"channels": "shopee"})
            assert kept.status_code == 200
        sent = await rui.post(UPLOAD, files={"file": ("s.csv", SALES.encode())}, data={"channels": "shopee"})
        assert sent.status_code == 202, sent.text
        facts = await gateway.pool.fetchval(
            "select facts from decide.document where plan_id = $1::uuid", sent.json()["planId"]
        )
        told = await rui.get(f"{PLANS}/{sent.json()['planId']}/figures")
    figures = {one["metric"] for one in orjson.loads(facts)["channels"][0]["figures"]}
    assert "advertising_cost" in figures
    assert SECRET not in facts
    assert SECRET not in told.text


async def test_costs_are_no_teams_whatever_the_form_says(gateway: Running, api: httpx.AsyncClient) -> None:
    async with await person(gateway, "sol") as sol:
        await team(api, "Costs", "sol")
        told = [
            await sol.post(COSTS, files={"file": ("c.csv", COST)}, data={"team": named}) for named in ("Costs", "x", "")
        ]
    assert [one.status_code for one in told] == [200, 200, 200]


async def test_what_is_uploaded_for_a_closed_team_is_not_for_everybody(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    async with await person(gateway, "tom") as tom:
        closed = await team(api, "Gone", "tom")
        assert (await api.delete(f"/api/teams/{closed}")).status_code == 204
        refused = await tom.post(UPLOAD, files=document(), data={"channels": "shopee"})
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "team")
        await team(api, "There", "tom")
        assert (await tom.post(UPLOAD, files=document(), data={"channels": "shopee"})).status_code == 202


async def test_what_another_gateway_changes_ends_who_listens_here_and_asks_anew_who_he_is(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    async with await person(gateway, "uma") as uma:
        own = UUID(await team(api, "Left behind", "uma"))
        plan = await owned(gateway, str(own))
        async with asyncio.timeout(PATIENCE_S):
            await listening_settles(uma)
            async with uma.stream("GET", "/api/events") as answer:
                assert (await uma.get(f"{PLANS}/{plan}")).status_code == 200
                await Teams(gateway.pool).remove(own, "person", "uma", BY)
                async for _ in answer.aiter_lines():
                    pass
        assert (await uma.get(f"{PLANS}/{plan}")).status_code == 404
