"""Sales that name no channel: a person says whose they are, and their plan and its figures come through the broker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx
import pytest

from local.load import Load
from local.stack import Stack
from projections.rebuild.build import Rebuild
from projections.settings import Settings
from projections.verify.verify import verify
from schemas.registry import wait_for_codec
from tests.support.patience import PATIENCE_S

PATH: Final = "/api/marketplace/analysis"
HEAD: Final = "Pedido;Data;SKU;Produto;Quantidade;Valor total;Status"
ORDERS: Final = 120
#: Price, units and status of each order: every tenth one came to nothing, each third one, of one product, came back.
SALES: Final = [
    (n, 20.0 + n, 1 + n % 2, "Cancelado" if n % 10 == 0 else "Devolvido" if n % 3 == 0 else "Entregue")
    for n in range(1, ORDERS + 1)
]


def body(name: str, channel: dict[int, str] | None = None) -> bytes:
    """The sales as a seller's own table; `channel` names those of some of the orders."""
    rows = [
        f"{name}{n};{1 + n % 28:02d}/04/2026;K-{n % 3};Caneca {n % 3};{units};{price * units:.2f};{status}".replace(
            ".", ","
        )
        + ("" if channel is None else f";{channel.get(n, '')}")
        for n, price, units, status in SALES
    ]
    return "\n".join([HEAD + ("" if channel is None else ";Canal"), *rows, ""]).encode()


def revenue(numbers: set[int] | None = None) -> float:
    return sum(p * u for n, p, u, s in SALES if s != "Cancelado" and (numbers is None or n in numbers))


@asynccontextmanager
async def system(stack: Stack, key: str) -> AsyncIterator[tuple[Load, httpx.AsyncClient]]:
    headers = {"Authorization": f"Bearer {key}"}
    url = stack.env["MARKETPLACE_URL"]
    async with (
        Load(stack.env, key) as load,
        httpx.AsyncClient(base_url=url, headers=headers, timeout=PATIENCE_S) as client,
    ):
        yield load, client


async def send(client: httpx.AsyncClient, document: bytes, **data: str) -> httpx.Response:
    fields = {"channels": "shopee,amazon", **data}
    return await client.post(f"{PATH}/upload", files={"file": ("erp.csv", document)}, data=fields)


async def figures_of(load: Load, client: httpx.AsyncClient, plan: str) -> dict[str, dict[str, float]]:
    """Return the figures of each channel of a plan, once people can decide on it."""
    assert await load.wait([plan], ["awaiting_approval"], within_s=PATIENCE_S) == 1
    found: dict[str, Any] = (await client.get(f"{PATH}/{plan}/figures")).json()
    return {
        one["channel"]: {figure["metric"]: figure["value"] for figure in one["figures"]} for one in found["channels"]
    }


async def test_an_upload_that_is_answered_becomes_a_plan_with_its_figures(stack: Stack, key: str) -> None:
    async with system(stack, key) as (load, client):
        asked = await send(client, body("A"))
        assert (asked.status_code, asked.json()["type"]) == (422, "/docs#channel-not-told")
        answer = await send(client, body("A"), unnamed="amazon")
        assert answer.status_code == 202, answer.text
        plan = answer.json()["planId"]
        found = await figures_of(load, client, plan)

        assert list(found) == ["amazon"]
        own = found["amazon"]
        assert own["revenue"] == pytest.approx(revenue())
        assert (own["orders"], own["cancellation_rate"]) == (108, 0.1)
        assert own["units"] == sum(units for _, _, units, status in SALES if status != "Cancelado")
        assert own["refunds"] == pytest.approx(sum(p * u for _, p, u, s in SALES if s == "Devolvido"))
        detail = (await client.get(f"{PATH}/{plan}")).json()
        seen = {one["channel"]: bool(one["opportunities"]) for one in detail["channelResults"]}
        assert seen == {"amazon": True, "shopee": False}, "the rules saw the returns, and nothing for Shopee"

        # the word is kept with the header: the next file is not asked about
        later = await send(client, body("B"))
        assert later.status_code == 202, later.text
        assert (await figures_of(load, client, later.json()["planId"]))["amazon"]["orders"] == 108
        await nothing_is_amiss(stack)


async def test_rows_that_name_none_beside_some_that_do_become_a_plan_of_their_own(stack: Stack, key: str) -> None:
    named = dict.fromkeys(range(1, 21), "Shopee")
    async with system(stack, key) as (load, client):
        answer = await send(client, body("C", named))
        assert answer.status_code == 202, answer.text
        plan = answer.json()["planId"]
        found = await figures_of(load, client, plan)
        assert {name: own.get("revenue") for name, own in found.items() if own} == {
            "shopee": pytest.approx(revenue(set(named)))
        }
        told = (await client.get(f"{PATH}/{plan}/figures")).json()["unnamed"]
        assert (told["rows"], told["revenue"]) == (100, pytest.approx(revenue() - revenue(set(named))))

        said = await client.post(f"{PATH}/{plan}/channels", json={"unnamed": "magalu"})
        assert said.status_code == 202, said.text
        made = await figures_of(load, client, said.json()["planId"])
        assert made["magalu"]["revenue"] == pytest.approx(revenue() - revenue(set(named)))
        detail = (await client.get(f"{PATH}/{said.json()['planId']}")).json()
        assert [one["channel"] for one in detail["channelResults"]] == ["magalu"], "the plan is of these sales alone"
        again = await client.post(f"{PATH}/{plan}/channels", json={"unnamed": "amazon"})
        assert (again.status_code, again.json()["type"]) == (409, "/docs#duplicate"), "once"
        await nothing_is_amiss(stack)


async def nothing_is_amiss(stack: Stack) -> None:
    settings = Settings.from_env(stack.env)
    assert (await verify(settings)).problems == []
    assert (await Rebuild(settings, wait_for_codec(settings.registry_url)).run(check=True)).problems == []
