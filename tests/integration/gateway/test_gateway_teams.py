"""Teams through the gateway: made and filled, whose an upload is, a plan that moves, what is heard live, machines."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from gateway.access.api_keys import ApiKeys
from gateway.access.people import New, People
from gateway.access.roles import Role
from gateway.audit.writing import Who
from projections.reads.seen import NOBODYS
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_system import frames
from tests.support.patience import PATIENCE_S

PLANS = "/api/marketplace/analysis"
BY = Who("test")


def document() -> dict[str, tuple[str, bytes]]:
    return {"file": ("a.csv", f"SKU;Quantidade;Valor\nA;1;{uuid4().int % 100000},00\n".encode())}


async def person(gateway: Running, handle: str, role: Role = Role.ANALYST) -> httpx.AsyncClient:
    await People(gateway.pool).make(New(handle, handle.title(), role), BY)
    made = await ApiKeys(gateway.pool).create(f"{handle}'s laptop", role, "test", person=handle)
    headers = {"authorization": f"Bearer {made.key}"}
    return httpx.AsyncClient(base_url=gateway.url, headers=headers, timeout=PATIENCE_S)


async def team(api: httpx.AsyncClient, name: str, *people: str) -> str:
    made = await api.post("/api/teams", json={"name": name})
    assert made.status_code == 201
    for one in people:
        added = await api.post(f"/api/teams/{made.json()['teamId']}/members", json={"person": one})
        assert added.status_code == 200
    return str(made.json()["teamId"])


async def owned(gateway: Running, team_id: str) -> UUID:
    plan = await seed.add_plan(gateway.pool)
    await gateway.pool.execute("insert into decide.plan_team values ($1, $2)", plan, team_id)
    return plan


async def listening_settles(api: httpx.AsyncClient) -> None:
    """Listen until one listener heard of two looks at the system, so that earlier changes end no later stream."""
    looks = 0
    while looks < 2:
        looks = 0
        async with api.stream("GET", "/api/events") as answer:
            async for line in answer.aiter_lines():
                looks += line == "event: health"
                if looks == 2:
                    break


async def test_a_plan_is_of_the_uploaders_team_and_moves_with_a_reason(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    async with await person(gateway, "ada") as ada, await person(gateway, "bob") as bob:
        one, other = await team(api, "One", "ada"), await team(api, "Other", "bob")
        file = document()
        sent = await ada.post(f"{PLANS}/upload", files=file, data={"channels": "shopee"})
        assert sent.status_code == 202
        plan = sent.json()["planId"]
        whose = "select team_id::text from decide.plan_team where plan_id = $1::uuid"
        assert await gateway.pool.fetchval(whose, plan) == one
        # the same file is no duplicate of what the other team cannot see
        again = await bob.post(f"{PLANS}/upload", files=file, data={"channels": "shopee"})
        assert again.status_code == 202
        assert (await bob.get(f"{PLANS}/{plan}/events")).status_code == 404
        assert (await ada.post(f"{PLANS}/upload", files=file, data={"channels": "shopee"})).status_code == 409
        wrong = await ada.post(f"{PLANS}/upload", files=document(), data={"channels": "shopee", "team": "Other"})
        assert (wrong.status_code, wrong.json()["errors"][0]["path"]) == (422, "team")
        moved = await api.patch(f"{PLANS}/{plan}/team", json={"team": other, "reason": "theirs"})
        assert moved.status_code == 200
        assert (await ada.get(f"{PLANS}/{plan}/events")).status_code == 404
        assert (await bob.patch(f"{PLANS}/{plan}", json={"action": "cancel", "reason": "r"})).status_code == 202
        assert (await ada.patch(f"{PLANS}/{plan}/team", json={"team": None, "reason": "r"})).status_code == 403
    told = await gateway.pool.fetchrow("select before, after, outcome from audit.entry where action = 'plan.move'")
    assert told is not None
    assert (orjson.loads(told["before"]), orjson.loads(told["after"])) == ({"team": one}, {"team": other})


async def test_who_is_in_several_says_which(gateway: Running, api: httpx.AsyncClient) -> None:
    async with await person(gateway, "cleo") as cleo:
        await team(api, "Left", "cleo")
        right = await team(api, "Right", "cleo")
        refused = await cleo.post(f"{PLANS}/upload", files=document(), data={"channels": "shopee"})
        assert refused.status_code == 422
        assert "Left, Right" in refused.text
        sent = await cleo.post(f"{PLANS}/upload", files=document(), data={"channels": "shopee", "team": "right"})
        assert sent.status_code == 202
        whose = "select team_id::text from decide.plan_team where plan_id = $1::uuid"
        assert await gateway.pool.fetchval(whose, sent.json()["planId"]) == right


async def test_live_lines_tell_of_no_other_teams_plan(gateway: Running, api: httpx.AsyncClient) -> None:
    async with await person(gateway, "dora") as dora:
        own_team, other_team = await team(api, "Hers", "dora"), await team(api, "Theirs")
        own, other = await owned(gateway, own_team), await owned(gateway, other_team)
        async with asyncio.timeout(PATIENCE_S):
            await listening_settles(dora)
        async with asyncio.timeout(PATIENCE_S), dora.stream("GET", "/api/events") as answer:
            heard = frames(answer, without="")
            assert (await anext(heard))[0] == "all"
            live = gateway.app.state.services.live
            live.tell({"plans": [str(other)]})
            live.tell({"plans": [str(other), str(own)]})
            told: list[str] = []
            while not told:
                name, data = await anext(heard)
                told += [orjson.loads(data)["planId"]] if name == "plan" else []
        assert told == [str(own)]


async def test_operators_and_machines_see_all_and_a_key_in_a_team_its_own(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    other = await owned(gateway, await team(api, "Far"))
    near = await team(api, "Near")
    keys = ApiKeys(gateway.pool)
    robot = await keys.create("robot", Role.VIEWER, "test")
    async with gateway.bearer(robot.key) as machine, await person(gateway, "otto", Role.OPERATOR) as otto:
        assert (await machine.get(f"{PLANS}/{other}")).status_code == 200
        assert (await otto.get(f"{PLANS}/{other}")).status_code == 200
        assert (await api.post(f"/api/teams/{near}/members", json={"key": robot.key_id})).status_code == 200
        assert (await machine.get(f"{PLANS}/{other}")).status_code == 404
        assert (await api.delete(f"/api/teams/{near}/members/key/{robot.key_id}")).status_code == 204
        assert (await machine.get(f"{PLANS}/{other}")).status_code == 200


async def test_who_has_ended_is_in_no_team_and_a_closed_one_takes_nobody(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    async with await person(gateway, "eva"):
        made = await team(api, "Short", "eva")
    assert (await api.post("/api/teams", json={"name": "SHORT"})).status_code == 422
    assert (await api.delete("/api/people/eva")).status_code == 204
    assert await gateway.pool.fetchval("select count(*) from access.team_member where team_id = $1", UUID(made)) == 0
    assert (await api.delete(f"/api/teams/{made}")).status_code == 204
    assert (await api.patch(f"/api/teams/{made}", json={"name": "Long"})).status_code == 404
    listed = {one["teamId"]: one for one in (await api.get("/api/teams")).json()["items"]}
    assert listed[made]["closedAt"] is not None


async def test_plans_move_together_or_none_of_them(gateway: Running, api: httpx.AsyncClient) -> None:
    one, other = await team(api, f"From {uuid4().hex[:8]}"), await team(api, f"To {uuid4().hex[:8]}")
    plans, nobody = [await owned(gateway, one) for _ in range(3)], uuid4()
    asked = {"planIds": [*map(str, plans[:2]), str(nobody)], "team": other, "reason": "theirs"}
    moved = await api.post("/api/teams/moves", json=asked)
    assert (moved.status_code, moved.json()) == (200, {"moved": 2, "unknown": [str(nobody)], "left": 0})
    assert (await api.post("/api/teams/moves", json=asked)).json()["moved"] == 0
    of_plan = "select count(*) from audit.entry where action = 'plan.move' and plan_id = any ($1::uuid[])"
    assert await gateway.pool.fetchval(of_plan, plans) == 2

    await api.delete(f"/api/teams/{one}")
    rest = {"ofTeam": one, "team": None, "reason": "closed"}
    assert (await api.post("/api/teams/moves", json=rest)).json() == {"moved": 1, "unknown": [], "left": 0}
    whose = "select team_id::text from decide.plan_team where plan_id = any ($1::uuid[]) order by since"
    assert [row[0] for row in await gateway.pool.fetch(whose, plans)] == [other, other, NOBODYS]
    for wrong in (
        {"ofTeam": other, "team": one, "reason": "closed"},
        {"ofTeam": other, "reason": "to nobody"},
        {"ofTeam": other, "planIds": asked["planIds"], "team": None, "reason": "both"},
        {"team": None, "reason": "neither"},
    ):
        assert (await api.post("/api/teams/moves", json=wrong)).status_code == 422, wrong
    same = await api.post("/api/teams/moves", json={"ofTeam": other, "team": other, "reason": "same"})
    assert same.json() == {"moved": 0, "unknown": [], "left": 0}
    assert [row[0] for row in await gateway.pool.fetch(whose, plans)] == [other, other, NOBODYS]


async def test_a_large_team_moves_in_parts_and_says_what_is_left(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.access.teams.AT_ONCE", 2)
    one, other = await team(api, f"From {uuid4().hex[:8]}"), await team(api, f"To {uuid4().hex[:8]}")
    for _ in range(3):
        await owned(gateway, one)
    asked = {"ofTeam": one, "team": other, "reason": "theirs"}
    told = [(await api.post("/api/teams/moves", json=asked)).json() for _ in range(3)]
    assert [(one["moved"], one["left"]) for one in told] == [(2, 1), (1, 0), (0, 0)]
