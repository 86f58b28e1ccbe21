"""The pages of teams: each form does what it says, and what cannot be done changes nothing and says why."""

from __future__ import annotations

from uuid import UUID, uuid4

import httpx
import pytest

from gateway.access.people import New, People
from gateway.access.roles import Role
from gateway.audit.writing import Who
from projections.reads.seen import NOBODYS
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running

#: What a form without fields of its own sends.
BACK = {"back": "/teams"}


async def team(gateway: Running, admin: httpx.AsyncClient, name: str) -> UUID:
    made = await admin.post("/teams", data={"name": name}, follow_redirects=True)
    assert "The team is here: put people into it." in made.text
    found: UUID = await gateway.pool.fetchval("select team_id from access.team where name = $1", name)
    return found


async def plan_of(gateway: Running, team_id: UUID) -> UUID:
    plan = await seed.add_plan(gateway.pool)
    await gateway.pool.execute("insert into decide.plan_team values ($1, $2)", plan, team_id)
    return plan


async def whose(gateway: Running, plan: UUID) -> UUID:
    found: UUID = await gateway.pool.fetchval("select team_id from decide.plan_team where plan_id = $1", plan)
    return found


async def test_a_team_is_made_filled_renamed_emptied_and_closed(gateway: Running, admin: httpx.AsyncClient) -> None:
    handle, name = f"mia.{uuid4().hex[:8]}", f"Team {uuid4().hex[:8]}"
    await People(gateway.pool).make(New(handle, "Mia Souza", Role.ANALYST), Who("test"))
    one = await team(gateway, admin, name)
    member = {"member": f"person:{handle}"}

    taken = await admin.post("/teams", data={"name": name.upper()}, follow_redirects=True)
    put = await admin.post(f"/teams/{one}/members", data=member, follow_redirects=True)
    renamed = await admin.post(f"/teams/{one}/change", data={"name": f"{name} & Co"}, follow_redirects=True)
    out = await admin.post(f"/teams/{one}/out", data=member, follow_redirects=True)
    closed = await admin.post(f"/teams/{one}/close", data=BACK, follow_redirects=True)

    assert "A team needs a name that no other open team has" in taken.text
    assert f'value="person:{handle}"><button' in put.text
    assert f"{name} &amp; Co" in renamed.text
    assert f'value="person:{handle}"><button' not in out.text
    assert "Closed teams" in closed.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"team": "closed", "reason": "r"}, "This team was closed meanwhile"),
        ({"team": "open", "reason": ""}, "Say why"),
        ({"reason": "r"}, "This team was closed meanwhile"),
    ],
)
async def test_a_plan_that_cannot_be_moved_stays_and_the_page_says_why(
    gateway: Running, admin: httpx.AsyncClient, data: dict[str, str], said: str
) -> None:
    """A form that names no team is refused, too: it would make the plan nobody's."""
    teams = {name: await team(gateway, admin, f"{name} {uuid4().hex[:8]}") for name in ("own", "open", "closed")}
    await admin.post(f"/teams/{teams['closed']}/close", data=BACK)
    plan = await plan_of(gateway, teams["own"])
    sent = {name: str(teams[value]) if name == "team" else value for name, value in data.items()}

    answer = await admin.post(f"/plans/{plan}/team", data=sent, follow_redirects=True)

    assert said in answer.text
    assert await whose(gateway, plan) == teams["own"]


async def test_a_plan_moves_to_another_team_and_to_none(gateway: Running, admin: httpx.AsyncClient) -> None:
    one, other = [await team(gateway, admin, f"Team {uuid4().hex[:8]}") for _ in range(2)]
    plan = await plan_of(gateway, one)

    moved = await admin.post(f"/plans/{plan}/team", data={"team": str(other), "reason": "r"}, follow_redirects=True)
    assert "The plan was moved." in moved.text
    assert await whose(gateway, plan) == other
    await admin.post(f"/plans/{plan}/team", data={"team": "", "reason": "r"})
    assert str(await whose(gateway, plan)) == NOBODYS


async def test_the_form_of_a_plan_of_a_closed_team_has_that_team_chosen(
    gateway: Running, admin: httpx.AsyncClient
) -> None:
    """Otherwise saving the form unchanged would give the plan to everybody."""
    gone = await team(gateway, admin, f"Gone {uuid4().hex[:8]}")
    await team(gateway, admin, f"Here {uuid4().hex[:8]}")
    plan = await plan_of(gateway, gone)
    await admin.post(f"/teams/{gone}/close", data=BACK)

    assert f'<option value="{gone}" selected>' in (await admin.get(f"/plans/{plan}")).text


async def test_the_plans_of_a_team_move_to_another_one_and_nothing_chosen_moves_none(
    gateway: Running, admin: httpx.AsyncClient
) -> None:
    one, other = [await team(gateway, admin, f"Team {uuid4().hex[:8]}") for _ in range(2)]
    plan = await plan_of(gateway, one)
    assert f'action="/teams/{one}/plans"' in (await admin.get("/teams")).text

    for wrong in ({"reason": "r"}, {"team": "", "reason": "r"}, {"team": str(other), "reason": ""}):
        await admin.post(f"/teams/{one}/plans", data=wrong, follow_redirects=True)
        assert await whose(gateway, plan) == one, wrong
    moved = await admin.post(f"/teams/{one}/plans", data={"team": str(other), "reason": "r"}, follow_redirects=True)
    assert "1 plan was moved." in moved.text
    assert await whose(gateway, plan) == other
    await admin.post(f"/teams/{other}/plans", data={"team": "none", "reason": "r"})
    assert str(await whose(gateway, plan)) == NOBODYS
