"""A document is erased in a whole system: no row, record or log names it, and a rebuild makes the same tables."""

from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta
from uuid import uuid4

import httpx
from aiokafka import AIOKafkaConsumer

from gateway.cli.client import PLANS
from local.load import Load
from local.stack import Stack
from projections.rebuild.build import Rebuild
from projections.settings import Settings
from projections.verify.verify import verify
from schemas.registry import wait_for_codec
from schemas.topics import declared
from tests.scenarios.conftest import KEY
from tests.support.marked import tables_with
from tests.support.patience import PATIENCE_S
from tests.support.process_logs import lines_with

NAME = "maria-da-silva"


async def logged(stack: Stack) -> list[bytes]:
    """Return the value of each record in the log."""
    consumer = AIOKafkaConsumer(
        *declared(), bootstrap_servers=stack.env["MARKETPLACE_BROKERS"], auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        places = consumer.assignment()
        ends = await consumer.end_offsets(list(places))
        await consumer.seek_to_beginning()
        values: list[bytes] = []
        while any([await consumer.position(place) < ends[place] for place in places]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                values += [record.value or b"" for record in records]
        return values
    finally:
        await consumer.stop()


async def naming(load: Load, *words: str) -> list[str]:
    """Return the tables that have one of the words anywhere, such as a document's name."""
    return await tables_with(load.pool, *(words or (NAME,)))


async def test_nothing_names_an_erased_document_and_a_rebuild_agrees(stack: Stack) -> None:
    async with (
        Load(stack.env, KEY) as load,
        httpx.AsyncClient(
            base_url=stack.env["MARKETPLACE_URL"], headers={"authorization": f"Bearer {KEY}"}, timeout=PATIENCE_S
        ) as api,
    ):
        body = f"Data;SKU;Produto;Quantidade;Valor total\n01/04/2026;{uuid4().hex[:6]};Caneca;12;358,80\n".encode()
        form = {"channels": "shopee", "title": f"Vendas de {NAME}", "currency": "BRL"}
        taken = await api.post(f"{PLANS}/upload", files={"file": (f"{NAME}.csv", body)}, data=form)
        assert taken.status_code == 202, taken.text
        plan = taken.json()["planId"]
        assert await load.wait([plan], ["awaiting_approval"], within_s=PATIENCE_S) == 1
        before = (await api.get(f"{PLANS}/{plan}")).json()
        first = (await api.get(f"{PLANS}/{plan}/events")).json()["items"][0]
        assert (before["title"], before["filename"]) == (form["title"], f"{NAME}.csv")
        assert (first["data"]["title"], first["data"]["filename"]) == (form["title"], f"{NAME}.csv")
        assert [plan in row["planId"] for row in (await api.get(PLANS, params={"q": NAME})).json()["items"]] == [True]
        assert not any(NAME.encode() in value for value in await logged(stack))
        sold = "select count(*) from decide.channel_sold where plan_id = $1"
        assert await load.pool.fetchval(sold, plan) == 1
        settings = Settings.from_env(stack.env)
        codec = wait_for_codec(settings.registry_url)
        assert (await Rebuild(settings, codec).run()).swapped  # which keeps the tables of before
        shown = {"rm.plan", "rm_old.plan"}
        assert {"decide.document", "decide.column_mapping", *shown} >= set(await naming(load)) >= shown

        asked = await api.post(f"{PLANS}/{plan}/erasure", json={"reason": "pedido do titular"})
        assert asked.status_code == 202, asked.text
        while (gone := (await api.get(f"{PLANS}/{plan}")).json())["erasedAt"] is None:
            await asyncio.sleep(0.05)

        assert (gone["title"], gone["filename"], gone["reading"]) == (plan[:8], "", None)
        assert NAME not in json.dumps((await api.get(f"{PLANS}/{plan}/events")).json())
        assert await naming(load) == []
        assert await load.pool.fetchval(sold, plan) == 0
        await load.approve([plan])
        assert min((await load.wait_for_tasks([plan], within_s=PATIENCE_S)).values()) >= 1

        found = await api.get("/search", params={"q": NAME})
        assert (found.status_code, form["title"] in found.text, f"/plans/{plan}" in found.text) == (200, False, False)
        outcome = await Rebuild(settings, codec).run(check=True)
        assert outcome.problems == []
        assert (await verify(settings)).problems == []
        assert await naming(load) == []
        assert lines_with(stack, NAME) == []


def sales(sku: str, price: str, total: str) -> bytes:
    """Return a month of one product, two of it a day: what an order comes to is not its price."""
    head = "Pedido;Data;SKU;Produto;Quantidade;Valor unitário;Valor total"
    days = [date(2026, 3, 1) + timedelta(days=n) for n in range(30)]
    return "\n".join(
        [head, *(f"{sku}{n};{d:%d/%m/%Y};{sku};Caneca;2;{price};{total}" for n, d in enumerate(days))]
    ).encode()


async def test_no_later_plan_keeps_a_price_of_an_erased_document(stack: Stack) -> None:
    """The second of two files finds that the first one is dearer; then that one is erased."""
    sku, price = f"CAN-{uuid4().hex[:6].upper()}", ("1234.57", "1.234,57")
    async with (
        Load(stack.env, KEY) as load,
        httpx.AsyncClient(
            base_url=stack.env["MARKETPLACE_URL"], headers={"authorization": f"Bearer {KEY}"}, timeout=PATIENCE_S
        ) as api,
    ):
        plans = []
        for channel, body in (("shopee", sales(sku, price[1], "2469,14")), ("amazon", sales(sku, "900,00", "1800,00"))):
            form = {"channels": channel, "currency": "BRL"}
            taken = await api.post(f"{PLANS}/upload", files={"file": (f"{channel}.csv", body)}, data=form)
            assert taken.status_code == 202, taken.text
            plans.append(taken.json()["planId"])
            assert await load.wait(plans[-1:], ["awaiting_approval"], within_s=PATIENCE_S) == 1
        found = (await api.get(f"{PLANS}/{plans[1]}")).json()["channelResults"][0]["opportunities"]
        assert [one["id"] for one in found if "price-gap" in one["id"]] == ["amazon-price-gap"]
        assert {"decide.document", "decide.channel_sold"} == set(await naming(load, *price)), "texts do not tell it"

        asked = await api.post(f"{PLANS}/{plans[0]}/erasure", json={"reason": "pedido do titular"})
        assert asked.status_code == 202, asked.text
        assert await naming(load, *price) == []
        assert not any(one.encode() in value for value in await logged(stack) for one in price)
        # the figure is gone with it, and what was found stays
        told = (await api.get(f"{PLANS}/{plans[1]}/figures", params={"metric": "price_gap"})).json()
        assert told["channels"][0]["figures"] == []
        kept = (await api.get(f"{PLANS}/{plans[1]}")).json()["channelResults"][0]["opportunities"]
        assert kept == found
        assert lines_with(stack, *price) == []
