"""Reports of advertising over HTTP: kept without a plan, joined with the next sales, told once, taken back."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx
import orjson
import pytest

from projections.goods import reads
from tests.integration.gateway.gateway_running import Running
from tests.support.goods_on_the_way import project_goods

UPLOAD = "/api/marketplace/analysis/upload"
COSTS = "/api/marketplace/costs"
ADVERTISING = "/api/marketplace/advertising"
#: Reports are kept for two years.
YEAR = datetime.now(UTC).year - 1
#: Days that no other test sells on.
SALES = "Pedido;Data;SKU;Produto;Quantidade;Valor total;Comissão\n" + "\n".join(
    f"AD-{day};{day:02d}/07/{YEAR};TEN-1;Tênis;1;100,00;10,00" for day in range(1, 32)
)
HEAD = "Desde;Até;Campanha;Impressões;Cliques;Investimento (R$);Receita (R$)\n"


def report(amount: str = "62,00", until: str = f"31/07/{YEAR}") -> bytes:
    return f"{HEAD}01/07/{YEAR};{until};Verão;1000;20;{amount};310,00".encode()


async def send(api: httpx.AsyncClient, path: str, body: bytes, name: str = "ads.csv", **data: str) -> httpx.Response:
    return await api.post(path, files={"file": (name, body)}, data=data)


@pytest.fixture(autouse=True)
async def none_kept(gateway: Running, database_url: str) -> None:
    await gateway.pool.execute(
        "truncate decide.ad_report; truncate rm.ad_report;"
        " delete from decide.outbox where type like 'goods.advertising.%'"
    )


@pytest.fixture
def projected(gateway: Running, database_url: str) -> Callable[..., Awaitable[list[reads.KeptReport]]]:
    """`await projected()` makes the rows of all that is on its way to the log, and returns the kept reports."""

    async def project(pool: asyncpg.Pool = gateway.pool) -> list[reads.KeptReport]:
        await project_goods(pool, database_url, "goods.advertising.%")
        return await reads.reports(pool)

    return project


async def figures(gateway: Running, answer: httpx.Response) -> dict[str, float]:
    assert answer.status_code == 202, answer.text
    text = await gateway.pool.fetchval(
        "select facts from decide.document where plan_id = $1::uuid", answer.json()["planId"]
    )
    found = {one["metric"]: one["value"] for one in orjson.loads(text)["channels"][0]["figures"]}
    return {name: found[name] for name in ("advertising_cost", "advertising_sales", "acos", "tacos") if name in found}


async def test_a_report_is_kept_without_a_plan_and_the_next_sales_are_joined_with_it(
    gateway: Running, api: httpx.AsyncClient, projected: Any
) -> None:
    before = await figures(gateway, await send(api, UPLOAD, SALES.encode(), channels="shopee"))
    kept = await send(api, COSTS, report(), channels="shopee")
    joined = await figures(gateway, await send(api, UPLOAD, SALES.encode(), channels="shopee"))

    assert kept.status_code == 200, kept.text
    assert (kept.json()["advertising"], kept.json()["advertisingChanged"]) == (1, 1)
    assert f"Publicidade de Shopee, 01/07/{YEAR} a 31/07/{YEAR}: BRL 62.00" in kept.json()["told"][0]
    assert (before, joined) == (
        {}, {"advertising_cost": 62.0, "advertising_sales": 310.0, "acos": 0.2, "tacos": 0.02},
    )  # fmt: skip
    again = await send(api, UPLOAD, SALES.encode(), channels="shopee")
    assert again.status_code == 409, "the same sales with the same report are known"
    (seen,) = await projected()
    assert (seen.channel, str(seen.first_day), seen.amount, seen.sales) == ("shopee", f"{YEAR}-07-01", 62.0, 310.0)


async def test_told_again_it_is_one_report_and_a_later_sum_stands_in_its_place(
    api: httpx.AsyncClient, projected: Any
) -> None:
    await send(api, COSTS, report(), channels="shopee")
    same = await send(api, COSTS, report(), channels="shopee")
    later = await send(api, COSTS, report("70,00"), channels="shopee")

    assert (same.json()["advertisingChanged"], later.json()["advertisingChanged"]) == (0, 1)
    assert [one.amount for one in await projected()] == [70.0]


async def test_a_report_among_uploads_for_a_plan_is_kept_too(gateway: Running, api: httpx.AsyncClient) -> None:
    plans = await gateway.pool.fetchval("select count(*) from decide.document")
    answer = await send(api, UPLOAD, report(), channels="amazon")

    assert (answer.status_code, answer.json()["advertising"]) == (200, 1)
    assert await gateway.pool.fetchval("select count(*) from decide.document") == plans


async def test_a_report_that_says_neither_channel_nor_days_is_refused_with_what_to_do(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    nobody = await send(api, COSTS, report())
    undated = await send(api, COSTS, b"Campanha;Impressoes;Cliques;Investimento (R$)\nV;1;1;2,00", channels="shopee")

    assert (nobody.status_code, nobody.json()["type"].rsplit("#", 1)[-1]) == (422, "advertising-wrong")
    assert "names no channel" in nobody.json()["detail"]
    assert "does not say of which days" in undated.json()["detail"]
    assert await gateway.pool.fetchval("select count(*) from decide.ad_report") == 0


async def test_a_report_is_listed_and_taken_back(gateway: Running, api: httpx.AsyncClient, projected: Any) -> None:
    await send(api, COSTS, report(), channels="shopee")
    await projected()
    (listed,) = (await api.get(ADVERTISING)).json()["items"]
    gone = await api.delete(f"{ADVERTISING}/{listed['key']}")

    assert (listed["channel"], listed["firstDay"], listed["amount"]) == ("shopee", f"{YEAR}-07-01", 62.0)
    assert gone.status_code == 204, gone.text
    assert await projected() == []
    assert (await api.get(ADVERTISING)).json() == {"items": []}
    assert (await api.delete(f"{ADVERTISING}/{listed['key']}")).status_code == 404
    without = await send(api, UPLOAD, SALES.encode() + b"\n", channels="shopee")
    assert await figures(gateway, without) == {}
    told = await gateway.pool.fetch(
        "select outcome, before from audit.entry where action = 'goods.advertising.delete' and target = $1"
        " order by entry_id",
        listed["key"],
    )
    was = {"channel": "shopee", "first_day": f"{YEAR}-07-01", "last_day": f"{YEAR}-07-31", "amount": 62.0}
    assert [row["outcome"] for row in told] == ["accepted", "not_found"]
    assert json.loads(told[0]["before"]) == {**was, "currency": "BRL"}
    assert told[1]["before"] is None
