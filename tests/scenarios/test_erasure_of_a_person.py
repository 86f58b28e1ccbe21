"""A person is erased in a whole system: no row, record or log has what was written; a rebuild makes the same tables."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from gateway.cli.client import PLANS
from local.load import Load
from local.postgres import binaries
from local.stack import Stack
from projections.rebuild.build import Rebuild
from projections.settings import Settings
from projections.verify.verify import verify
from schemas.registry import wait_for_codec
from tests.scenarios.conftest import KEY
from tests.scenarios.test_erasure import logged
from tests.support.patience import PATIENCE_S
from tests.support.process_logs import lines_with

#: In each text of hers, in her name, in her e-mail and in the names of her files.
MARK = "quixotesca"
HANDLE = "a-17"
WHY = {"reason": "pedido do titular"}


def client(stack: Stack, key: str) -> httpx.AsyncClient:
    headers = {"authorization": f"Bearer {key}"}
    return httpx.AsyncClient(base_url=stack.env["MARKETPLACE_URL"], headers=headers, timeout=PATIENCE_S)


@pytest.fixture
async def admin(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    async with client(stack, KEY) as api:
        yield api


def kept(stack: Stack) -> list[str]:
    """Return what a dump of Postgres has of it: each row, behind the table that has it."""
    asked = [str(binaries() / "pg_dump"), "--no-owner", stack.env["MARKETPLACE_DATABASE_URL"]]
    found, table = [], ""
    for line in subprocess.run(asked, check=True, capture_output=True, text=True).stdout.splitlines():
        table = line.split()[1] if line.startswith("COPY ") else table
        if MARK in line or MARK.encode().hex() in line:
            found.append(f"{table}: {line[:400]}")
    return found


async def done(asked: Any) -> Any:
    """Wait for an answer, and hold it to be none that refuses."""
    answer = await asked
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


async def upload(api: httpx.AsyncClient, name: str) -> str:
    body = f"Data;SKU;Produto;Quantidade;Valor total\n01/04/2026;{uuid4().hex[:6]};Caneca;2;59,80\n".encode()
    form = {"channels": "shopee", "title": name, "currency": "BRL"}
    made = await done(api.post(f"{PLANS}/upload", files={"file": (f"{name}.csv", body)}, data=form))
    return str(made["planId"])


async def written(ana: httpx.AsyncClient, load: Load, first: str, second: str) -> str:
    """Have her write wherever a person can; return the address of a task of hers."""
    costs = f"SKU;Custo unitário;Moeda\nX-{uuid4().hex[:6]};12,50;BRL\n".encode()
    await done(ana.post("/api/marketplace/costs", files={"file": (f"custos {MARK}.csv", costs)}))
    await done(ana.patch(f"{PLANS}/{second}", json={"action": "reject", "reason": f"{MARK} rejeita"}))
    await done(ana.patch(f"{PLANS}/{first}", json={"action": "approve", "reason": f"{MARK} aprova"}))
    await load.wait_for_tasks([first], within_s=PATIENCE_S)
    (task, *_) = (await done(ana.get(f"{PLANS}/{first}/tasks")))["items"]
    at = f"/api/tasks/{task['taskId']}"
    await done(ana.patch(at, json={"action": "comment", "comment": f"{MARK} comenta"}))
    await done(ana.patch(at, json={"action": "complete", "note": f"{MARK} anota"}))
    flag = {"name": "automatic_recovery", "enabled": False, "reason": f"{MARK} desliga"}
    await done(ana.patch("/api/system/flags", json=flag))
    await done(ana.patch("/api/system/flags", json={**flag, "enabled": True, "reason": f"{MARK} liga"}))
    return at


async def read(admin: httpx.AsyncClient, at: str, first: str, second: str) -> None:
    """Read all of it as others do."""
    while (shown := await done(admin.get(at)))["note"] != f"{MARK} anota":
        await asyncio.sleep(0.05)
    assert shown["comments"][0]["comment"] == f"{MARK} comenta"
    rejected = await done(admin.get(f"{PLANS}/{second}"))
    assert (rejected["reason"], rejected["title"]) == (f"{MARK} rejeita", f"Outras {MARK}")
    events = json.dumps((await done(admin.get(f"{PLANS}/{first}/events")))["items"])
    assert [f"{MARK} {what}" in events for what in ("aprova", "comenta", "anota")] == [True] * 3
    assert MARK in json.dumps(await done(admin.get("/api/marketplace/costs")))
    audit = json.dumps(await done(admin.get("/api/audit", params={"limit": 200})))
    assert [f"{MARK} {what}" in audit for what in ("desliga", "rejeita")] == [True] * 2


async def test_nothing_has_what_an_erased_person_wrote_and_a_rebuild_agrees(
    stack: Stack, admin: httpx.AsyncClient
) -> None:
    person = {"handle": HANDLE, "name": f"Ana {MARK}", "email": f"{MARK}@example.com", "role": "admin"}
    await done(admin.post("/api/people", json=person))
    made = await done(admin.post("/api/keys", json={"name": f"laptop {MARK}", "role": "admin", "person": HANDLE}))
    async with Load(stack.env, KEY) as load, client(stack, made["key"]) as ana:
        first, second = await upload(ana, f"Vendas {MARK}"), await upload(ana, f"Outras {MARK}")
        assert await load.wait([first, second], ["awaiting_approval"], within_s=PATIENCE_S) == 2
        at = await written(ana, load, first, second)
        await done(admin.patch(f"/api/people/{HANDLE}", json={"name": f"Ana Maria {MARK}"}))
        await read(admin, at, first, second)
        assert not [value for value in await logged(stack) if MARK.encode() in value]

        assert (await admin.post(f"/api/people/{HANDLE}/erasure", json=WHY)).status_code == 409
        await done(admin.delete(f"/api/people/{HANDLE}"))
        erased = await done(admin.post(f"/api/people/{HANDLE}/erasure", json=WHY))
        assert erased == {
            "handle": HANDLE,
            "outcome": "accepted",
            "plans": 2,
            "inLogUntil": None,
            "namedInLog": False,
        }

        while (gone := await done(admin.get(f"{PLANS}/{second}")))["title"] != second[:8]:
            await asyncio.sleep(0.05)
        while (await done(admin.get(f"{PLANS}/{first}")))["title"] != first[:8]:
            await asyncio.sleep(0.05)
        assert (gone["reason"], gone["erasedAt"], gone["uploadedBy"]) == ("[erased]", None, HANDLE)
        assert gone["reading"] is not None  # the figures stay
        assert (await done(admin.get(at)))["comments"][0]["comment"] == "[erased]"
        assert (await admin.post(f"/api/people/{HANDLE}/erasure", json=WHY)).json()["outcome"] == "unchanged"
        assert kept(stack) == []
        assert not [value for value in await logged(stack) if MARK.encode() in value]

        settings = Settings.from_env(stack.env)
        codec = wait_for_codec(settings.registry_url)
        assert (await Rebuild(settings, codec).run(check=True)).problems == []
        assert (await verify(settings)).problems == []
        assert kept(stack) == []
        # what is left of a plan's document goes as well, once
        again = [await done(admin.post(f"{PLANS}/{second}/erasure", json=WHY)) for _ in range(2)]
        assert [one["outcome"] for one in again] == ["accepted", "unchanged"]
        while (await done(admin.get(f"{PLANS}/{second}")))["erasedAt"] is None:
            await asyncio.sleep(0.05)
        assert (await verify(settings)).problems == []
        assert lines_with(stack, MARK) == []
