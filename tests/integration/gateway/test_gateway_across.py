"""One file per channel over HTTP: the second is compared with the first, until that one is erased or cancelled."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_erasure import erase
from tests.integration.gateway.test_gateway_figures import document
from tests.integration.gateway.test_gateway_goods import UPLOAD, facts_of, send

PLANS = "/api/marketplace/analysis"


class Shop:
    """One product that no other test has, in days that no other test has."""

    def __init__(self) -> None:
        self.sku = f"AIR-{uuid4().hex[:8].upper()}"
        self.first = date(1990, 1, 1) + timedelta(days=uuid4().int % 9000)

    def sales(self, price: int, days: int = 30) -> bytes:
        head = "Pedido;Data;SKU;Produto;Quantidade;Valor total"
        lines = [
            f"{self.sku}{price}{n};{self.first + timedelta(days=n):%d/%m/%Y};{self.sku};Air fryer;1;{price},00"
            for n in range(days)
        ]
        return "\n".join([head, *lines]).encode()


@pytest.fixture
def shop() -> Shop:
    return Shop()


async def uploaded(api: httpx.AsyncClient, body: bytes, channel: str, **more: str) -> str:
    taken = await send(api, UPLOAD, body, f"{channel}.csv", channels=channel, **more)
    assert taken.status_code == 202, taken.text
    plan_id: str = taken.json()["planId"]
    return plan_id


async def gaps(gateway: Running, plan_id: str) -> dict[str, dict[str, Any]]:
    (own,) = (await facts_of(gateway, plan_id))["channels"]
    return {one["metric"]: one["detail"] for one in own["figures"] if one["metric"].startswith("price_gap")}


async def test_the_second_file_is_compared_with_the_first_and_names_it(
    gateway: Running, api: httpx.AsyncClient, shop: Shop
) -> None:
    first = await uploaded(api, shop.sales(120), "shopee")
    assert await gaps(gateway, first) == {}
    second = await uploaded(api, shop.sales(90), "mercado_livre")

    detail = (await gaps(gateway, second))["price_gap"]
    assert detail["by_sku"][shop.sku]["other"] == 120.0
    assert detail["documents"]["shopee"] == {
        "plan_id": first,
        "first_day": shop.first.isoformat(),
        "last_day": (shop.first + timedelta(days=29)).isoformat(),
        "days_in_both": 30,
        "kept_share": 1.0,
    }
    third = await uploaded(api, shop.sales(150), "amazon")
    assert {p["other_channel"] for p in (await gaps(gateway, third))["price_gap_elsewhere"]["by_sku"].values()} == {
        "mercado_livre"
    }
    # what is compared with stands beside the facts, which every page reads
    assert all("sold" not in own or own["sold"] is None for own in (await facts_of(gateway, first))["channels"])


async def test_the_figure_opens_what_it_was_compared_with(gateway: Running, api: httpx.AsyncClient, shop: Shop) -> None:
    first = await uploaded(api, shop.sales(120), "shopee")
    second = await uploaded(api, shop.sales(90), "mercado_livre")

    told = (await api.get(f"{PLANS}/{second}/figures", params={"metric": "price_gap"})).json()
    (figure,) = told["channels"][0]["figures"]
    assert figure["detail"]["documents"]["shopee"]["plan_id"] == first
    assert figure["rows"]["used"] == 30


async def test_an_erased_document_is_compared_with_no_more(
    gateway: Running, api: httpx.AsyncClient, shop: Shop
) -> None:
    first = await uploaded(api, shop.sales(120), "shopee")
    kept = "select count(*) from decide.channel_sold where plan_id = $1"
    assert await gateway.pool.fetchval(kept, first) == 1
    await gateway.pool.execute("delete from flow.deadline where plan_id = $1", UUID(first))
    assert (await erase(api, UUID(first))).status_code == 202

    assert await gateway.pool.fetchval(kept, first) == 0
    assert await gaps(gateway, await uploaded(api, shop.sales(90), "mercado_livre")) == {}


async def test_a_cancelled_plan_and_the_same_file_are_no_other_document(
    gateway: Running, api: httpx.AsyncClient, shop: Shop
) -> None:
    first = await uploaded(api, shop.sales(120), "shopee")
    await uploaded(api, shop.sales(120), "magalu", again="true")
    assert await gaps(gateway, await uploaded(api, shop.sales(120), "americanas", again="true")) == {}
    await gateway.pool.execute("update decide.head set status = 'cancelled' where stream = $1", f"plan-{first}")

    found = await gaps(gateway, await uploaded(api, shop.sales(90), "mercado_livre"))
    assert set(found["price_gap"]["documents"]) == {"americanas"}


async def test_uploads_of_the_same_days_do_not_hide_other_documents(
    gateway: Running, api: httpx.AsyncClient, shop: Shop
) -> None:
    february = await uploaded(api, shop.sales(120, 20), "shopee")
    for price in range(200, 208):
        await uploaded(api, shop.sales(price, 25), "shopee")

    detail = (await gaps(gateway, await uploaded(api, shop.sales(90, 20), "mercado_livre")))["price_gap"]
    assert detail["documents"]["shopee"]["plan_id"] == february


async def test_the_first_plan_leads_to_what_the_second_one_found(
    gateway: Running, api: httpx.AsyncClient, shop: Shop
) -> None:
    first = await uploaded(api, shop.sales(120), "shopee")
    assert (await api.get(f"{PLANS}/{first}/figures")).json()["foundLater"] == []
    second = await uploaded(api, shop.sales(90), "mercado_livre")

    (later,) = (await api.get(f"{PLANS}/{first}/figures")).json()["foundLater"]
    assert (later["planId"], later["channel"], later["foundOn"]) == (second, "shopee", "mercado_livre")
    assert later["metrics"] == ["price_gap"]
    assert (await api.get(f"{PLANS}/{first}/figures", params={"channel": "amazon"})).json()["foundLater"] == []
    await gateway.pool.execute("update decide.head set status = 'cancelled' where stream = $1", f"plan-{second}")
    assert (await api.get(f"{PLANS}/{first}/figures")).json()["foundLater"] == []


async def test_with_a_document_goes_what_later_figures_tell_of_it(
    gateway: Running, api: httpx.AsyncClient, shop: Shop
) -> None:
    """Of two that a figure was compared with the other one stays, with its own gap."""
    first = await uploaded(api, shop.sales(120), "shopee")
    second = await uploaded(api, shop.sales(90), "mercado_livre")
    assert (await gaps(gateway, second))["price_gap"]["by_sku"][shop.sku]["other"] == 120.0
    before = await facts_of(gateway, second)
    await gateway.pool.execute("delete from flow.deadline where plan_id = $1", UUID(first))
    assert (await erase(api, UUID(first))).status_code == 202

    after = await facts_of(gateway, second)
    assert await gaps(gateway, second) == {}
    for own in before["channels"]:
        own["figures"] = [one for one in own["figures"] if one["metric"] != "price_gap"]
    assert after == before, "nothing else is touched"
    assert (
        await gateway.pool.fetchval("select count(*) from decide.compared where other_plan_id = $1", UUID(first)) == 0
    )


async def test_a_figure_keeps_what_another_document_tells(gateway: Running) -> None:
    by_sku = {
        "A": {"other_channel": "shopee", "other": 80.0, "gap": 0.4},
        "B": {"other_channel": "amazon", "other": 90.0, "gap": 0.2},
        "C": {"channels": ["amazon", "magalu"], "silent_days": 30},
    }
    gone, stays = uuid4(), uuid4()
    documents = {"shopee": {"plan_id": str(gone)}, "amazon": {"plan_id": str(stays)}}
    figure = {
        "metric": "m",
        "value": 0.4,
        "skus": ["B", "A", "C"],
        "detail": {"by_sku": by_sku, "documents": documents},
    }

    async def without(channel: str, plan: UUID) -> Any:
        asked = orjson.dumps(figure).decode()
        found = await gateway.pool.fetchval("select decide.without_document($1, $2, $3)", asked, channel, plan)
        return None if found is None else orjson.loads(found)

    left = await without("shopee", gone)
    assert (left["skus"], set(left["detail"]["by_sku"]), left["detail"]["documents"]) == (
        ["B", "C"], {"B", "C"}, {"amazon": {"plan_id": str(stays)}}
    )  # fmt: skip
    assert (await without("amazon", stays))["skus"] == ["A"]
    assert await without("shopee", stays) == figure, "it was not compared with that one"
    assert (await without("amazon", stays))["value"] == 0.4


async def test_the_page_of_the_first_plan_leads_to_the_second(gateway: Running, api: httpx.AsyncClient) -> None:
    first, second = await document(gateway), await seed.add_plan(gateway.pool)
    told = "insert into decide.compared values ($1, 'amazon', $2, 'mercado_livre', '{price_gap}')"
    await gateway.pool.execute(told, second, first)
    page = (await api.get(f"/plans/{first}")).text
    assert f'href="/plans/{second}#channel-amazon"' in page
    assert "Amazon was uploaded later and compared with this document. Found there: " in page
