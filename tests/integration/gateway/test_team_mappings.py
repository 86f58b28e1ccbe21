"""A mapping of columns is its team's: for that team's documents, seen by its members; without a team the company's."""

from __future__ import annotations

import httpx
import orjson

from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_mapping import UPLOAD, Store, facts_of
from tests.integration.gateway.test_gateway_teams import person, team

SAID = {"map": ["price=vlr", "units=qtd"]}


async def kept(api: httpx.AsyncClient, store: Store) -> list[tuple[str | None, str]]:
    """Return whose mappings of the store's columns somebody sees, and what `vlr` is in each."""
    seen = (await api.get("/api/mappings")).json()["items"]
    own = [one for one in seen if one["document"] in (f"{store.mark}.csv", "")]
    return sorted((str((one["team"] or {}).get("name")), one["columns"].get("vlr", "")) for one in own)


async def send(api: httpx.AsyncClient, store: Store, more: bytes, **data: object) -> httpx.Response:
    file = {"file": (f"{store.mark}.csv", store.body.replace(b"30,00", more))}
    return await api.post(UPLOAD, files=file, data={"channels": "own_store", **data})


async def test_a_teams_mapping_reads_that_teams_documents_alone(gateway: Running, api: httpx.AsyncClient) -> None:
    store = Store()
    async with await person(gateway, "tam") as tam, await person(gateway, "ben") as ben:
        await team(api, "Team of Tam", "tam")
        await team(api, "Team of Ben", "ben")
        first = await send(tam, store, b"30,00", **SAID)
        again = await send(tam, store, b"31,00")
        other = await send(ben, store, b"32,00")
        nobodys = await send(api, store, b"33,00")
        seen = [await kept(one, store) for one in (tam, ben, api)]
        page = [(await one.get("/mappings")).text for one in (tam, ben)]
    assert [one.status_code for one in (first, again, other, nobodys)] == [202, 202, 422, 422], other.text
    (table,) = (await facts_of(gateway, again.json()["planId"]))["tables"]
    assert (table["kind"], table["mapped_by"]) == ("sales", "tam")
    assert seen == [[("Team of Tam", "price")], [], [("Team of Tam", "price")]]
    assert [store.mark in one for one in page] == [True, False]


async def test_each_team_says_what_its_own_columns_are(gateway: Running, api: httpx.AsyncClient) -> None:
    store = Store()
    async with await person(gateway, "eva") as eva, await person(gateway, "leo") as leo:
        await team(api, "Team of Eva", "eva")
        await team(api, "Team of Leo", "leo")
        await send(eva, store, b"30,00", **SAID)
        await send(leo, store, b"31,00", map=["revenue=vlr", "units=qtd"])
        plans = [await send(one, store, b"34,00") for one in (eva, leo)]
        header = next(one["headerId"] for one in (await api.get("/api/mappings")).json()["items"] if one["team"])
        tried = [
            await leo.put(f"/api/mappings/{header}?team=Team of Eva", json={"columns": {"vlr": "ignore"}}),
            await leo.delete(f"/api/mappings/{header}?team=Team of Eva"),
        ]
        forgotten = await leo.delete(f"/api/mappings/{header}?team=Team of Leo")
        left = await kept(api, store)
    read = [(await facts_of(gateway, one.json()["planId"]))["channels"][0]["figures"] for one in plans]
    revenue = [next(f["value"] for f in one if f["metric"] == "revenue") for one in read]
    assert revenue == [2 * 50 + 34 + 3 * 80, 50 + 34 + 80]
    assert [one.status_code for one in (*tried, forgotten)] == [404, 404, 204]
    assert left == [("Team of Eva", "price")]


async def test_a_team_that_has_said_nothing_uses_the_companys(gateway: Running, api: httpx.AsyncClient) -> None:
    store = Store()
    async with await person(gateway, "kai") as kai:
        await team(api, "Team of Kai", "kai")
        await send(api, store, b"30,00", **SAID)
        by_company = await send(kai, store, b"31,00")
        currency = await send(kai, store, b"32,00", currency="USD")
        own = await send(kai, store, b"33,00")
        whole = await send(api, store, b"35,00")
    facts = [await facts_of(gateway, one.json()["planId"]) for one in (by_company, currency, own, whole)]
    assert [one["tables"][0]["mapped_by"] for one in facts] == ["the admin"] * 4
    assert [one["channels"][0]["currency"] for one in facts[1:]] == ["USD", "USD", "BRL"]
    kept_by_team = await gateway.pool.fetchrow(
        "select columns, currency from decide.team_mapping where made_by = 'kai'"
    )
    assert kept_by_team is not None
    assert (orjson.loads(kept_by_team["columns"]), kept_by_team["currency"]) == ({}, "USD")
