"""Plans over HTTP: list, read, decide, follow."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from gateway.routes import plans
from gateway.ui.pages.plan import TASKS
from projections.reads.written import Shown
from schemas.facts import DocumentFacts, TableRead
from schemas.lifecycle import ADDED, CHANNEL, OF, PHASE, TEXT
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running, one_row

PATH = "/api/marketplace/analysis"


async def test_a_plan_is_read_in_camel_case_with_what_can_be_done(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool, channels=("shopee", "amazon"))
    await seed.add_channel(gateway.pool, plan_id, "shopee")
    await seed.add_task(gateway.pool, plan_id)
    answer = await api.get(f"{PATH}/{plan_id}")
    assert answer.status_code == 200
    assert answer.headers["etag"] == '"2"'
    plan = answer.json()
    assert plan["planId"] == str(plan_id)
    assert plan["opportunities"][0]["worthBrl"] == 1200.5
    assert plan["phases"][0]["tasks"][0]["opportunityId"] == "shopee-returns"
    assert [(c["channel"], c["status"]) for c in plan["channelResults"]] == [
        ("shopee", "analyzed"),
        ("amazon", "waiting"),
    ]
    assert plan["tasks"] == {"total": 1, "byStatus": {"open": 1}, "overdue": 0}
    assert plan["actions"] == ["approve", "reject", "cancel"]
    assert plan["uploadedAt"] == "2026-05-04T12:00:00Z"


FALLBACK = {"agent": "agent:llm.example/gpt", "code": "agent-timeout", "reason": "no answer", "attempts": 2}
USE = {"agent": FALLBACK["agent"], "calls": 3, "input_tokens": 1200, "output_tokens": 345, "seconds": 9.5, "cost": 0.25}


async def test_a_plan_tells_who_failed_what_it_took_and_which_numbers_have_no_source(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    plan_id = await seed.add_plan(gateway.pool, channels=("shopee", "amazon"))
    for channel in ("shopee", "amazon"):
        await seed.add_channel(gateway.pool, plan_id, channel)
    await gateway.pool.execute(
        "update rm.plan_channel set fallback = $2, unmatched = $3, agent_use = $4"
        " where plan_id = $1 and channel = 'shopee'",
        plan_id,
        orjson.dumps([FALLBACK]).decode(),
        orjson.dumps([{"path": "opportunities[0].title", "number": "R$ 9.999"}]).decode(),
        orjson.dumps([USE]).decode(),
    )

    told = {one["channel"]: one for one in (await api.get(f"{PATH}/{plan_id}")).json()["channelResults"]}

    assert told["shopee"]["fallback"] == [FALLBACK]
    assert told["shopee"]["unmatched"] == [{"path": "opportunities[0].title", "number": "R$ 9.999"}]
    [use] = told["shopee"]["use"]
    assert (use["inputTokens"], use["outputTokens"], use["cost"]) == (1200, 345, 0.25)
    assert (told["amazon"]["fallback"], told["amazon"]["unmatched"], told["amazon"]["use"]) == ([], [], [])
    async with gateway.client(None, **{"accept-language": "pt-BR"}) as page:
        await page.post("/login", data={"key": gateway.keys["operator"]})
        shown = (await page.get(f"/plans/{plan_id}")).text
    assert shown.count("As regras do sistema escreveram isto") == 1
    assert "o agente não respondeu a tempo" in shown
    assert "1 número dos textos do agente não tem origem no documento" in shown
    assert "R$ 9.999" in shown
    assert "3 chamadas" in shown
    assert "custo 0.2500" in shown


async def test_metrics_tell_what_agents_took_this_month(gateway: Running, api: httpx.AsyncClient) -> None:
    await gateway.pool.execute("delete from flow.agent_spend")
    await gateway.pool.execute(
        "insert into flow.agent_spend values (date_trunc('month', clock_timestamp() at time zone 'UTC'), 'agent:a/m',"
        " 4, 100, 50, 12.5, 0.75), ('2001-01-01', 'agent:old/m', 9, 9, 9, 9, 9)"
    )
    lines = (await api.get("/metrics")).text.splitlines()
    for line in (
        'marketplace_agent_calls{agent="agent:a/m"} 4.0',
        'marketplace_agent_tokens{agent="agent:a/m",direction="input"} 100.0',
        'marketplace_agent_tokens{agent="agent:a/m",direction="output"} 50.0',
        'marketplace_agent_seconds{agent="agent:a/m"} 12.5',
        'marketplace_agent_cost{agent="agent:a/m"} 0.75',
    ):
        assert line in lines
    assert not [line for line in lines if "agent:old" in line]
    await gateway.pool.execute("delete from flow.agent_spend")
    assert "agent:a/m" not in (await api.get("/metrics")).text


async def test_a_plan_tells_how_its_document_was_read(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    assert (await api.get(f"{PATH}/{plan_id}")).json()["reading"] is None
    table = TableRead("arquivo", "plain", 3, ["SKU", "Total"], ["status"], ["1 linha de total"])
    facts = DocumentFacts("text/csv", "t", [table], text="nada disto", warnings=["w"])
    await gateway.pool.execute(
        "insert into decide.document (document_id, plan_id, sha256, channels, facts)"
        " values ($1, $1, 'a', '{shopee}', $2)",
        plan_id,
        orjson.dumps(facts.to_dict()).decode(),
    )

    assert (await api.get(f"{PATH}/{plan_id}")).json()["reading"] == {
        "tables": [
            {
                "where": "arquivo",
                "layout": "plain",
                "kind": "unknown",
                "rows": 3,
                "columnsUsed": ["SKU", "Total"],
                "columnsMissing": ["status"],
                "columns": [],
                "warnings": ["1 linha de total"],
            }
        ],
        "channels": [],
        "currencies": [],
        "warnings": ["w"],
    }


async def test_lists_are_filtered_and_paged(gateway: Running, api: httpx.AsyncClient) -> None:
    ids = {str(await seed.add_plan(gateway.pool, title="Paginado", status="completed")) for _ in range(5)}
    first = (await api.get(PATH, params={"q": "paginado", "limit": 2, "total": "true"})).json()
    assert first["total"] == 5
    seen = [p["planId"] for p in first["items"]]
    cursor = first["nextCursor"]
    while cursor:
        page = (await api.get(PATH, params={"q": "paginado", "limit": 2, "cursor": cursor})).json()
        seen += [p["planId"] for p in page["items"]]
        cursor = page["nextCursor"]
    assert set(seen) == ids
    assert len(seen) == 5
    both = await api.get(f"{PATH}?q=paginado&status=analyzing,completed&status=rejected&channel=shopee&priority=normal")
    assert len(both.json()["items"]) == 5
    assert (await api.get(f"{PATH}?q=paginado&status=analyzing")).json()["items"] == []


async def test_approving_answers_at_once_with_where_to_follow(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    answer = await api.patch(f"{PATH}/{plan_id}", json={"action": "approve", "reason": "bom"})
    assert answer.status_code == 202
    assert answer.headers["location"] == f"{PATH}/{plan_id}"
    assert answer.headers["etag"] == '"3"'
    assert answer.json() == {
        "planId": str(plan_id),
        "outcome": "accepted",
        "status": "approved",
        "version": 3,
        "links": {
            "self": f"{PATH}/{plan_id}",
            "events": f"{PATH}/{plan_id}/events",
            "tasks": f"{PATH}/{plan_id}/tasks",
        },
    }
    row = await one_row(gateway.pool, "select * from decide.outbox where key = $1", str(plan_id))
    assert (row["type"], row["actor"]) == ("plan.approved", "the admin")
    assert row["causation_id"] == answer.headers["x-request-id"]
    assert row["traceparent"].startswith("00-")


async def test_approving_twice_is_harmless(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    answers = await asyncio.gather(*(api.patch(f"{PATH}/{plan_id}", json={"action": "approve"}) for _ in range(8)))
    assert {a.status_code for a in answers} == {202}
    assert sorted(a.json()["outcome"] for a in answers) == ["accepted"] + ["unchanged"] * 7
    assert await gateway.pool.fetchval("select count(*) from decide.outbox where key = $1", str(plan_id)) == 1


async def test_the_callers_trace_goes_with_the_command(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    trace = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    await api.patch(
        f"{PATH}/{plan_id}", json={"action": "reject"}, headers={"traceparent": trace, "x-request-id": "r-1"}
    )
    row = await one_row(
        gateway.pool, "select traceparent, causation_id from decide.outbox where key = $1", str(plan_id)
    )
    assert tuple(row) == (trace, "r-1")


async def test_an_idempotency_key_gives_the_first_answer_again(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    headers = {"Idempotency-Key": str(uuid4())}
    first = await api.patch(f"{PATH}/{plan_id}", json={"action": "approve"}, headers=headers)
    again = await api.patch(f"{PATH}/{plan_id}", json={"action": "approve"}, headers=headers)
    assert first.json() == again.json()
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    other = await api.patch(f"{PATH}/{plan_id}", json={"action": "reject"}, headers=headers)
    assert other.status_code == 422
    assert other.json()["type"] == "/docs#key-reused"


async def test_a_decision_on_what_was_not_read_is_refused(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    refused = await api.patch(f"{PATH}/{plan_id}", json={"action": "approve"}, headers={"If-Match": '"1"'})
    assert refused.status_code == 412
    assert refused.headers["etag"] == '"2"'
    assert refused.json()["version"] == 2
    taken = await api.patch(f"{PATH}/{plan_id}", json={"action": "approve"}, headers={"If-Match": '"2"'})
    assert taken.status_code == 202


async def test_the_wrong_status_says_which_and_what_can_be_done(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool, status="analyzing")
    refused = await api.patch(f"{PATH}/{plan_id}", json={"action": "approve"})
    assert refused.status_code == 409
    problem = refused.json()
    assert refused.headers["content-type"] == "application/problem+json"
    assert (problem["currentStatus"], problem["version"], problem["actions"]) == ("analyzing", 1, ["cancel"])
    assert problem["instance"] == f"{PATH}/{plan_id}"
    assert problem["requestId"] == refused.headers["x-request-id"]


async def test_an_unknown_plan(gateway: Running, api: httpx.AsyncClient) -> None:
    unknown = uuid4()
    answers = [
        await api.get(f"{PATH}/{unknown}"),
        await api.get(f"{PATH}/{unknown}/events"),
        await api.get(f"{PATH}/{unknown}/tasks"),
        await api.patch(f"{PATH}/{unknown}", json={"action": "approve"}),
    ]
    assert [a.status_code for a in answers] == [404] * 4
    assert all(str(unknown) in a.json()["detail"] for a in answers)


async def test_many_plans_each_have_their_own_result(gateway: Running, api: httpx.AsyncClient) -> None:
    good, running, unknown = (
        await seed.add_plan(gateway.pool),
        await seed.add_plan(gateway.pool, status="analyzing"),
        uuid4(),
    )
    ids = [str(i) for i in (good, running, unknown, good)]
    answer = await api.post(f"{PATH}/bulk", json={"action": "approve", "ids": ids})
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [(r["planId"], r["outcome"]) for r in results] == [
        (str(good), "accepted"),
        (str(running), "wrong_status"),
        (str(unknown), "not_found"),
    ]
    assert results[0]["problem"] is None
    assert results[1]["problem"]["currentStatus"] == "analyzing"
    assert results[2]["problem"]["status"] == 404


async def test_a_thousand_plans_at_once(gateway: Running, api: httpx.AsyncClient) -> None:
    """Each is approved once, with an answer in its place; the same request again does nothing, one more is too many."""
    ids = [str(one) for one in await asyncio.gather(*(seed.add_plan(gateway.pool) for _ in range(1000)))]
    body, key = {"action": "approve", "ids": ids}, {"Idempotency-Key": str(uuid4())}

    async def approved() -> list[str]:
        rows = await gateway.pool.fetch(
            "select type, key from decide.outbox where key = any($1::text[]) order by key", ids
        )
        assert {row["type"] for row in rows} <= {"plan.approved"}
        return [row["key"] for row in rows]

    one_more = await seed.add_plan(gateway.pool)
    refused = await api.post(f"{PATH}/bulk", json={"action": "approve", "ids": [*ids, str(one_more)]})
    assert refused.status_code == 422
    assert await approved() == []

    answers = [(await api.post(f"{PATH}/bulk", json=body, headers=key)).json()["results"] for _ in range(2)]
    assert [(r["planId"], r["outcome"], r["status"], r["version"]) for r in answers[0]] == [
        (one, "accepted", "approved", 3) for one in ids
    ]
    assert answers[1] == answers[0]
    assert await approved() == sorted(ids)


async def waited_for(gateway: Running, plan_id: UUID) -> None:
    """Return once a request waits for the read model to have a plan."""
    while str(plan_id) not in gateway.app.state.services.live._waiters:
        await asyncio.sleep(0.005)


async def test_a_read_waits_for_its_version(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "WAIT_S", 7.0)  # of a busy machine, too; the longest that an answer may take is 8
    plan_id = await seed.add_plan(gateway.pool)
    reading = asyncio.create_task(api.get(f"{PATH}/{plan_id}", params={"min_version": 3}))
    await waited_for(gateway, plan_id)
    assert not reading.done()
    await gateway.pool.execute("update rm.plan set version = 3 where plan_id = $1", plan_id)
    await gateway.pool.execute("select pg_notify('projected', $1)", f'{{"plans": ["{plan_id}"], "n": 1}}')
    answer = await reading
    assert answer.json()["version"] == 3
    assert "x-projection-lag" not in answer.headers


async def test_a_read_says_what_is_missing(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    answer = await api.get(f"{PATH}/{plan_id}", params={"min_version": 5})
    assert answer.status_code == 200
    assert answer.headers["x-projection-lag"] == "3"


async def test_a_plan_that_was_accepted_but_is_not_shown_yet(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_id = uuid4()
    await gateway.pool.execute(
        "insert into decide.head (stream, kind, plan_id, status, version) values ($1, 'plan', $2, 'analyzing', 2)",
        f"plan-{plan_id}",
        plan_id,
    )
    with monkeypatch.context() as patient:
        patient.setattr(plans, "WAIT_S", 7.0)
        reading = asyncio.create_task(api.get(f"{PATH}/{plan_id}"))
        await waited_for(gateway, plan_id)
        await seed.add_plan(gateway.pool, plan_id=plan_id, head=False)
        assert (await reading).status_code == 200
    await gateway.pool.execute("delete from rm.plan where plan_id = $1", plan_id)
    late = await api.get(f"{PATH}/{plan_id}")
    assert (late.status_code, late.headers["retry-after"]) == (503, "1")
    assert (await api.get(f"{PATH}/{plan_id}/events")).json()["items"] == []


async def test_the_history_of_a_plan(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    for n, kind in enumerate(("plan.uploaded", "plan.analyzed"), 1):
        await seed.add_event(gateway.pool, plan_id, n, kind)
    events = (await api.get(f"{PATH}/{plan_id}/events")).json()["items"]
    assert [e["type"] for e in events] == ["plan.uploaded", "plan.analyzed"]
    assert events[0]["data"] == {"plan_id": str(plan_id)}
    head = (await api.get(f"{PATH}/{plan_id}/events", params={"limit": 1})).json()
    tail = (await api.get(f"{PATH}/{plan_id}/events", params={"cursor": head["nextCursor"]})).json()
    assert [e["type"] for e in tail["items"]] == ["plan.analyzed"]


@pytest.mark.parametrize("action", ["reject", "cancel"])
async def test_other_decisions(gateway: Running, api: httpx.AsyncClient, action: str) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    answer = await api.patch(f"{PATH}/{plan_id}", json={"action": action, "reason": "não agora"})
    assert answer.json()["status"] == {"reject": "rejected", "cancel": "cancelled"}[action]
    said = "select data ->> 'reason' from decide.outbox where key = $1"
    assert "não agora" not in await gateway.pool.fetchval(said, str(plan_id))
    assert await Shown(gateway.pool).fetchval(said, str(plan_id)) == "não agora"


async def test_what_can_be_done_is_what_the_database_allows(gateway: Running) -> None:
    rules = await gateway.pool.fetch("select command, kind, from_status from decide.rule")
    for kind, life in OF.items():
        allowed = {
            (status, r["command"].split(".", 1)[1]) for r in rules if r["kind"] == kind for status in r["from_status"]
        }
        of_parts = {
            (status, f"{part}.{action}")
            for of_kind, part, rules_of in (
                ("plan", "channel", CHANNEL),
                ("plan", "phase", PHASE),
                ("plan", "task", ADDED),
                ("task", "text", TEXT),
            )
            for action, rule in rules_of.items()
            if kind == of_kind
            for status in rule.needs
        }
        assert {(status, action) for status in life.states for action in life.actions(status)} | of_parts == allowed


async def test_a_plan_with_many_tasks_shows_the_first_and_where_all_are(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    plan_id = await seed.add_plan(gateway.pool, status="executing")
    for n in range(TASKS + 3):
        await seed.add_task(gateway.pool, plan_id, position=n + 1, title=f"Tarefa {n + 1:03}.")
    page = (await api.get(f"/plans/{plan_id}")).text
    assert [f"Tarefa {n:03}." in page for n in (1, TASKS, TASKS + 1)] == [True, True, False]
    assert f"The first {TASKS} of {TASKS + 3} tasks." in page
    assert f"/tasks?plan={plan_id}" in page
