"""One entry for each thing that is done or read: who, from where, of what, before and after."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import pytest

from projections.reads.written import Shown
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_alerts_api import add as add_alert
from tests.integration.gateway.test_gateway_figures import document
from tests.integration.gateway.test_gateway_goods import Shop
from tests.integration.gateway.test_gateway_goods import send as send_file
from tests.integration.gateway.test_gateway_mapping import Store, header_of
from tests.integration.gateway.test_gateway_tasks import WORK, task_of
from tests.integration.gateway.test_gateway_webhooks import given_up
from tests.integration.gateway.test_gateway_webhooks import made as made_webhook
from tests.support.letters import CODEC, add_letter, add_waiting, upload_of
from tests.support.outbox import put_rejection

PLANS = "/api/marketplace/analysis"
COSTS = "/api/marketplace/costs"
LETTERS = "/api/dead-letters"
Sent = Awaitable[httpx.Response]


@dataclass
class Telling:
    """Sends a request as the admin, and returns the one entry that there is of it."""

    gateway: Running
    api: httpx.AsyncClient

    async def of(self, sent: Callable[[], Sent], **expected: Any) -> None:
        """Hold the entry to what is expected; who and from where is the same in all."""
        request = f"r-{uuid4()}"
        self.api.headers["x-request-id"] = request
        answer = await sent()
        assert answer.is_success, answer.text
        rows = await Shown(self.gateway.pool).fetch("select * from audit.entry where request_id = $1", request)
        (entry,) = [dict(row) for row in rows]
        for name in ("before", "after"):
            entry[name] = None if entry[name] is None else json.loads(entry[name])
        by = {"actor": "the admin", "key_id": self.gateway.keys["admin"].split("_")[1], "address": "127.0.0.1"}
        wanted = {"outcome": "accepted", "before": None, "after": None, "reason": ""} | by | expected
        assert {name: entry[name] for name in wanted} == wanted


@pytest.fixture
def telling(gateway: Running, api: httpx.AsyncClient) -> Telling:
    return Telling(gateway, api)


@pytest.fixture
def codec(gateway: Running) -> Iterator[None]:
    """The gateway knows the schemas' ids."""
    publishing = gateway.app.state.services.publishing
    publishing.codec = CODEC
    yield
    publishing.codec = None


async def test_of_commands(telling: Telling, gateway: Running, api: httpx.AsyncClient) -> None:
    plan = await seed.add_plan(gateway.pool, status="approved")
    await gateway.pool.execute("insert into flow.deadline (plan_id, kind) values ($1, 'phase1')", plan)
    body = {"how": "move_on", "reason": "it waits"}
    asked = {"kind": "plan", "target": str(plan), "plan_id": plan, "reason": "it waits", "after": {"channels": []}}
    await telling.of(lambda: api.post(f"{PLANS}/{plan}/recovery", json=body), action="plan.move_on", **asked)


@pytest.mark.parametrize(("status", "body", "then"), [one[:3] for one in WORK], ids=[one[3] for one in WORK])
async def test_of_tasks(
    telling: Telling, gateway: Running, api: httpx.AsyncClient, status: str, body: dict[str, str], then: str
) -> None:
    task = await task_of(gateway, status=status)
    entry = {"action": f"task.{body['action']}", "kind": "task", "target": str(task), "before": {"status": status}}
    given = {"complete": {"note": body.get("note", "")}, "assign": {"assignee": body.get("assignee")}}
    reason = body.get("reason", "")
    after = {"status": then, "version": 2, "given": given.get(body["action"], {})}  # what a comment says is in the log
    await telling.of(lambda: api.patch(f"/api/tasks/{task}", json=body), **entry, after=after, reason=reason)


async def test_of_letters(telling: Telling, gateway: Running, api: httpx.AsyncClient, codec: None) -> None:
    event = upload_of(str(uuid4()))
    record, other = await add_letter(gateway.pool, event=event), await add_letter(gateway.pool)
    payload = (await api.get(f"{LETTERS}/{record}")).json()["data"]
    entry = {"kind": "letter", "target": record}
    body = {"payload": {**payload, "title": "Other"}, "reason": "a title"}
    await telling.of(
        lambda: api.patch(f"{LETTERS}/{record}", json=body),
        action="letter.edit",
        **entry,
        reason="a title",
        before={"type": event.type},
        after={"type": event.type, "changed": ["/title"]},
    )
    again = lambda: api.post(f"{LETTERS}/{record}/replay", json={"force": True})  # noqa: E731
    await telling.of(again, action="letter.replay", **entry, after={"force": True})
    gone = {"recordIds": [other], "reason": "no"}
    await telling.of(
        lambda: api.post(f"{LETTERS}/discard", json=gone),
        action="letter.discard",
        kind="letter",
        target=other,
        after={"state": "discarded"},
        reason="no",
    )


async def test_of_replays(telling: Telling, gateway: Running, api: httpx.AsyncClient) -> None:
    letters = [await add_letter(gateway.pool, event=upload_of(str(uuid4()))) for _ in range(60)]
    made: list[httpx.Response] = []

    async def begin() -> httpx.Response:
        made.append(await api.post(f"{LETTERS}/replay", json={"recordIds": letters, "rate": 1}))
        return made[0]

    after = {"letters": 60, "force": False, "rate": 1}
    await telling.of(begin, action="replay.start", kind="replay", after=after)
    job = made[0].headers["location"]
    target = job.rpartition("/")[2]
    states = {"before": {"state": "running"}, "after": {"state": "cancelled"}}
    await telling.of(lambda: api.delete(job), action="replay.cancel", kind="replay", target=target, **states)


async def test_of_readings(telling: Telling, gateway: Running, api: httpx.AsyncClient, codec: None) -> None:
    plan = await document(gateway)
    read = {"action": "document.read", "kind": "document", "target": str(plan), "plan_id": plan}
    await telling.of(lambda: api.get(f"{PLANS}/{plan}/figures"), **read)
    seq = await put_rejection(gateway.pool, str(uuid4()), 3, set_aside=True, why="odd", reason=7)
    event = {"action": "set-aside.read", "kind": "event", "target": str(seq)}
    await telling.of(lambda: api.get(f"/api/outbox/set-aside/{seq}"), **event)
    await gateway.pool.execute("delete from decide.outbox where held_at is not null")


async def test_of_alerts(telling: Telling, gateway: Running, api: httpx.AsyncClient) -> None:
    alert = await add_alert(gateway.pool)
    path, entry = f"/api/alerts/{alert}", {"kind": "alert", "target": str(alert)}
    seen = lambda: api.post(f"{path}/acknowledge", json={"note": "on it"})  # noqa: E731
    await telling.of(seen, action="alert.acknowledge", **entry, reason="on it")
    until = (datetime.now(UTC) + timedelta(hours=1)).replace(microsecond=0)
    body = {"until": until.isoformat(), "reason": "a move"}
    quiet = {"action": "alert.silence", "reason": "a move", "after": {"until": until.isoformat()}}
    await telling.of(lambda: api.post(f"{path}/silence", json=body), **entry, **quiet)
    await telling.of(lambda: api.delete(f"{path}/silence"), action="alert.unsilence", **entry)


async def test_of_retries(telling: Telling, gateway: Running, api: httpx.AsyncClient) -> None:
    for path, action, reason in (("now", "retry.now", ""), ("give-up", "retry.give-up", "no")):
        record = await add_waiting(gateway.pool, plan=str(uuid4()), offset=uuid4().int % 10**9)
        body = {"recordIds": [record], **({"reason": reason} if reason else {})}
        entry = {"action": action, "kind": "record", "target": record, "reason": reason}
        await telling.of(partial(api.post, f"/api/retries/{path}", json=body), **entry)


async def test_of_switches(telling: Telling, gateway: Running, api: httpx.AsyncClient) -> None:
    name = f"agent:{uuid4()}/some-model"
    await gateway.pool.execute("insert into flow.breaker (name) values ($1)", name)
    trip = {"name": name, "action": "trip", "reason": "down", "forSeconds": 600}
    states = {"before": {"state": "closed"}, "after": {"state": "open", "for_seconds": 600}}
    breaker = {"kind": "breaker", "target": name}
    path = "/api/system/breakers"
    await telling.of(lambda: api.patch(path, json=trip), action="breaker.trip", **breaker, **states, reason="down")
    reset = {"name": name, "action": "reset", "reason": "up"}
    states = {"before": {"state": "open"}, "after": {"state": "closed", "for_seconds": None}}
    await telling.of(lambda: api.patch(path, json=reset), action="breaker.reset", **breaker, **states, reason="up")
    for enabled, action in ((False, "flag.off"), (True, "flag.on")):
        body = {"name": "queue_processing", "enabled": enabled, "reason": "a move"}
        entry = {"action": action, "kind": "flag", "target": "queue_processing", "reason": "a move"}
        changed = {"before": {"enabled": not enabled}, "after": {"enabled": enabled}}
        await telling.of(partial(api.patch, "/api/system/flags", json=body), **entry, **changed)


async def test_of_events_that_are_mended(
    telling: Telling, gateway: Running, api: httpx.AsyncClient, codec: None
) -> None:
    plan = str(uuid4())
    seq = await put_rejection(gateway.pool, plan, 3, set_aside=True, why="odd", reason=7)
    payload = {**(await api.get(f"/api/outbox/set-aside/{seq}")).json()["data"], "reason": "seven"}
    body = {"data": payload, "reason": "a number"}
    entry = {"action": "outbox.edit", "kind": "event", "target": str(seq), "reason": "a number"}
    after = {"type": "plan.rejected", "stream": f"plan-{plan}", "changed": ["/reason"]}
    await telling.of(lambda: api.patch(f"/api/outbox/set-aside/{seq}", json=body), **entry, after=after)


async def test_of_webhooks(telling: Telling, gateway: Running, api: httpx.AsyncClient) -> None:
    await gateway.pool.execute("truncate flow.webhook cascade")
    webhook = await made_webhook(api)
    path, entry = f"/api/webhooks/{webhook['webhookId']}", {"kind": "webhook", "target": "erp"}
    deliveries = await given_up(gateway, webhook["webhookId"], 2)
    again = lambda: api.post(f"{path}/again", json={"deliveryIds": deliveries[:1]})  # noqa: E731
    await telling.of(again, action="webhook.again", **entry, after={"deliveries": deliveries[:1]})
    url = {"url": "https://erp.example.com/in?key=k3y"}
    await telling.of(lambda: api.delete(path), action="webhook.remove", **entry, before=url)


async def test_of_costs(telling: Telling, gateway: Running, api: httpx.AsyncClient) -> None:
    sku = Shop().sku("A")
    rows = f"Data;SKU;Custo;Moeda\n01/02/2026;{sku};10,00;USD\n".encode()
    version = await gateway.pool.fetchval("select version from decide.goods")
    digest = hashlib.sha256(rows).hexdigest()
    kept = {"sha256": digest, "costs": 1, "stock": 0, "advertising": 0, "version": version + 1}
    entry = {"action": "goods.record", "kind": "goods", "target": digest, "after": kept}
    await telling.of(lambda: send_file(api, COSTS, rows, "custos.csv"), **entry)
    was = {"unit_cost": 10.0, "packaging": None, "tax_rate": None, "currency": "USD"}
    cost: dict[str, Any] = {"kind": "cost", "target": sku}
    named = {"sku": sku, "validFrom": "2026-02-01"}
    now = {"valid_from": "2026-02-01", "version": version + 2, "currency": "BRL"}
    body = {"action": "currency", **named, "currency": "BRL"}
    await telling.of(lambda: api.patch(COSTS, json=body), action="goods.cost.currency", **cost, before=was, after=now)
    gone = {"valid_from": "2026-02-01", "version": version + 3}
    await telling.of(
        lambda: api.patch(COSTS, json={"action": "delete", **named}),
        action="goods.cost.delete",
        **cost,
        before={**was, "currency": "BRL"},
        after=gone,
    )


async def test_of_mappings(telling: Telling, api: httpx.AsyncClient) -> None:
    store = Store()
    header = await header_of(api, store)
    assert (await store.send(api, map=["price=vlr", "units=qtd"])).status_code == 202
    was = {"vlr": "price", "qtd": "units"}
    forgot = {"action": "mapping.forget", "kind": "mapping", "target": header, "before": was}
    await telling.of(lambda: api.delete(f"/api/mappings/{header}"), **forgot)


async def test_of_teams(telling: Telling, api: httpx.AsyncClient) -> None:
    name, handle = f"Team {uuid4().hex[:6]}", f"ana.{uuid4().hex[:6]}"
    await api.post("/api/people", json={"handle": handle, "name": "Ana", "role": "analyst"})
    made: list[httpx.Response] = []

    async def make() -> httpx.Response:
        made.append(await api.post("/api/teams", json={"name": name}))
        return made[0]

    await telling.of(make, action="team.create", kind="team", after={"name": name})
    one = made[0].json()["teamId"]
    path = f"/api/teams/{one}"
    of_team = {"kind": "team", "target": one}
    renamed = {"before": {"name": name}, "after": {"name": f"{name} b"}}
    await telling.of(lambda: api.patch(path, json={"name": f"{name} b"}), action="team.change", **of_team, **renamed)
    member = {"person": handle}
    await telling.of(lambda: api.post(f"{path}/members", json=member), action="team.add", **of_team, after=member)
    out = f"{path}/members/person/{handle}"
    await telling.of(lambda: api.delete(out), action="team.remove", **of_team, before=member)
    await telling.of(lambda: api.delete(path), action="team.close", **of_team, before={"name": f"{name} b"})
