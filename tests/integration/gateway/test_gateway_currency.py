"""The currency of sales that tell none: said with the upload, kept with the header, changed and taken back."""

from __future__ import annotations

from typing import Any

import httpx
import orjson
import pytest

from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_mapping import UPLOAD, Store, facts_of

#: A header whose columns are sure, and which tells no currency: its language is that of several countries.
HEADER = "Order ID;Date;Product;Qty;Revenue"


class Shop(Store):
    """A table of sales in English; its last column is one that no other test has."""

    def __init__(self, price: str = "50.00") -> None:
        super().__init__()
        rows = f"a1;2026-03-01;Shirt;2;{price};x\na2;2026-03-02;Sock;1;30.00;y\na3;2026-03-03;Hat;3;80.00;z\n"
        self.body = f"{HEADER};{self.mark}\n{rows}".encode()


@pytest.fixture
def shop() -> Shop:
    return Shop()


def currency(answer: httpx.Response) -> tuple[str, str]:
    assert answer.status_code == 200, answer.text
    [own] = answer.json()["channels"]
    return own["currency"], own["currencySource"]


async def kept_of(api: httpx.AsyncClient, header: str) -> dict[str, Any]:
    shown = (await api.get("/api/mappings")).json()["items"]
    return next(one for one in shown if one["headerId"] == header)


async def test_it_is_said_kept_and_used_for_the_same_header(
    gateway: Running, api: httpx.AsyncClient, shop: Shop
) -> None:
    looks = [await shop.send(api, f"{UPLOAD}/preview"), await shop.send(api, f"{UPLOAD}/preview", currency="usd")]
    first = await shop.send(api, currency="USD")
    assert first.status_code == 202, first.text
    later = await shop.send(api, body=shop.body.replace(b"50.00", b"60.00"))
    facts = await facts_of(gateway, later.json()["planId"])
    table = facts["tables"][0]

    assert [currency(look) for look in looks] == [("", ""), ("USD", "told")]
    assert (facts["channels"][0]["currency"], table["told_currency"], table["mapped_by"]) == ("USD", "USD", "")
    kept = await kept_of(api, table["header_id"])
    assert (kept["currency"], kept["columns"], kept["madeBy"]) == ("USD", {}, "the admin")


async def test_it_is_changed_and_taken_back(gateway: Running, api: httpx.AsyncClient, shop: Shop) -> None:
    planned = await shop.send(api, currency="USD")
    header = (await facts_of(gateway, planned.json()["planId"]))["tables"][0]["header_id"]
    wrong = await api.put(f"/api/mappings/{header}", json={"currency": "dollars"})
    nothing = await api.put(f"/api/mappings/{header}", json={})
    euros = await api.put(f"/api/mappings/{header}", json={"currency": "EUR"})
    then = await shop.send(api, f"{UPLOAD}/preview")
    none = await api.put(f"/api/mappings/{header}", json={"currency": ""})

    assert [answer.status_code for answer in (wrong, nothing, euros, none)] == [422, 422, 200, 200]
    assert (euros.json()["currency"], none.json()["currency"]) == ("EUR", "")
    assert currency(then) == ("EUR", "told")
    assert currency(await shop.send(api, f"{UPLOAD}/preview")) == ("", "")
    told = await gateway.pool.fetchval(
        "select after::text from audit.entry where action = 'mapping.change' and target = $1 order by entry_id limit 1",
        header,
    )
    assert orjson.loads(told) == {"(currency)": "EUR"}


async def test_the_same_file_in_another_currency_is_another_reading(api: httpx.AsyncClient, shop: Shop) -> None:
    answers = [await shop.send(api, currency=code) for code in ("USD", "", "MXN")]
    assert [answer.status_code for answer in answers] == [202, 409, 202]


async def test_a_currency_that_the_document_tells_stands(gateway: Running, api: httpx.AsyncClient, shop: Shop) -> None:
    body = shop.body.replace(b"Revenue", b"Revenue (EUR)")
    answer = await shop.send(api, body=body, currency="USD")
    facts = await facts_of(gateway, answer.json()["planId"])

    assert (facts["channels"][0]["currency"], facts["channels"][0]["currency_source"]) == ("EUR", "read")
    assert any("a moeda informada (USD) não foi usada" in text for text in facts["tables"][0]["warnings"])
    shown = (await api.get("/api/mappings")).json()["items"]
    assert facts["tables"][0]["header_id"] not in [one["headerId"] for one in shown]


async def test_the_page_of_columns_asks_where_it_is_not_read(gateway: Running, shop: Shop) -> None:
    async with gateway.client(None, **{"accept-language": "pt-BR"}) as page:
        await page.post("/login", data={"key": gateway.keys["operator"]})
        csrf = (await page.get("/plans")).text.partition('data-csrf="')[2].partition('"')[0]
        data = {"csrf_token": csrf, "channels": "own_store", "priority": "normal"}

        async def seen(body: bytes, **more: str) -> str:
            files = {"file": ("loja.csv", body)}
            answer = await page.post("/plans/upload/mapping", data={**data, **more}, files=files)
            assert answer.status_code == 200, answer.text
            return answer.text

        asked, said = await seen(shop.body), await seen(shop.body, currency="USD")
        read = await seen(shop.body.replace(b"Revenue", b"Revenue (EUR)"))

    assert 'name="currency"' in asked
    assert '<option value="USD" selected>' in said
    assert "USD <span" in said.partition("data-sums")[2]
    assert 'name="currency"' not in read
