"""Costs and stock on the log: published in one order, projected, and the same after a rebuild."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from gateway.audit.writing import Who
from gateway.intake.goods import Cost, Goods, Stock
from gateway.outbox.relay import Relay
from gateway.uploads import goods_store
from projections.goods import reads
from projections.rebuild.build import Rebuild
from projections.run.runner import Runner
from projections.settings import Settings
from schemas.wire import Codec
from tests.support.patience import PATIENCE_S


@asynccontextmanager
async def working(settings: Settings, codec: Codec) -> AsyncIterator[None]:
    """A relay and the projections, at work."""
    relay, runner = Relay(settings.database_url, settings.brokers, codec), Runner(settings, codec)
    tasks = [asyncio.create_task(relay.run()), asyncio.create_task(runner.run())]
    try:
        yield
    finally:
        relay.stop()
        runner.stop()
        await asyncio.gather(*tasks)


async def record(pool: asyncpg.Pool, goods: Goods, document: str) -> goods_store.Recorded:
    return await goods_store.record(
        pool, goods, document=document, sha256="s" * 64, by=Who(actor="ana", request_id="r"), traceparent=None
    )


async def projected(pool: asyncpg.Pool, version: int, within_s: float = PATIENCE_S) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if await reads.version_of(pool) == version:
            return True
        await asyncio.sleep(0.02)
    return False


async def test_two_documents_that_tell_one_sku_stand_in_one_order(
    pool: asyncpg.Pool, settings: Settings, codec: Codec
) -> None:
    """Projected from the log as they come, and once more from all of it: the later one stands."""
    sku = "A-1"
    many = [Cost(f"N-{n}", 1.0 + n, since="2026-03-01", currency="BRL") for n in range(600)]
    await record(pool, Goods([Cost(sku, 10.0, "Caneca", "2026-03-01", 1.5, 0.06, "BRL"), *many]), "março.csv")
    stock = [Stock(sku, 7.0, "Caneca", "shopee", "2026-03-31")]
    later = Cost(sku.lower(), 12.0, "Caneca", "2026-03-01", 1.5, 0.06, "BRL")
    told = await record(pool, Goods([later], stock), "b.csv")

    async with working(settings, codec):
        assert await projected(pool, told.version)

    (found,) = (await reads.find(pool, sku)).items
    assert [(one.unit_cost, one.document, one.recorded_by) for one in found.costs] == [(12.0, "b.csv", "ana")]
    assert [(one.quantity, one.channel) for one in found.stock] == [(7.0, "shopee")]
    outcome = await Rebuild(settings, codec).run(check=True)
    assert outcome.problems == []
    assert outcome.rows["unit_cost"] >= 601
    assert outcome.rows["stock_level"] >= 1
