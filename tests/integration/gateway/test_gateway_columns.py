"""The columns of a document that was read surely: seen from its plan or before the upload, and corrected."""

from __future__ import annotations

import html
import re
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running

UPLOAD = "/api/marketplace/analysis/upload"
WORDS = {"accept-language": "pt-BR"}


class Shop:
    """A Shopify export with an order number that no other test has; `Total` is what was paid, 5 of it freight."""

    def __init__(self) -> None:
        self.body = (
            "Name;Financial Status;Currency;Subtotal;Shipping;Total;Created at;Lineitem quantity;Lineitem name;"
            f"Lineitem price;Lineitem sku\n#{uuid4().hex[:8]};paid;BRL;80;5;85;2026-03-01;2;Camisa;40;S\n"
        ).encode()

    async def send(self, api: httpx.AsyncClient, path: str, **data: Any) -> httpx.Response:
        return await api.post(
            path, files={"file": ("loja.csv", self.body)}, data={"channels": "own_store", **data}, headers=WORDS
        )


@pytest.fixture
def shop() -> Shop:
    return Shop()


def dropdowns(text: str) -> dict[str, str]:
    """Return column -> what its dropdown says."""
    chosen = [html.unescape(one) for one in re.findall(r'<option value="(\[[^"]*)" selected', text)]
    return {column: field for _, column, field in map(orjson.loads, chosen)}


def form_of(text: str, **changed: str) -> dict[str, list[str]]:
    """Return what the page sends: all dropdowns, some of them changed, and what the columns were taken for."""
    chosen = [orjson.loads(html.unescape(one)) for one in re.findall(r'<option value="(\[[^"]*)" selected', text)]
    picks = [orjson.dumps([header, column, changed.get(column, field)]).decode() for header, column, field in chosen]
    return {"pick": picks, "taken": [html.unescape(one) for one in re.findall(r'data-taken value="([^"]*)"', text)]}


async def facts_of(gateway: Running, plan_id: str) -> dict[str, Any]:
    facts: dict[str, Any] = orjson.loads(
        await gateway.pool.fetchval("select facts::text from decide.document where plan_id = $1", UUID(plan_id))
    )
    return facts


async def test_a_look_before_the_upload_shows_what_is_sure_and_keeps_a_known_export(
    gateway: Running, api: httpx.AsyncClient, shop: Shop
) -> None:
    seen = await shop.send(api, "/plans/upload/mapping")
    again = await shop.send(api, "/plans/upload/mapping", **form_of(seen.text))
    sent = await shop.send(api, "/plans/upload/mapped", **form_of(seen.text))
    facts = await facts_of(gateway, sent.headers["location"].rsplit("/", 1)[1])

    assert (seen.status_code, sent.status_code) == (200, 303), sent.text
    assert dropdowns(seen.text)["Lineitem sku"] == "sku"
    assert ("Enviar mesmo assim" in seen.text, "É um formato conhecido" in seen.text) == (False, True)
    assert "85,00" in seen.text
    assert "85,00" in again.text
    assert (facts["tables"][0]["layout"], facts["tables"][0]["mapped_by"]) == ("shopify.orders", "")


async def test_a_wrong_column_is_corrected_from_the_plan(gateway: Running, api: httpx.AsyncClient, shop: Shop) -> None:
    first = (await shop.send(api, UPLOAD)).json()["planId"]
    plan_id = await seed.add_plan(gateway.pool, channels=("own_store",))
    await gateway.pool.execute("update decide.document set plan_id = $1 where plan_id = $2", plan_id, UUID(first))
    page = await api.get(f"/plans/{plan_id}/columns", headers=WORDS)
    plan = await api.get(f"/plans/{plan_id}", headers=WORDS)
    changed = form_of(page.text, Total="ignore", Subtotal="revenue")
    sent = await shop.send(api, "/plans/upload/mapped", **changed)
    facts = await facts_of(gateway, sent.headers["location"].rsplit("/", 1)[1])
    (own,) = facts["channels"]

    assert f'href="/plans/{plan_id}/columns"' in plan.text
    assert ("Voltar ao plano" in page.text, "85,00" in page.text) == (True, True)
    assert sent.status_code == 303, sent.text
    assert facts["tables"][0]["mapped_by"] != ""
    assert next(one["value"] for one in own["figures"] if one["metric"] == "revenue") == 80


async def test_a_plan_without_a_document_has_no_columns_to_show(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool)

    assert (await api.get(f"/plans/{plan_id}/columns", headers=WORDS)).status_code == 404
    async with gateway.client("viewer") as viewer:
        assert (await viewer.get(f"/plans/{plan_id}/columns", headers=WORDS)).status_code == 403
