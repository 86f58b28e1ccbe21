"""Phase 1 by a person: with the approval, by an operator, in place of the plan's and the fallback's."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running, contents, one_row
from tests.integration.gateway.test_verdict_surfaces import flat, marketplace

PATH = "/api/marketplace/analysis"
HTML = {"accept": "text/html"}
GIVEN: dict[str, Any] = {
    "name": "Fase 1 - Só as fotos",
    "weeks": "Semana 1",
    "investment": "nenhum",
    "expectedImpact": "menos devoluções",
    "tasks": [
        {
            "title": " Refazer as fotos ",
            "what": "Com régua",
            "channel": "amazon",
            "priority": "high",
            "opportunityId": "shopee-returns",
        },
        {"title": "Avisar o fornecedor"},
    ],
    "reason": "a equipe é uma pessoa só",
}


def approval(**phase1: Any) -> dict[str, Any]:
    return {"action": "approve", "phase1": {**GIVEN, **phase1}}


async def event_of(gateway: Running, plan_id: UUID) -> Any:
    return await one_row(gateway.pool, "select actor, data from decide.outbox where key = $1", str(plan_id))


@pytest.fixture
async def plan_id(gateway: Running) -> UUID:
    return await seed.add_plan(gateway.pool, channels=("shopee", "amazon"))


async def test_an_operator_gives_phase_1_with_the_approval(gateway: Running, plan_id: UUID) -> None:
    async with gateway.client("operator") as operator:
        answer = await operator.patch(f"{PATH}/{plan_id}", json=approval())
    assert answer.status_code == 202, answer.text
    assert (answer.json()["outcome"], answer.json()["version"]) == ("accepted", 3)
    row = await event_of(gateway, plan_id)
    data = orjson.loads(row["data"])
    assert row["actor"] == "the operator"
    assert data["reason"] == data["phase1"]["reason"] == "a equipe é uma pessoa só"
    assert data["channels"] == ["shopee", "amazon"]
    assert data["phase1"] == {
        "name": "Fase 1 - Só as fotos",
        "weeks": "Semana 1",
        "investment": "nenhum",
        "expected_impact": "menos devoluções",
        "tasks": [
            {
                "title": "Refazer as fotos",
                "what": "Com régua",
                "channel": "amazon",
                "priority": "high",
                "opportunity_id": "shopee-returns",
            },
            {"title": "Avisar o fornecedor", "what": "", "channel": "", "priority": "normal", "opportunity_id": None},
        ],
        "reason": "a equipe é uma pessoa só",
    }


async def test_only_titles_and_a_reason_are_needed(gateway: Running, api: httpx.AsyncClient, plan_id: UUID) -> None:
    body = {"action": "approve", "reason": "bom", "phase1": {"tasks": [{"title": "Fotos"}], "reason": "pressa"}}
    assert (await api.patch(f"{PATH}/{plan_id}", json=body)).status_code == 202
    data = orjson.loads((await event_of(gateway, plan_id))["data"])
    assert (data["reason"], data["phase1"]["reason"], data["phase1"]["name"]) == ("bom", "pressa", "")


async def test_an_approval_without_one_does_not_carry_the_field(
    gateway: Running, api: httpx.AsyncClient, plan_id: UUID
) -> None:
    assert (await api.patch(f"{PATH}/{plan_id}", json={"action": "approve", "phase1": None})).status_code == 202
    assert "phase1" not in orjson.loads((await event_of(gateway, plan_id))["data"])


async def test_an_analyst_approves_but_does_not_give_phase_1(gateway: Running, plan_id: UUID) -> None:
    before = await contents(gateway.pool)
    async with gateway.client("analyst") as analyst:
        refused = await analyst.patch(f"{PATH}/{plan_id}", json=approval())
        assert (refused.status_code, refused.json()["neededRole"]) == (403, "operator")
        assert await contents(gateway.pool) == before
        assert (await analyst.patch(f"{PATH}/{plan_id}", json={"action": "approve"})).status_code == 202


LONG = "x" * 2001
WRONG: list[tuple[str, dict[str, Any], list[str]]] = [
    ("no task", {"tasks": []}, ["/phase1/tasks"]),
    ("too many", {"tasks": [{"title": "t"}] * 21}, ["/phase1/tasks"]),
    ("no title", {"tasks": [{"title": "t"}, {"title": " "}, {}]}, ["/phase1/tasks/1/title", "/phase1/tasks/2/title"]),
    ("long title", {"tasks": [{"title": "t" * 201}]}, ["/phase1/tasks/0/title"]),
    ("two lines", {"tasks": [{"title": "a\nb"}]}, ["/phase1/tasks/0/title"]),
    ("long what", {"tasks": [{"title": "t", "what": LONG}]}, ["/phase1/tasks/0/what"]),
    ("NUL", {"tasks": [{"title": "t", "what": "a\0"}]}, ["/phase1/tasks/0/what"]),
    ("no channel of ours", {"tasks": [{"title": "t", "channel": "ebay"}]}, ["/phase1/tasks/0/channel"]),
    ("not the plan's", {"tasks": [{"title": "t", "channel": "magalu"}]}, ["/phase1/tasks/0/channel"]),
    ("priority", {"tasks": [{"title": "t", "priority": "urgent"}]}, ["/phase1/tasks/0/priority"]),
    ("opportunity", {"tasks": [{"title": "t", "opportunityId": "x"}]}, ["/phase1/tasks/0/opportunityId"]),
    ("unknown member", {"tasks": [{"title": "t", "a/b~c": 1}]}, ["/phase1/tasks/0/a~1b~0c"]),
    ("no reason", {"reason": " "}, ["/phase1/reason"]),
    ("long name", {"name": "n" * 201, "weeks": 4}, ["/phase1/name", "/phase1/weeks"]),
]


@pytest.mark.parametrize(("what", "phase1", "pointers"), WRONG, ids=[w[0] for w in WRONG])
async def test_every_wrong_value_is_named_with_its_place(
    gateway: Running,
    api: httpx.AsyncClient,
    plan_id: UUID,
    what: str,
    phase1: dict[str, Any],
    pointers: list[str],
) -> None:
    before = await contents(gateway.pool)
    refused = await api.patch(f"{PATH}/{plan_id}", json=approval(**phase1))
    assert refused.status_code == 422, what
    errors = refused.json()["errors"]
    assert [e["pointer"] for e in errors] == pointers
    assert all(e["message"] for e in errors)
    assert [e["path"] for e in errors][:1] == [pointers[0][1:].replace("/", ".").replace("~1", "/").replace("~0", "~")]
    assert await contents(gateway.pool) == before


async def test_it_belongs_to_an_approval(gateway: Running, api: httpx.AsyncClient, plan_id: UUID) -> None:
    for action in ("reject", "cancel"):
        refused = await api.patch(f"{PATH}/{plan_id}", json={**approval(), "action": action})
        assert refused.status_code == 422
        assert [(e["pointer"], e["message"]) for e in refused.json()["errors"]] == [
            ("/phase1", "belongs to the action approve only")
        ]
    assert await gateway.pool.fetchval("select status from decide.head where plan_id = $1", plan_id) == (
        "awaiting_approval"
    )


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("approved", "cancel the tasks"),
        ("executing", "cancel the tasks"),
        ("completed", "again=true"),
        ("rejected", "Nothing can be done"),
        ("analyzing", "Possible now: cancel"),
    ],
)
async def test_where_it_comes_too_late_or_too_early_it_says_what_to_do(
    gateway: Running, api: httpx.AsyncClient, status: str, word: str
) -> None:
    plan_id = await seed.add_plan(gateway.pool, status=status, channels=("shopee", "amazon"))
    refused = await api.patch(f"{PATH}/{plan_id}", json=approval())
    assert refused.status_code == 409
    problem = refused.json()
    assert word in problem["detail"]
    assert (problem["type"], problem["currentStatus"]) == ("/docs#wrong-status", status)
    assert await gateway.pool.fetchval("select count(*) from decide.outbox where key = $1", str(plan_id)) == 0


async def test_a_key_gives_the_first_answer_again_and_refuses_other_tasks(
    api: httpx.AsyncClient, plan_id: UUID
) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    first = await api.patch(f"{PATH}/{plan_id}", json=approval(), headers=headers)
    again = await api.patch(f"{PATH}/{plan_id}", json=approval(), headers=headers)
    assert (first.status_code, again.status_code, again.json()) == (202, 202, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    other = await api.patch(f"{PATH}/{plan_id}", json=approval(weeks="Semana 2"), headers=headers)
    assert (other.status_code, other.json()["type"]) == (422, "/docs#key-reused")
    late = await api.patch(f"{PATH}/{plan_id}", json=approval())
    assert late.status_code == 409


async def test_an_unknown_plan_takes_none(api: httpx.AsyncClient) -> None:
    assert (await api.patch(f"{PATH}/{uuid4()}", json=approval())).status_code == 404


async def test_a_plan_that_waits_shows_what_an_approval_would_make(gateway: Running, api: httpx.AsyncClient) -> None:
    own = await seed.add_plan(gateway.pool)
    without = await seed.add_plan(gateway.pool)
    await gateway.pool.execute("update rm.plan set phases = '[]' where plan_id = $1", without)
    running = await seed.add_plan(gateway.pool, status="executing")
    by_rules = await seed.add_plan(gateway.pool)
    await seed.add_channel(gateway.pool, by_rules, "shopee")
    shown = (own, by_rules, without, running)
    previews = [(await api.get(f"{PATH}/{p}")).json()["phase1Preview"] for p in shown]
    assert [p and (p["origin"], p["rule"]) for p in previews] == [
        ("agent", "phase-number-1"),
        ("rules", "phase-number-1"),
        ("fallback", "high-priority-opportunities"),
        None,
    ]
    assert previews[2]["tasks"] == [
        {
            "title": "Reduzir devoluções",
            "what": "Rever as fotos do SKU 1",
            "channel": "shopee",
            "priority": "high",
            "opportunityId": "shopee-returns",
            "alsoServes": [],
        }
    ]


async def test_the_limits_are_in_the_openapi_document(api: httpx.AsyncClient) -> None:
    schemas = (await api.get("/openapi.json")).json()["components"]["schemas"]
    assert schemas["PlanDecision"]["properties"]["phase1"]["anyOf"][0]["$ref"].endswith("/GivenPhase1")
    given, task = schemas["GivenPhase1"], schemas["GivenTask"]
    assert (given["properties"]["tasks"]["minItems"], given["properties"]["tasks"]["maxItems"]) == (1, 20)
    assert sorted(given["required"]) == ["reason", "tasks"]
    assert (task["properties"]["title"]["maxLength"], task["properties"]["what"]["maxLength"]) == (200, 2000)
    assert task["required"] == ["title"]


@pytest.fixture
async def phase1_done(gateway: Running) -> UUID:
    """A plan that is completed with its Phase 1, and has a second and a fourth phase."""
    plan_id = await seed.add_plan(gateway.pool, status="completed", version=5)
    phases = [seed.PHASE, *({**seed.PHASE, "number": n, "name": f"Fase {n}", "weeks": "Semanas 5-8"} for n in (2, 4))]
    await gateway.pool.execute(
        "update rm.plan set phases = $2::jsonb, phases_left = '{2,4}', ended_at = now() where plan_id = $1",
        plan_id,
        orjson.dumps(phases).decode(),
    )
    return plan_id


async def test_the_next_phase_begins_once(gateway: Running, api: httpx.AsyncClient, phase1_done: UUID) -> None:
    plan = (await api.get(f"{PATH}/{phase1_done}")).json()
    assert (plan["nextPhase"]["number"], plan["laterPhases"], plan["verdict"]["kind"]) == (2, [], "phase-ended")

    answers = [await api.post(f"{PATH}/{phase1_done}/phases", json={"number": 2}) for _ in range(2)]

    assert [(a.status_code, a.json()["outcome"]) for a in answers] == [(202, "accepted"), (202, "unchanged")]
    rows = await gateway.pool.fetch(
        "select type, data from decide.outbox where key = $1 order by seq", str(phase1_done)
    )
    assert [row["type"] for row in rows] == ["plan.phase.started", "task.created"]
    begun, task = [orjson.loads(row["data"]) for row in rows]
    assert (begun["phase"], begun["name"], [t["task_id"] for t in begun["tasks"]]) == (2, "Fase 2", [task["task_id"]])
    assert (task["phase"], task["title"], task["due_on"]) == (2, "Fotos", begun["tasks"][0]["due_on"])


async def test_a_plan_whose_next_phase_waits_says_so_in_every_list(
    gateway: Running, api: httpx.AsyncClient, phase1_done: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")  # a narrow terminal breaks an id
    await gateway.pool.execute("delete from rm.plan where plan_id <> $1", phase1_done)
    quiet = await seed.add_plan(gateway.pool, status="completed", version=5, title="Nada mais")
    found = (await api.get(PATH, params={"nextPhase": "true", "total": "true"})).json()
    assert [(one["planId"], one["waitingPhase"]) for one in found["items"]] == [(str(phase1_done), 2)]
    assert found["total"] == 1
    every = {one["planId"]: one["waitingPhase"] for one in (await api.get(PATH)).json()["items"]}
    assert every == {str(phase1_done): 2, str(quiet): None}
    said = {"analyst": "Phase 2 waits for you", "viewer": "Phase 2 waits<"}
    for role, mark in said.items():
        async with gateway.client(role) as reader:
            addresses = ("/plans", "/plans?next=1", "/", f"/plans/{phase1_done}")
            pages = [(await reader.get(path, headers=HTML)).text for path in addresses]
        assert [page.count(mark) for page in pages] == [1, 1, 1, 1]
        assert ["Nada mais" in page for page in pages] == [True, False, True, False]
        assert "1 plan waits for its next phase." in flat(pages[2])
        assert 'href="/plans?next=1&amp;sort=uploadedAt"' in pages[2]
    listed = (await marketplace(gateway, "plans", "--next-phase")).text
    assert (str(phase1_done)[:8] in listed, "phase 2" in flat(listed), str(quiet)[:8] in listed) == (
        True,
        True,
        False,
    ), listed


@pytest.mark.parametrize(("number", "status"), [(3, 404), ("x", 422), (1, 422), (4, 409)])
async def test_no_phase_begins_out_of_turn(
    gateway: Running, api: httpx.AsyncClient, phase1_done: UUID, number: object, status: int
) -> None:
    answer = await api.post(f"{PATH}/{phase1_done}/phases", json={"number": number})
    assert answer.status_code == status, answer.text
    assert await gateway.pool.fetchval("select count(*) from decide.outbox where key = $1", str(phase1_done)) == 0


async def test_a_phase_of_a_plan_that_is_not_there_or_not_ready(gateway: Running, api: httpx.AsyncClient) -> None:
    assert (await api.post(f"{PATH}/{uuid4()}/phases", json={"number": 2})).status_code == 404
    busy = await seed.add_plan(gateway.pool, status="executing", version=4)
    phases = orjson.dumps([seed.PHASE, {**seed.PHASE, "number": 2}]).decode()
    await gateway.pool.execute("update rm.plan set phases = $2::jsonb where plan_id = $1", busy, phases)
    refused = await api.post(f"{PATH}/{busy}/phases", json={"number": 2})
    assert (refused.status_code, "every task of the one before" in refused.json()["detail"]) == (409, True)
    assert (await api.get(f"{PATH}/{busy}")).json()["nextPhase"] is None
