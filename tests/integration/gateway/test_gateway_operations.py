"""Breakers, flags, the recovery log, and what the health report makes of them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest

from projections.reads.written import Shown
from schemas import wire
from schemas.events import Event
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running, one_row

BREAKERS, FLAGS, RECOVERIES = "/api/system/breakers", "/api/system/flags", "/api/system/recoveries"


@pytest.fixture(autouse=True)
async def clean(gateway: Running) -> AsyncIterator[None]:
    yield
    await gateway.pool.execute("delete from flow.breaker")
    await gateway.pool.execute("update flow.flag set enabled = true, reason = '', changed_by = ''")
    await gateway.pool.execute("delete from flow.deadline")


async def audited(gateway: Running, command: str) -> list[dict[str, str]]:
    rows = await Shown(gateway.pool).fetch(
        "select actor, data::text from decide.outbox where type = 'command.audited' and data ->> 'command' = $1"
        " order by seq",
        command,
    )
    return [{"actor": r["actor"], **json.loads(r["data"])} for r in rows]


async def test_a_breaker_is_tripped_and_reset_by_an_operator_and_both_are_events(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    name = f"agent:{uuid4()}/some-model:shopee"
    await gateway.pool.execute("insert into flow.breaker (name) values ($1)", name)  # as a runner does that starts
    body = {"name": name, "action": "trip", "reason": "maintenance", "forSeconds": 600}
    tripped = await api.patch(BREAKERS, json=body)
    assert tripped.json() == {"name": name, "outcome": "accepted"}
    listed = {b["name"]: b for b in (await api.get(BREAKERS)).json()["items"]}
    assert (listed[name]["state"], listed[name]["forced"], listed[name]["reason"]) == ("open", True, "maintenance")
    assert listed[name]["retryAt"] is not None
    allowed = await gateway.pool.fetchrow("select * from flow.breaker_allow($1, 5, 'system:runner')", name)
    assert allowed is not None
    assert allowed["allowed"] is False

    over = {"name": name, "action": "reset", "reason": "it is over"}
    reset, again = await api.patch(BREAKERS, json=over), await api.patch(BREAKERS, json=over)

    assert (reset.json()["outcome"], again.json()["outcome"]) == ("accepted", "unchanged")
    events = await gateway.pool.fetch(
        "select type, version from decide.outbox where stream = $1 order by version", f"breaker-{name}"
    )
    assert [tuple(e) for e in events] == [("breaker.opened", 1), ("breaker.closed", 2)]
    assert [(a["target"], a["reason"]) for a in await audited(gateway, "breaker.trip")][-1:] == [(name, "maintenance")]
    assert [a["reason"] for a in await audited(gateway, "breaker.reset")][-2:] == ["it is over", "it is over"]
    assert [a["outcome"] for a in await audited(gateway, "breaker.reset")][-2:] == ["accepted", "unchanged"]


@pytest.mark.parametrize(
    ("name", "state", "retry_s", "probe_s", "over"),
    [
        ("agent:x/until-later", "open", 60, None, False),
        ("agent:x/until-it-is-reset", "open", None, None, False),
        ("agent:x/its-time-is-over", "open", -60, None, True),
        ("agent:x/a-probe-is-under-way", "half_open", None, 60, False),
        ("agent:x/a-probe-was-lost", "half_open", None, -60, True),
        ("agent:x/a-probe-went-well", "half_open", None, None, True),
    ],
)
async def test_a_breaker_whose_time_is_over_degrades_nothing_and_is_listed_still(
    gateway: Running,
    api: httpx.AsyncClient,
    name: str,
    state: str,
    retry_s: int | None,
    probe_s: int | None,
    over: bool,
) -> None:
    await gateway.pool.execute(
        "insert into flow.breaker (name, state, reason, retry_at, probe_until)"
        " values ($1, $2, 'HTTP 503', now() + make_interval(secs => $3::int), now() + make_interval(secs => $4::int))",
        name,
        state,
        retry_s,
        probe_s,
    )

    health = (await api.get("/api/system/health")).json()

    assert any(name in finding for finding in health["findings"]) is not over
    [listed] = health["breakers"]
    assert (listed["state"], listed["nextCallProbes"]) == (state, over)


async def test_there_is_no_breaker_of_that_name_to_reset(api: httpx.AsyncClient) -> None:
    answer = await api.patch(BREAKERS, json={"name": "agent:nowhere", "action": "reset"})
    assert answer.status_code == 404


@pytest.mark.parametrize("action", ["trip", "reset"])
async def test_a_name_that_holds_nothing_back_is_refused_with_those_that_do(
    gateway: Running, api: httpx.AsyncClient, action: str
) -> None:
    names = ["agent:api.example/m", "agent:api.example/m:shopee"]
    await gateway.pool.execute("insert into flow.breaker (name) select unnest($1::text[])", names)
    for wrong in ("broker", "agent:api.example/M", f"plan:{uuid4()}", "plan:", "plan:x"):
        answer = await api.patch(BREAKERS, json={"name": wrong, "action": action, "reason": "maintenance"})

        assert answer.status_code == 404
        assert f"'{wrong}'. There are: {', '.join(names)}; and plan:<id>" in answer.json()["detail"]
    assert await gateway.pool.fetchval("select count(*) from flow.breaker") == len(names)


async def test_the_breaker_of_a_plan_can_be_tripped_before_it_has_failed(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    name = f"plan:{await seed.add_plan(gateway.pool)}"

    reset = await api.patch(BREAKERS, json={"name": name, "action": "reset"})
    tripped = await api.patch(BREAKERS, json={"name": name, "action": "trip"})

    assert (reset.json()["outcome"], tripped.json()["outcome"]) == ("unchanged", "accepted")


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "action": "trip"},
        {"name": "x", "action": "explode"},
        {"name": "x", "action": "trip", "forSeconds": 0},
        {"name": "x", "action": "trip", "forSeconds": 1e9},
        {"name": "x\u0000", "action": "trip"},
        {"action": "trip"},
        {},
    ],
)
async def test_a_wrong_breaker_action_is_refused(api: httpx.AsyncClient, body: dict[str, object]) -> None:
    assert (await api.patch(BREAKERS, json=body)).status_code == 422


async def test_a_flag_is_switched_and_says_by_whom(gateway: Running, api: httpx.AsyncClient) -> None:
    off = await api.patch(FLAGS, json={"name": "queue_processing", "enabled": False, "reason": "a migration"})
    again = await api.patch(FLAGS, json={"name": "queue_processing", "enabled": False, "reason": "the same"})
    assert (off.json()["outcome"], again.json()["outcome"]) == ("accepted", "unchanged")
    flags = {f["name"]: f for f in (await api.get(FLAGS)).json()["items"]}
    assert set(flags) == {"queue_processing", "circuit_breaker", "automatic_recovery"}
    assert (flags["queue_processing"]["enabled"], flags["queue_processing"]["reason"]) == (False, "a migration")
    assert flags["queue_processing"]["changedBy"] == (await audited(gateway, "flag.off"))[-1]["actor"] != ""

    health = (await api.get("/api/system/health")).json()

    assert health["status"] == "degraded"
    assert any("Queue processing is switched off by" in f for f in health["findings"])
    assert any("marketplace flags on queue_processing" in r for r in health["recommendations"])


async def test_an_unknown_flag_is_refused(api: httpx.AsyncClient) -> None:
    assert (await api.patch(FLAGS, json={"name": "gravity", "enabled": False, "reason": "x"})).status_code == 422


@pytest.mark.parametrize("reason", [{}, {"reason": ""}, {"reason": "  "}])
async def test_who_switches_a_flag_off_says_why(api: httpx.AsyncClient, reason: dict[str, str]) -> None:
    refused = await api.patch(FLAGS, json={"name": "circuit_breaker", "enabled": False, **reason})
    assert refused.status_code == 422
    assert [e["path"] for e in refused.json()["errors"]] == ["reason"]
    flags = {f["name"]: f["enabled"] for f in (await api.get(FLAGS)).json()["items"]}
    assert flags["circuit_breaker"] is True


async def test_the_audit_keeps_why_a_flag_was_switched_when_it_is_switched_again(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    for enabled, reason in ((False, "a migration"), (True, "it is over"), (False, "another one"), (True, "")):
        await api.patch(FLAGS, json={"name": "automatic_recovery", "enabled": enabled, "reason": reason})

    def of_flag(audits: list[dict[str, str]]) -> list[str]:
        return [a.get("reason", "") for a in audits if a["target"] == "automatic_recovery"]

    assert of_flag(await audited(gateway, "flag.off")) == ["a migration", "another one"]
    assert of_flag(await audited(gateway, "flag.on")) == ["it is over", ""]
    await every_audit_fits(gateway)


async def every_audit_fits(gateway: Running) -> None:
    rows = await gateway.pool.fetch("select data from decide.outbox where type = 'command.audited'")
    for data in (json.loads(row["data"]) for row in rows):
        wire.check(Event("command.audited", "e", "s", 1, 1, "c", data["source"], "ana", data))


async def test_the_health_report_tells_what_is_stalled_and_what_helps(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    await gateway.pool.execute(
        "insert into flow.deadline (plan_id, kind, since, due_at, stalled_at, attempts, cause, evidence,"
        " recommendation, escalated_at)"
        " values ($1, 'phase1', now() - interval '30 s', now() - interval '29 s', now(), 4,"
        " 'worker-gone', '{\"lag_agents\": \"3\"}', 'Start a worker.', now())",
        plan_id,
    )

    health = (await api.get("/api/system/health")).json()

    assert health["stalledByCause"] == {"worker-gone": 1}
    assert health["escalated"] == 1
    [stalled] = health["stalled"]
    assert (stalled["planId"], stalled["cause"], stalled["attempts"]) == (str(plan_id), "worker-gone", 4)
    assert stalled["evidence"] == {"lag_agents": "3"}
    assert 28 < stalled["lateSeconds"] < 600
    (finding,) = [f for f in health["verdict"] if f["kind"] == "plans-escalated"]
    assert (finding["part"], finding["subject"], finding["values"]["count"]) == ("plans", "worker-gone", 1)
    assert finding["text"].startswith("1 plan is stalled: no worker runs.")
    assert f"{finding['text']} {finding['evidence']}" in health["findings"]
    assert finding["advice"] in health["recommendations"]
    assert finding["runbook"] == "docs/runbooks/something-is-stuck.md#a-plan-is-escalated"


async def test_the_health_report_names_processes_that_are_missing(api: httpx.AsyncClient) -> None:
    health = (await api.get("/api/system/health")).json()
    assert [p["role"] for p in health["processes"]] == ["gateway"]
    assert health["processes"][0]["connected"] is True
    assert any(f.startswith("No worker runs") for f in health["findings"])
    assert not any(f.startswith("No gateway runs") for f in health["findings"])


async def test_the_recovery_log_has_pages_newest_first(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    await add_recovery(gateway, plan_id, 3)

    first = (await api.get(RECOVERIES, params={"plan": str(plan_id), "limit": 2})).json()
    second = (await api.get(RECOVERIES, params={"plan": str(plan_id), "cursor": first["nextCursor"]})).json()

    assert [i["version"] for i in first["items"] + second["items"]] == [3, 2, 1]
    assert second["nextCursor"] is None
    assert second["items"][0]["evidence"] == {"outbox": "7"}
    assert (await api.get(RECOVERIES, params={"plan": str(uuid4())})).json()["items"] == []
    assert (await api.get(RECOVERIES, params={"cursor": "nonsense"})).status_code == 422


async def add_recovery(gateway: Running, plan_id: UUID, count: int) -> None:
    for version in range(1, count + 1):
        await gateway.pool.execute(
            "insert into rm.recovery (plan_id, version, event_id, type, at, cause, evidence)"
            " values ($1, $2, $3, 'plan.stalled', now() + make_interval(secs => $2::int), 'worker-gone',"
            ' \'{"outbox": "7"}\')',
            plan_id,
            version,
            uuid4(),
        )


async def test_an_operator_moves_a_stuck_plan_on(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool, status="approved")
    path, body = f"/api/marketplace/analysis/{plan_id}/recovery", {"how": "move_on", "reason": "o agente não responde"}
    settled = await api.post(path, json=body)
    assert (settled.status_code, settled.json()["type"]) == (409, "/docs#wrong-status")
    await gateway.pool.execute("insert into flow.deadline (plan_id, kind) values ($1, 'phase1')", plan_id)

    async with gateway.client("analyst") as analyst:
        assert (await analyst.post(path, json=body)).status_code == 403
    assert (await api.post(path, json={"how": "move_on"})).status_code == 422, "without a reason"
    first, again = [(await api.post(path, json=body)).json()["outcome"] for _ in range(2)]

    assert (first, again) == ("accepted", "unchanged")
    assert (await api.post(f"/api/marketplace/analysis/{uuid4()}/recovery", json=body)).status_code == 404
    row = await one_row(gateway.pool, "select actor, data from decide.outbox where stream = $1", f"recovery-{plan_id}")
    assert json.loads(row["data"]) == {"plan_id": str(plan_id), "channels": [], **body}
    wire.check(
        Event(
            "plan.recovery.requested", str(uuid4()), "s", 1, 1, "c", str(plan_id), row["actor"], json.loads(row["data"])
        )
    )
