"""Buyers in a document, and words in requests: no process writes one of them to its log, whatever becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from gateway.cli.client import PLANS
from local.load import Load
from local.stack import Stack
from schemas.process import kafka
from schemas.process.kafka import Brokers
from schemas.topics import PLAN_EVENTS
from tests.scenarios.conftest import KEY
from tests.support.patience import PATIENCE_S
from tests.support.process_logs import lines_with
from tests.support.systems import Systems

BUYER = "Quixotesca Mancheguina"
#: Of the buyer, as the document has them, and as they stand without their signs.
PERSONAL = ("quixotesca", "529.982.247-25", "52998224725", "98765-4321", "987654321", "mancheguina")
HEAD = "Pedido;Data;SKU;Produto;Quantidade;Valor total;Comprador;CPF;E-mail;Telefone;Endereço"
BUYERS = f"{BUYER};529.982.247-25;quixotesca@example.com;(11) 98765-4321;Rua Mancheguina, 12"


def sold(price: str = "358,80") -> bytes:
    sku = uuid4().hex[:6]
    return "\n".join([HEAD, *(f"{sku}{n};01/04/2026;{sku};Caneca;12;{price};{BUYERS}" for n in range(5))]).encode()


@pytest.fixture
async def stack(tmp_path: Path, systems: Systems) -> AsyncIterator[Stack]:
    """A system in which the first upload fails once: what has gone well is in no log."""
    env = {"MARKETPLACE_BOOTSTRAP_KEY": KEY, "MARKETPLACE_FAULTS": "fail plan.uploaded times 1"}
    async with systems.system(tmp_path / "data", env) as made:
        yield made


async def spoil(stack: Stack) -> None:
    """Put words on the log that nobody can read as an event."""
    producer = kafka.producer(Brokers.from_env(stack.env), "stranger")
    await producer.start()
    await producer.send_and_wait(PLAN_EVENTS, f'{{"title": "{BUYER}", "cpf": "{BUYERS}"}}'.encode(), key=BUYER.encode())
    await producer.stop()


async def test_no_log_has_a_buyer_of_a_document_or_a_word_of_a_request(stack: Stack) -> None:
    headers = {"authorization": f"Bearer {KEY}"}
    async with (
        Load(stack.env, KEY) as load,
        httpx.AsyncClient(base_url=stack.env["MARKETPLACE_URL"], headers=headers, timeout=PATIENCE_S) as api,
    ):
        form = {"channels": "shopee", "currency": "BRL", "title": f"Vendas a {BUYER}"}

        async def upload(body: bytes, path: str = f"{PLANS}/upload") -> httpx.Response:
            return await api.post(path, files={"file": (f"{BUYER}.csv", body)}, data=form)

        taken = await upload(sold())
        assert taken.status_code == 202, taken.text
        plan = taken.json()["planId"]
        assert await load.wait([plan], ["awaiting_approval"], within_s=PATIENCE_S) == 1
        # what is refused is told to whoever asked, and to nobody else
        refused = [
            await upload(BUYERS.encode() * 3),
            await upload(f"{BUYER}\0\xff{BUYERS}".encode("latin-1")),
            await api.get(f"/api/{BUYER}"),
            await api.get(PLANS, params={"status": BUYER}),
            await api.patch(f"{PLANS}/{plan}", json={"action": BUYER, "reason": BUYERS}),
            await api.get(PLANS, headers={"authorization": f"Bearer {BUYER}"}),
        ]
        assert {answer.status_code // 100 for answer in refused} == {4}
        assert (await upload(sold("1,00"), f"{PLANS}/upload/preview")).status_code == 200
        assert len((await api.get(PLANS, params={"q": BUYER})).json()["items"]) == 1
        assert (await api.patch(f"{PLANS}/{plan}", json={"action": "approve", "reason": BUYERS})).status_code == 202
        assert min((await load.wait_for_tasks([plan], within_s=PATIENCE_S)).values()) >= 1
        await spoil(stack)
        async with asyncio.timeout(PATIENCE_S):
            while not lines_with(stack, "record is a dead letter"):
                await asyncio.sleep(0.2)
    assert lines_with(stack, plan), "what fails is told with its plan"
    assert lines_with(stack, *PERSONAL) == []
