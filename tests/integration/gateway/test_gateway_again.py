"""Another analysis of a channel: what the API and the page take, refuse and show."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from schemas.process.liveness import LOCK
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running, contents, one_row

PATH = "/api/marketplace/analysis"


async def add_plan(gateway: Running, *, status: str = "awaiting_approval") -> UUID:
    """Store a plan of two channels, as far as decisions and pages know it."""
    plan_id = await seed.add_plan(gateway.pool, status=status, channels=("shopee", "amazon"))
    await gateway.pool.execute(
        "insert into decide.document (document_id, plan_id, sha256, channels, facts) values ($1, $1, 'ab', $2, '{}')",
        plan_id,
        ["shopee", "amazon"],
    )
    for channel in ("shopee", "amazon"):
        await seed.add_channel(gateway.pool, plan_id, channel)
        await gateway.pool.execute(
            "insert into decide.channel_result values ($1, $2, 'plan.channel.analyzed', $3, '{}')",
            plan_id,
            channel,
            uuid4(),
        )
    return plan_id


def address(plan_id: UUID, channel: str = "shopee") -> str:
    return f"{PATH}/{plan_id}/channels/{channel}/analysis"


async def asked(gateway: Running, plan_id: UUID, **values: Any) -> None:
    """Show a request, and what came of it."""
    request = {"version": 3, "result_version": 1, "analyst": "agent", "by": "ana", "at": "2026-05-04T12:00:00+00:00"}
    await gateway.pool.execute(
        "update rm.plan_channel set asked = $2, kept = $3, version = $4 where plan_id = $1 and channel = 'shopee'",
        plan_id,
        orjson.dumps(request).decode(),
        None if "kept" not in values else orjson.dumps(values["kept"]).decode(),
        values.get("version", 1),
    )


async def test_an_analysis_is_asked_for_once_however_often_it_is_sent(gateway: Running) -> None:
    plan_id = await add_plan(gateway)
    async with gateway.client("analyst", **{"idempotency-key": f"k-{plan_id}"}) as api:
        answers = [await api.post(address(plan_id), json={"with": "rules"}) for _ in range(2)]
        other = await api.post(address(plan_id), json={"with": "agent"})

    assert [a.status_code for a in answers] == [202, 202], answers[0].text
    first = answers[0].json()
    assert (first["outcome"], first["status"], first["version"]) == ("accepted", "awaiting_approval", 3)
    assert (answers[0].headers["etag"], answers[0].headers["location"]) == ('"3"', f"{PATH}/{plan_id}")
    assert answers[1].headers["idempotent-replayed"] == "true"
    assert (other.status_code, other.json()["type"]) == (422, "/docs#key-reused")
    row = await one_row(
        gateway.pool, "select type, stream, version, actor, data from decide.outbox where key = $1", str(plan_id)
    )
    assert tuple(row)[:4] == ("plan.channel.requested_again", f"plan-{plan_id}", 3, "the analyst")
    assert orjson.loads(row["data"]) == {
        "plan_id": str(plan_id), "channel": "shopee", "analyst": "rules", "document_id": str(plan_id),
        "priority": "normal", "result_version": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "channel", "body", "headers", "wanted"),
    [
        ("awaiting_approval", "shopee", {"with": "magic"}, {}, (422, "invalid")),
        ("awaiting_approval", "shopee", {}, {}, (422, "invalid")),
        ("awaiting_approval", "magalu", {"with": "rules"}, {}, (404, "not-found")),
        ("awaiting_approval", "shopee", {"with": "rules"}, {"if-match": '"1"'}, (412, "version-mismatch")),
        ("executing", "shopee", {"with": "rules"}, {}, (409, "wrong-status")),
        ("analyzing", "shopee", {"with": "rules"}, {}, (409, "wrong-status")),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(
    gateway: Running, api: httpx.AsyncClient, status: str, channel: str, body: Any, headers: Any, wanted: Any
) -> None:
    plan_id = await add_plan(gateway, status=status)
    before = await contents(gateway.pool)

    answer = await api.post(address(plan_id, channel), json=body, headers=headers)

    assert (answer.status_code, answer.json()["type"]) == (wanted[0], f"/docs#{wanted[1]}"), answer.text
    assert await contents(gateway.pool) == before


async def test_a_viewer_asks_for_nothing_and_no_plan_has_none(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await add_plan(gateway)
    async with gateway.client("viewer") as viewer:
        assert (await viewer.post(address(plan_id), json={"with": "rules"})).status_code == 403
    assert (await api.post(address(uuid4()), json={"with": "rules"})).status_code == 404


async def test_an_approval_says_which_version_it_is_of(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await add_plan(gateway)
    await api.post(address(plan_id), json={"with": "rules"})
    await gateway.pool.execute("update rm.plan set version = 3 where plan_id = $1", plan_id)
    path, approve = f"{PATH}/{plan_id}", {"action": "approve"}

    blind = await api.patch(path, json=approve)
    many = (await api.post(f"{PATH}/bulk", json={**approve, "ids": [str(plan_id)]})).json()["results"]
    seen = {**approve, "ids": [str(plan_id)], "versions": {str(plan_id): 2}}
    many += (await api.post(f"{PATH}/bulk", json=seen)).json()["results"]
    stale = await api.patch(path, json=approve, headers={"if-match": '"2"'})
    right = await api.patch(path, json=approve, headers={"if-match": '"3"'})

    assert [a.status_code for a in (blind, stale, right)] == [412, 412, 202]
    assert "If-Match" in blind.json()["detail"]
    assert [one["outcome"] for one in many] == ["version_mismatch", "version_mismatch"]


async def test_many_are_approved_with_the_versions_that_were_read(gateway: Running, api: httpx.AsyncClient) -> None:
    """One that was analysed again goes with the rest, one that changed since is refused with words, alone."""
    plans = [await add_plan(gateway) for _ in range(3)]
    for plan_id in plans[1:]:
        await api.post(address(plan_id), json={"with": "rules"})
        await gateway.pool.execute("update rm.plan set version = 3 where plan_id = $1", plan_id)
    ids = [str(one) for one in plans]
    body = {"action": "approve", "ids": ids, "versions": {ids[1]: 3, ids[2]: 2}}
    results = (await api.post(f"{PATH}/bulk", json=body)).json()["results"]
    foreign = await api.post(f"{PATH}/bulk", json={**body, "ids": ids[:1]})

    assert [one["outcome"] for one in results] == ["accepted", "accepted", "version_mismatch"]
    assert "is at version 3 now" in results[2]["problem"]["detail"]
    assert (foreign.status_code, "not among ids" in foreign.text) == (422, True)


async def test_the_answer_tells_what_is_under_way_and_why_a_result_stayed(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    plan_id = await add_plan(gateway)
    await asked(gateway, plan_id)
    running, untouched = (await api.get(f"{PATH}/{plan_id}")).json()["channelResults"]
    failure = {
        "agent": "agent:llm.example/m",
        "code": "agent-timeout",
        "reason": "the agent did not end",
        "attempts": 1,
    }
    kept = {"analyst": "agent", "code": "agent-timeout", "reason": "r", "failures": [failure], "use": []}
    await asked(gateway, plan_id, version=2, kept={**kept, "at": "2026-05-04T12:01:00+00:00"})
    stayed = (await api.get(f"{PATH}/{plan_id}")).json()["channelResults"][0]

    assert running["asked"] == {"analyst": "agent", "by": "ana", "at": "2026-05-04T12:00:00Z", "running": True}
    assert (untouched["asked"], untouched["kept"]) == (None, None)
    assert not stayed["asked"]["running"]
    assert (stayed["kept"]["code"], stayed["kept"]["failures"]) == ("agent-timeout", [failure])


@asynccontextmanager
async def page_of(gateway: Running, role: str = "analyst") -> AsyncIterator[httpx.AsyncClient]:
    async with gateway.client(None, **{"accept-language": "pt-BR"}) as page:
        await page.post("/login", data={"key": gateway.keys[role]})
        yield page


def form_of(text: str, action: str) -> dict[str, str]:
    """Return the hidden fields of the form that leads there."""
    form = next(f for f in re.findall(r"<form.*?</form>", text, re.DOTALL) if f'action="{action}"' in f)
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


async def test_the_page_asks_shows_that_it_runs_and_says_why_a_result_stayed(gateway: Running) -> None:
    plan_id = await add_plan(gateway)
    async with page_of(gateway) as page:
        action = f"/plans/{plan_id}/channels/shopee/analysis"
        shown = (await page.get(f"/plans/{plan_id}")).text
        fields = form_of(shown, action)
        assert "Analisar de novo:" in shown
        assert fields["version"] == "2"

        wrong = await page.post(action, data={**fields, "with": "magia"}, headers={"origin": gateway.url})
        sent = await page.post(action, data={**fields, "with": "rules"}, headers={"origin": gateway.url})
        again = await page.post(action, data={**fields, "with": "rules"}, headers={"origin": gateway.url})

        assert wrong.status_code == 422
        assert (sent.status_code, again.status_code) == (303, 303)
        assert sent.headers["location"] == f"/plans/{plan_id}#channel-shopee"
        events = "select count(*) from decide.outbox where key = $1"
        assert await gateway.pool.fetchval(events, str(plan_id)) == 1

        await asked(gateway, plan_id)
        assert 'data-analysed-again="running"' in (await page.get(f"/plans/{plan_id}")).text
        await asked(gateway, plan_id, version=2)
        assert 'data-analysed-again="done"' in (await page.get(f"/plans/{plan_id}")).text
        failure = {"agent": "", "code": "no-agent", "reason": "no agent is configured", "attempts": 1}
        kept = {"analyst": "agent", "code": "no-agent", "reason": "r", "failures": [failure], "use": []}
        await asked(gateway, plan_id, version=2, kept={**kept, "at": "2026-05-04T12:01:00+00:00"})
        stayed = (await page.get(f"/plans/{plan_id}")).text
        assert "nenhum agente está configurado" in stayed
        assert '<span class="quiet small"><bdi lang="en">no agent is configured</bdi></span>' in stayed


@pytest.mark.parametrize(("agent", "offered"), [("agent:llm.example/m", True), ("", False)])
async def test_the_agent_is_offered_where_a_runner_has_one(gateway: Running, agent: str, offered: bool) -> None:
    plan_id = await add_plan(gateway)
    async with gateway.pool.acquire() as runner, page_of(gateway) as page:
        id_ = await runner.fetchval("select flow.worker_start($1, 'runner', 'h', 1, 0, 'v')", f"runner-{plan_id}")
        await runner.execute(
            "update flow.worker set progress = jsonb_build_object('agent', $2::text) where worker_id = $1", id_, agent
        )
        await runner.execute("select pg_advisory_lock($1, $2)", LOCK, id_)
        shown = (await page.get(f"/plans/{plan_id}")).text
        await runner.execute("select pg_advisory_unlock($1, $2)", LOCK, id_)

    assert 'name="with" value="rules"' in shown
    assert ('name="with" value="agent"' in shown) is offered


async def test_who_may_not_act_or_cannot_ask_sees_no_form(gateway: Running) -> None:
    waiting, ended = await add_plan(gateway), await add_plan(gateway, status="executing")
    async with page_of(gateway, "viewer") as page:
        assert "Analisar de novo:" not in (await page.get(f"/plans/{waiting}")).text
    async with page_of(gateway) as page:
        assert "Analisar de novo:" not in (await page.get(f"/plans/{ended}")).text
        no_action = await page.post(
            f"/plans/{waiting}/channel.analyse_again",
            data=form_of((await page.get(f"/plans/{waiting}")).text, f"/plans/{waiting}/approve"),
            headers={"origin": gateway.url},
        )
    assert no_action.status_code == 404


async def test_repairs_and_failures_are_told_in_the_readers_language(gateway: Running) -> None:
    plan_id = await add_plan(gateway)
    repairs = [
        {"path": "opportunities[*].priority", "problem": "the priority is written differently: urgente, 3 times",
         "action": "read it as: high"},
        {"path": "x", "problem": "was odd", "action": "made even"},
    ]  # fmt: skip
    await gateway.pool.execute(
        "update rm.plan_channel set repairs = $2 where plan_id = $1 and channel = 'shopee'",
        plan_id,
        orjson.dumps(repairs).decode(),
    )
    await gateway.pool.execute(
        "update rm.plan_channel set status = 'failed', source = '', code = 'document-missing', reason = 'no document'"
        " where plan_id = $1 and channel = 'amazon'",
        plan_id,
    )
    event = await seed.add_event(gateway.pool, plan_id, 2, "plan.channel.failed")
    await gateway.pool.execute(
        "update rm.timeline set data = $2 where event_id = $1",
        event,
        '{"channel": "amazon", "code": "document-missing", "reason": "no document"}',
    )
    async with page_of(gateway) as page:
        shown = " ".join((await page.get(f"/plans/{plan_id}")).text.split())

    assert "a prioridade está escrita de outro jeito: <bdi>urgente</bdi> (3 vezes)" in shown
    assert "foi lido como: <bdi>high</bdi>" in shown
    assert '<bdi lang="en">was odd</bdi>' in shown
    assert "Amazon falhou: os números do documento não estão mais guardados" in shown
    assert '<span class="quiet small"><bdi lang="en">no document</bdi></span>' in shown
    assert "written differently" not in shown
