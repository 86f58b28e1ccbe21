"""Stored costs, stock and advertising: what the next document is joined with, and what a document changes."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import uuid4

import asyncpg
import orjson

from gateway.audit.writing import Entry, Who, write
from gateway.commands.deadlock_retry import tried_again
from gateway.intake.goods import Cost, Goods, Stock
from gateway.intake.kept import Kept, today
from gateway.uploads import ads_store, returned_store, sold_store

#: Rows of history that a reading is given at most, the newest first.
MOST_ROWS: Final = 50_000
_COSTS: Final = """
    select sku, title, unit_cost, valid_from::text as since, packaging, tax_rate, currency, version
      from decide.unit_cost order by valid_from desc, sku_key limit $1"""
#: Of each SKU and channel what was counted last.
_STOCK: Final = """
    select sku, title, quantity, channel, counted_on::text as counted_on, version from (
        select distinct on (sku_key, channel) * from decide.stock_level order by sku_key, channel, counted_on desc) s
     order by s.counted_on desc, s.sku_key limit $1"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The changes by a document. `version`: that of the stored costs and stock after it."""

    costs_changed: int
    stock_changed: int
    ads_changed: int
    version: int


async def find(pool: asyncpg.Pool, currency: str = "", sha256: str = "", team: str | None = None) -> Kept:
    """Return what the next document (`sha256`) is joined and compared with.

    `currency` is that of amounts without one, as the uploader says; `team` that of the plan.
    """
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        version = await connection.fetchval("select version from decide.goods")
        costs = await connection.fetch(_COSTS, MOST_ROWS)
        stock = await connection.fetch(_STOCK, MOST_ROWS)
        ads = await ads_store.find(connection)
        elsewhere = await sold_store.find(connection, sha256, team)
        returned = await returned_store.find(connection, team)
    goods = await asyncio.to_thread(_goods, costs, stock)  # of many rows: meanwhile the loop goes on
    return Kept(replace(goods, ads=ads), version or 0, today(), currency, elsewhere=elsewhere, returned=returned)


def _goods(costs: list[asyncpg.Record], stock: list[asyncpg.Record]) -> Goods:
    return Goods([Cost(**dict(row)) for row in costs], [Stock(**dict(row)) for row in stock])


async def record(
    pool: asyncpg.Pool,
    goods: Goods,
    *,
    document: str,
    sha256: str,
    by: Who,
    traceparent: str | None,
) -> Recorded:
    """Keep what a document tells, and put what is new of it on its way to the log. Doing it twice changes nothing."""
    event_id = str(uuid4())
    data = {"document": document, "sha256": sha256}
    command = (
        "goods.record",
        event_id,
        by.actor,
        None,
        "",
        None,
        event_id,
        time.time_ns() // 1000,
        by.request_id or event_id,
        by.actor,
        traceparent,
        orjson.dumps(data).decode(),
    )
    return await tried_again(lambda: _record(pool, command, goods, sha256, by))


async def _record(pool: asyncpg.Pool, command: tuple[Any, ...], goods: Goods, sha256: str, by: Who) -> Recorded:
    async with pool.acquire() as connection, connection.transaction():
        raw = await connection.fetchval(
            "select decide.record_goods($1::decide.command, $2::jsonb, $3::jsonb)",
            command,
            orjson.dumps([_cost(one) for one in goods.costs]).decode(),
            orjson.dumps([_stock(one) for one in goods.stock]).decode(),
        )
        said = orjson.loads(raw)
        ads = await ads_store.record(connection, command, goods.ads) if goods.ads else {"reports": 0}
        said |= {"advertising": ads["reports"], "version": ads.get("version", said["version"])}
        after = {"sha256": sha256, **{name: said[name] for name in ("costs", "stock", "advertising", "version")}}
        outcome = "accepted" if said["costs"] or said["stock"] or said["advertising"] else "unchanged"
        await write(connection, by, [Entry("goods.record", "goods", sha256, outcome=outcome, after=after)])
    return Recorded(said["costs"], said["stock"], said["advertising"], said["version"])


def _cost(one: Cost) -> dict[str, Any]:
    return {
        "key": one.key,
        "sku": one.sku,
        "title": one.title,
        "valid_from": one.since,
        "unit_cost": one.unit_cost,
        "packaging": one.packaging,
        "tax_rate": one.tax_rate,
        "currency": one.currency,
    }


def _stock(one: Stock) -> dict[str, Any]:
    return {
        "key": one.key,
        "sku": one.sku,
        "title": one.title,
        "channel": one.channel,
        "counted_on": one.counted_on,
        "quantity": one.quantity,
    }
