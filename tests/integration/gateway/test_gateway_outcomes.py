"""What came of plans, over HTTP and on the pages, as the read model has it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import orjson
import pytest

from projections.rows import Recorded
from projections.run.connections import connect
from projections.run.writer import rows_of, write
from schemas.events import Event
from tests.contract.golden import EXAMPLES
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.gateway_seed import NOW, add_channel, add_plan

EXAMPLE: dict[str, Any] = orjson.loads((EXAMPLES / "plan.channel.compared.v1.json").read_bytes())
ENVELOPE = ("event_id", "stream", "version", "occurred_at", "causation_id", "correlation_id", "actor")


@pytest.fixture
async def pair(database_url: str, pool: asyncpg.Pool) -> tuple[UUID, UUID]:
    """Return a completed plan, and the later plan whose document measured its outcome."""
    before, after = [await add_plan(pool, status=status) for status in ("completed", "awaiting_approval")]
    data = {name: value for name, value in EXAMPLE.items() if name not in ENVELOPE} | {"plan_id": str(after)}
    data["bridge"] = data["bridge"] | {"plan_id": str(before)}
    data["proof"] = data["proof"] | {"plan_id": str(before)}
    event = Event(
        "plan.channel.compared", str(uuid4()), f"comparison-{after}.mercado_livre", 1, 1, "c", str(after), "a", data
    )
    connection = await connect(database_url, "rm")
    try:
        await write(connection, rows_of(Recorded(event, "plan.events", 0, 0, NOW, None)), [], [])
    finally:
        await connection.close()
    return before, after


async def test_both_plans_tell_what_came_of_the_first(api: httpx.AsyncClient, pair: tuple[UUID, UUID]) -> None:
    before, after = pair
    earlier, later = [
        (await api.get(f"/api/marketplace/analysis/{plan}/outcomes")).raise_for_status().json() for plan in pair
    ]

    assert (earlier["changes"], earlier["earlier"], earlier["awaited"]) == ([], [], [])
    assert earlier["later"] == later["earlier"]
    assert [(o["verdict"], o["planId"], o["measuredBy"]) for o in later["earlier"]] == [
        ("improved", str(before), str(after)),
        ("unknown", str(before), str(after)),
    ]
    [change] = later["changes"]
    assert change["bridge"]["steps"][5] == {"kind": "shipping", "amount": None, "others": None, "parts": []}
    rates = (await api.get("/api/marketplace/hit-rates")).raise_for_status().json()["items"]
    assert {r["analyst"]: r["rate"] for r in rates} == {"returns": 1.0, "price-gap": None}


BY_MONTH = (
    "O documento anterior é de 90 dias (01/01/2026 a 31/03/2026), este de 120 (01/01/2026 a 30/04/2026): somas de"
    " períodos tão diferentes não são comparadas. No que deu o plano anterior é medido por um envio que comece"
    " depois de 31/03/2026. O último mês inteiro de cada um é: receita de R$ 50.000,00 em mar. de 2026 para"
    " R$ 54.200,00 em abr. de 2026."
)


@pytest.mark.parametrize(
    ("unlike", "bridge", "said"),
    [
        ({"why": "days", "days_in_both": 90}, {"month_before": "2026-03", "month_after": "2026-04"}, BY_MONTH),
        ({"why": "days", "days_in_both": 0}, None, "Nem os meses: nenhum mês inteiro"),
        ({"why": "currency", "days_in_both": 0}, None, "Não se sabe se o documento anterior e este estão na mesma"),
        ({"why": "revenue", "days_in_both": 0}, None, "O documento anterior ou este não traz receita"),
    ],
)
async def test_documents_of_unlike_days_say_so_and_compare_their_months(
    gateway: Running, pair: tuple[UUID, UUID], unlike: dict[str, Any], bridge: dict[str, Any] | None, said: str
) -> None:
    before, after = pair
    told = {"plan_id": str(before), "first_day": "2026-01-01", "last_day": "2026-03-31", **unlike}
    await gateway.pool.execute(
        "update rm.comparison set first_day = '2026-01-01', last_day = '2026-04-30', not_compared = $2,"
        " bridge = bridge || $3::jsonb where plan_id = $1",
        after,
        orjson.dumps(told).decode(),
        None if bridge is None else orjson.dumps(bridge).decode(),
    )
    async with gateway.client(None, **{"accept-language": "pt-BR"}) as page:
        await page.post("/login", data={"key": gateway.keys["operator"]})
        shown = (await page.get(f"/plans/{after}")).text.partition('id="change-mercado_livre"')[2]
    shown = shown.partition("</section>")[0]
    text = " ".join(re.sub(r"<[^>]+>", " ", shown).replace("\xa0", " ").split())
    assert said in text
    assert ("Sobra agora" in text) is (bridge is not None)
    async with gateway.client("viewer") as api:
        [change] = (await api.get(f"/api/marketplace/analysis/{after}/outcomes")).json()["changes"]
    assert change["notCompared"]["why"] == unlike["why"]


async def test_a_plan_that_nobody_knows_has_none(api: httpx.AsyncClient) -> None:
    answer = await api.get(f"/api/marketplace/analysis/{uuid4()}/outcomes")
    assert (answer.status_code, answer.json()["type"].rpartition("#")[2]) == (404, "not-found")


async def test_an_approved_plan_says_from_when_on_it_can_be_measured(
    api: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    plan = await add_plan(pool, status="executing")
    await add_channel(pool, plan, "shopee")
    await pool.execute(
        "insert into decide.channel_period (plan_id, channel, first_day, last_day) values ($1, 'shopee', $2, $3)",
        plan,
        date(2026, 4, 1),
        date(2026, 4, 30),
    )
    found = (await api.get(f"/api/marketplace/analysis/{plan}/outcomes")).json()
    assert found["awaited"] == [{"channel": "shopee", "lastDay": "2026-04-30", "checkFrom": "2026-05-30"}]
