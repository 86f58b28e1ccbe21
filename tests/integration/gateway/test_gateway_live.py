"""Live news that come from no event of a plan; and a gateway without listeners asks the database nothing."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from gateway.access.api_keys import ApiKeys
from gateway.access.key_changes import Change
from gateway.access.roles import Role
from gateway.access.scopes import KeyScope
from gateway.access.sign_ins import COOKIE, digest_of
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_system import frames
from tests.support.letters import add_letter, add_waiting
from tests.support.patience import PATIENCE_S

_ALERT = (
    "insert into flow.alert (alert_id, key, kind, subject, severity, state, finding, text, evidence, advice, runbook,"
    " opened_at) values ($1, 'told', 'told', '', 'warning', 'open', '{}', 'one', '', '', '', now())"
)
_RESOLVED = "update flow.alert set state = 'resolved', resolved_at = now() where alert_id = $1"
_MESSAGE = "insert into flow.alert_message (message_id, notifier, body, due_at) values ($1, 'slack', '{}', now())"
_SENT = "update flow.alert_message set state = 'sent', ended_at = now() where message_id = $1"


async def test_health_and_what_moves_without_a_plan_are_told(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Health comes with its time, and a mark that changes with what is wrong; the rest when it changes."""
    monkeypatch.setattr("gateway.operations.system_changes.LOOK_S", 0.05)
    pool = gateway.pool
    async with asyncio.timeout(PATIENCE_S), api.stream("GET", "/api/events") as answer:
        heard = frames(answer, without="")

        async def until(*names: str) -> dict[str, dict[str, Any]]:
            found: dict[str, dict[str, Any]] = {}
            while not set(names) <= set(found):
                name, data = await anext(heard)
                found[name] = orjson.loads(data)
            return found

        before = (await until("health"))["health"]
        again = (await until("health"))["health"]
        assert (again["mark"], again["since"]) == (before["mark"], before["since"])
        assert datetime.fromisoformat(again["asOf"]) > datetime.fromisoformat(before["asOf"])
        await add_letter(pool, code="told")
        assert set(await until("letters")) <= {"letters", "health", "all"}
        while (told := (await until("health"))["health"])["mark"] == before["mark"]:
            pass  # it was looked at before the letter came
        assert told["since"] > again["asOf"]
        await add_waiting(pool, plan=str(uuid4()), offset=31)
        assert set(await until("retries")) <= {"retries", "health", "all"}
        await pool.execute("select flow.breaker_trip('agent:x/told', 'no', 600, 'system:runner')")
        assert set(await until("breakers")) <= {"breakers", "health", "all"}
        job = uuid4()
        await pool.execute(
            "insert into flow.replay_job (job_id, actor, request_id, selection, force, rate, total)"
            " values ($1, 'a', 'r', '{}', false, 1, 0)",
            job,
        )
        await until("replays")
        await pool.execute("update flow.replay_job set state = 'done', ended_at = now() where job_id = $1", job)
        assert set(await until("replays")) <= {"replays", "health", "all"}
        alert, message = uuid4(), uuid4()
        for step in (_ALERT, "update flow.alert set text = 'two' where alert_id = $1", _RESOLVED):
            await pool.execute(step, alert)
            assert set(await until("alerts")) <= {"alerts", "health", "all"}, step
        for step in (_MESSAGE, "update flow.alert_message set attempts = 1 where message_id = $1", _SENT):
            await pool.execute(step, message)
            assert set(await until("alerts")) <= {"alerts", "health", "all"}, step


async def test_nobody_looks_where_nobody_listens(gateway: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking costs the database something: a gateway without an open page asks nothing."""
    monkeypatch.setattr("gateway.operations.system_changes.LOOK_S", 0.01)
    live = gateway.app.state.services.live
    waiting = asyncio.ensure_future(live.listened())
    heard = live.subscribe()
    first = asyncio.ensure_future(anext(heard))
    await waiting
    assert await first
    await heard.aclose()
    again = asyncio.ensure_future(live.listened())
    done, _ = await asyncio.wait({again}, timeout=0)
    assert not done
    again.cancel()


async def listening(gateway: Running, key: str, count: int) -> list[asyncio.Task[bytes]]:
    """Open streams with a key and wait until each has begun; each task returns the rest of its stream."""
    tasks: list[asyncio.Task[bytes]] = []
    for _ in range(count):
        begun = asyncio.Event()

        async def listen(begun: asyncio.Event = begun) -> bytes:
            async with (
                httpx.AsyncClient(base_url=gateway.url, headers={"Authorization": f"Bearer {key}"}) as client,
                client.stream("GET", "/api/events", timeout=PATIENCE_S) as answer,
            ):
                assert answer.status_code == 200
                begun.set()
                return b"".join([chunk async for chunk in answer.aiter_bytes()])

        tasks.append(asyncio.create_task(listen()))
        await asyncio.wait_for(begun.wait(), PATIENCE_S)
    return tasks


async def test_a_look_at_the_head_of_the_stream_ends(gateway: Running, api: httpx.AsyncClient) -> None:
    for _ in range(3):
        answer = await api.head("/api/events", timeout=PATIENCE_S)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert gateway.app.state.services.streams.open == 0


async def test_one_key_takes_not_all_the_places(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.routes.events.MAX_STREAMS_OF_ONE", 2)
    keys = gateway.app.state.services.access.keys
    greedy, other = await keys.create("greedy", Role.VIEWER, "test"), await keys.create("other", Role.VIEWER, "test")
    first = await listening(gateway, greedy.key, 2)
    refused = await api.get("/api/events", headers={"Authorization": f"Bearer {greedy.key}"})
    assert (refused.status_code, refused.json()["limit"]) == (429, "streams")
    second = await listening(gateway, other.key, 1)
    for task in (*first, *second):
        task.cancel()
    await asyncio.gather(*first, *second, return_exceptions=True)


@pytest.mark.parametrize("where", ["here", "elsewhere", "its time", "rotated here", "rotated elsewhere"])
async def test_a_key_that_has_ended_hears_no_more(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr("gateway.operations.system_changes.LOOK_S", 0.05)
    keys = gateway.app.state.services.access.keys
    revoked, stays = await keys.create("leaving", Role.VIEWER, "test"), await keys.create("stays", Role.VIEWER, "test")
    (ends,) = await listening(gateway, revoked.key, 1)
    (goes_on,) = await listening(gateway, stays.key, 1)
    if where == "here":
        assert (await api.delete(f"/api/keys/{revoked.key_id}")).status_code == 204
    elif where == "rotated here":
        assert (await api.post(f"/api/keys/{revoked.key_id}/rotate", json={})).status_code == 200
    elif where == "rotated elsewhere":  # by another gateway, or the command
        assert await ApiKeys(gateway.pool).rotate(revoked.key_id, 0, "test")
    else:
        column = "revoked_at" if where == "elsewhere" else "expires_at"
        await gateway.pool.execute(f"update access.api_key set {column} = now() where key_id = $1", revoked.key_id)

    async with asyncio.timeout(PATIENCE_S):
        await ends
    assert not goes_on.done()
    answer = await api.get("/api/events", headers={"Authorization": f"Bearer {revoked.key}"})
    assert answer.status_code == 401
    goes_on.cancel()
    await asyncio.gather(goes_on, return_exceptions=True)


async def test_a_secret_that_is_only_remembered_hears_no_more(
    gateway: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was replaced elsewhere while it was remembered here, and nobody looked at its key before the line began."""
    monkeypatch.setattr("gateway.operations.system_changes.LOOK_S", 0.05)
    keys = gateway.app.state.services.access.keys
    leaving = await keys.create("leaving", Role.VIEWER, "test")
    async with gateway.bearer(leaving.key) as client:
        assert (await client.get("/api/tasks")).status_code == 200
        now = await ApiKeys(gateway.pool).rotate(leaving.key_id, 0, "test")
        assert now is not None
        assert keys.remembered(leaving.key) is not None
        (ends,) = await listening(gateway, leaving.key, 1)
        (goes_on,) = await listening(gateway, now, 1)
        async with asyncio.timeout(PATIENCE_S):
            await ends
        assert (await client.get("/api/tasks")).status_code == 401, "what is remembered is asked for again"
    assert not goes_on.done()
    goes_on.cancel()
    await asyncio.gather(goes_on, return_exceptions=True)


async def test_a_sign_in_that_has_ended_elsewhere_hears_no_more(
    gateway: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its key goes on, and so do the key's other browsers."""
    monkeypatch.setattr("gateway.operations.system_changes.LOOK_S", 0.05)
    keys = gateway.app.state.services.access.keys
    gateway.keys["two browsers"] = (await keys.create("two browsers", Role.VIEWER, "test")).key
    async with gateway.browser("two browsers") as leaves, gateway.browser("two browsers") as stays:
        async with leaves.stream("GET", "/api/events") as ends, stays.stream("GET", "/api/events") as goes_on:
            digest = digest_of(str(leaves.cookies[COOKIE]))
            await gateway.pool.execute("delete from access.session where session_sha256 = $1", digest)
            async with asyncio.timeout(PATIENCE_S):
                async for _ in ends.aiter_bytes():
                    pass
                heard = goes_on.aiter_bytes()
                for _ in range(3):  # the health, with each look
                    assert await anext(heard)
        assert (await leaves.get("/plans")).status_code == 303


@pytest.mark.parametrize("where", ["here", "elsewhere"])
async def test_a_key_that_may_read_no_more_hears_no_more(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr("gateway.operations.system_changes.LOOK_S", 0.05)
    keys = gateway.app.state.services.access.keys
    limited, stays = await keys.create("limited", Role.VIEWER, "test"), await keys.create("stays", Role.VIEWER, "test")
    (ends,) = await listening(gateway, limited.key, 1)
    (goes_on,) = await listening(gateway, stays.key, 1)
    if where == "here":
        changed = await api.patch(f"/api/keys/{limited.key_id}", json={"scopes": ["upload"]})
        assert changed.status_code == 200
    else:
        assert await ApiKeys(gateway.pool).change(limited.key_id, Change(scopes=(KeyScope.UPLOAD,)), "test")
    async with asyncio.timeout(PATIENCE_S):
        await ends
    assert not goes_on.done()
    answer = await api.get("/api/events", headers={"Authorization": f"Bearer {limited.key}"})
    assert (answer.status_code, answer.json()["neededScope"]) == (403, "read")
    goes_on.cancel()
    await asyncio.gather(goes_on, return_exceptions=True)
