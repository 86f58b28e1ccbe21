"""A row in the outbox that nobody decided stands in the way of a decision: whichever it is, the row is judged."""

from __future__ import annotations

from uuid import UUID, uuid4

import httpx
import pytest

from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running

COSTS = "/api/marketplace/costs"


async def planted(gateway: Running, stream: str, version: int) -> int:
    """Write a row as somebody does who has the password of a database user. It claims to be published."""
    seq: int = await gateway.pool.fetchval(
        "insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,"
        " correlation_id, actor, data, published_at)"
        " values (gen_random_uuid(), 'plan.events', 'k', 'plan.erased', $1, $2, 1, 'c', 'k', 'm', '{}', 'infinity')"
        " returning seq",
        stream,
        version,
    )
    return seq


async def decide(api: httpx.AsyncClient, plan_id: UUID, what: str) -> httpx.Response:
    if what == "costs":
        costs = f"SKU;Custo unitário;Moeda\nX-{uuid4().hex[:6]};12,50;BRL\n".encode()
        return await api.post(COSTS, files={"file": ("custos.csv", costs)})
    return await api.post(f"/api/marketplace/analysis/{plan_id}/erasure", json={"reason": "pedido do titular"})


@pytest.mark.parametrize("what", ["erasure", "costs"])
async def test_a_decision_of_any_kind_has_it_judged(gateway: Running, api: httpx.AsyncClient, what: str) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    goods: int = await gateway.pool.fetchval("select version from decide.goods")
    seq = await planted(gateway, *(("goods", goods + 1) if what == "costs" else (f"erasure-{plan_id}", 1)))

    refused = await decide(api, plan_id, what)

    assert (refused.status_code, "`marketplace outbox list`" in refused.json()["detail"]) == (503, True)
    assert await gateway.pool.fetchval("select published_at is null from decide.outbox where seq = $1", seq)
    await gateway.pool.execute("delete from decide.outbox where seq = $1", seq)
    assert (await decide(api, plan_id, what)).is_success
