"""Where there are teams, a task is assigned to somebody who sees its plan: nobody else would find it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from gateway.access.people import New, People
from gateway.access.roles import Role
from gateway.access.seeing import sees
from gateway.access.teams import Teams
from gateway.audit.writing import Who
from projections.reads.seen import NOBODYS
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running

BY = Who("test")
#: Those who see a plan of the team of ana and oto; eva is of another team, and leo has ended.
SEEING = ["adm", "ana", "ope", "vic"]
EVERYBODY = [*SEEING, "eva", "leo"]


@pytest.fixture(scope="module")
async def team(gateway: Running) -> AsyncIterator[UUID]:
    """Return the team of an analyst and a viewer; there are others of all roles, and another team."""
    people, teams = People(gateway.pool), Teams(gateway.pool)
    roles = {"adm": Role.ADMIN, "ope": Role.OPERATOR, "vic": Role.VIEWER}
    for handle in EVERYBODY:
        await people.make(New(handle, f"{handle.title()} Lima", roles.get(handle, Role.ANALYST)), BY)
    await people.end("leo", BY)
    own, other = [await teams.make(name, BY) for name in ("moda", "casa")]
    for handle, of in (("ana", own), ("vic", own), ("eva", other)):
        assert await teams.add(of, "person", handle, BY)
    yield own
    await gateway.pool.execute("update access.person set ended_at = now()")


async def task_of(gateway: Running, team: UUID | None) -> tuple[UUID, UUID]:
    plan_id = await seed.add_plan(gateway.pool, status="executing")
    await gateway.pool.execute("insert into decide.plan_team values ($1, $2)", plan_id, team or NOBODYS)
    return plan_id, await seed.add_task(gateway.pool, plan_id)


@pytest.mark.parametrize("handle", SEEING)
async def test_who_sees_the_plan_gets_its_task(
    gateway: Running, api: httpx.AsyncClient, team: UUID, handle: str
) -> None:
    _, task_id = await task_of(gateway, team)
    answer = await api.patch(f"/api/tasks/{task_id}", json={"action": "assign", "assignee": handle})
    assert (answer.status_code, answer.json()["status"]) == (202, "assigned")


async def test_who_does_not_see_it_is_refused_with_those_who_do(
    gateway: Running, api: httpx.AsyncClient, team: UUID
) -> None:
    _, task_id = await task_of(gateway, team)
    body = {"action": "assign", "assignee": "eva"}

    refused = await api.patch(f"/api/tasks/{task_id}", json=body)
    many = await api.post("/api/tasks/bulk", json={**body, "ids": [str(task_id)]})

    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert error["path"] == "assignee"
    assert f"would not find the task: {', '.join(SEEING)} can" in error["message"]
    assert [one["outcome"] for one in many.json()["results"]] == ["cannot_see"]
    assert await gateway.pool.fetchval("select count(*) from decide.outbox where stream = $1", f"task-{task_id}") == 0
    told = await gateway.pool.fetch("select outcome from audit.entry where target = $1", str(task_id))
    assert [row["outcome"] for row in told] == ["cannot_see"] * 2


async def test_the_page_says_so_in_the_readers_language(gateway: Running, team: UUID) -> None:
    _, task_id = await task_of(gateway, team)
    async with gateway.browser("operator", "pt-BR") as page:
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', (await page.get(f"/tasks/{task_id}")).text)
        assert csrf is not None
        sent = {"csrf_token": csrf[1], "assignee": "eva", "back": f"/tasks/{task_id}"}
        assert (await page.post(f"/tasks/{task_id}/assign", data=sent)).status_code == 303
        assert "não está na equipe do plano" in (await page.get(f"/tasks/{task_id}")).text


async def test_its_page_and_that_of_its_plan_offer_it_to_those_who_see_it(gateway: Running, team: UUID) -> None:
    for of, offered in ((team, SEEING), (None, sorted({*SEEING, "eva"}))):
        plan_id, task_id = await task_of(gateway, of)
        async with gateway.browser("operator") as page:
            for address in (f"/tasks/{task_id}", f"/plans/{plan_id}"):
                text = (await page.get(address)).text
                assert sorted(set(re.findall(r'<option value="(\w+)">', text)) & {*EVERYBODY}) == offered, address


async def test_a_plan_of_no_team_is_seen_by_everybody_and_who_has_ended_is_nobody(
    gateway: Running, api: httpx.AsyncClient, team: UUID
) -> None:
    _, task_id = await task_of(gateway, None)
    given = await api.patch(f"/api/tasks/{task_id}", json={"action": "assign", "assignee": "eva"})
    ended = await api.patch(f"/api/tasks/{task_id}", json={"action": "assign", "assignee": "leo"})
    assert (given.status_code, ended.status_code) == (202, 422)
    assert "nobody who has not ended" in ended.text


async def test_the_database_and_reminders_have_one_rule(gateway: Running, team: UUID) -> None:
    plans = [(await task_of(gateway, of))[0] for of in (team, None)]
    await gateway.pool.execute(
        "delete from decide.plan_team where plan_id = $1", plans[1]
    )  # as of a log from elsewhere
    plans.append((await task_of(gateway, None))[0])
    for plan_id in plans:
        rows = await gateway.pool.fetch(
            f"select p.handle, {sees('$1::uuid')} as rule, decide.sees(p.handle, $1::uuid) as here"
            " from access.person p where p.ended_at is null",
            plan_id,
        )
        assert len(rows) == len(EVERYBODY) - 1
        assert {row["handle"]: row["rule"] for row in rows} == {row["handle"]: row["here"] for row in rows}
