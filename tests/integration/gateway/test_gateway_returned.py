"""A document of returns alone over HTTP: the channel's next sales are joined with it, until it is erased."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_erasure import erase
from tests.integration.gateway.test_gateway_goods import UPLOAD, facts_of, send
from tests.integration.gateway.test_gateway_teams import person, team


class Shop:
    def __init__(self) -> None:
        self.mark = uuid4().hex[:8].upper()

    def sales(self) -> bytes:
        rows = [f"{self.mark}{n};{n % 28 + 1:02d}/03/2026;S-{n % 2};1;{n + 10},00" for n in range(20)]
        return "\n".join(["Pedido;Data;SKU;Quantidade;Valor total", *rows]).encode()

    def returns(self) -> bytes:
        rows = [f"{self.mark}{n};S-{n % 2};0{n + 1}/04/2026;1;O tamanho não serviu" for n in range(4)]
        return "\n".join(["Pedido;SKU;Data da devolução;Quantidade devolvida;Motivo da devolução", *rows]).encode()


async def uploaded(api: httpx.AsyncClient, body: bytes, name: str, **more: str) -> str:
    taken = await send(api, UPLOAD, body, name, channels="magalu", **more)
    assert taken.status_code == 202, taken.text
    plan_id: str = taken.json()["planId"]
    return plan_id


async def back(gateway: Running, plan_id: str) -> list[dict[str, Any]]:
    (own,) = (await facts_of(gateway, plan_id))["channels"]
    return [one for one in own["figures"] if one["metric"] == "returns_by_cause"]


async def test_returns_complete_the_channels_next_sales_and_both_plans_say_so(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    shop = Shop()
    before = await uploaded(api, shop.sales(), "vendas.csv")
    returns = await uploaded(api, shop.returns(), "devolucoes.csv")
    after = await uploaded(api, shop.sales(), "vendas.csv")  # no duplicate: it leads to other figures

    assert await back(gateway, before) == []
    (figure,) = await back(gateway, after)
    assert (figure["value"], figure["detail"]["causes"]["size"]["rows"]) == (4, 4)
    assert figure["detail"]["returned_by"]["magalu"]["plan_id"] == returns
    kept = await facts_of(gateway, returns)
    assert "Devoluções de Magalu (4 linhas" in " ".join(kept["warnings"])
    assert "returned" not in kept
    (own,) = (await facts_of(gateway, after))["channels"]
    assert "4 de 20 pedidos estão no documento de devoluções" in " ".join(own["warnings"])
    await seed.add_plan(gateway.pool, plan_id=UUID(after), channels=("magalu",), head=False)
    page = (await api.get(f"/plans/{after}/figures/magalu/returns_by_cause")).text
    assert f"/plans/{returns}" in page

    await gateway.pool.execute("delete from flow.deadline where plan_id = $1", UUID(returns))
    assert (await erase(api, UUID(returns))).status_code == 202
    assert await back(gateway, after) == []
    assert await gateway.pool.fetchval("select count(*) from decide.channel_returned where plan_id = $1", returns) == 0


async def test_another_teams_returns_are_none_of_it(gateway: Running, api: httpx.AsyncClient) -> None:
    shop = Shop()
    async with await person(gateway, "ivo") as ivo:
        await team(api, "Team of Ivo", "ivo")
        await uploaded(ivo, shop.returns(), "devolucoes.csv")
        nobodys = await uploaded(api, shop.sales(), "vendas.csv")
        own = await uploaded(ivo, shop.sales(), "vendas.csv")

    assert await back(gateway, nobodys) == []
    assert len(await back(gateway, own)) == 1
