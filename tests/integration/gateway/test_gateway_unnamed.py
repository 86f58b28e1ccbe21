"""Sales that name no channel: a person says once whose those of a document are, and a plan is made of them."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from gateway.uploads.upload_team import team_of
from projections.reads.rows import Reader
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running, contents, one_row
from tests.integration.gateway.test_gateway_teams import person, team

PATH = "/api/marketplace/analysis"
HEAD = "Pedido;Data;SKU;Produto;Quantidade;Valor total"


def sales(mark: str = "") -> bytes:
    """Three sales, R$ 109.60 in all, that name no channel; of a header and a product of their own."""
    mark = mark or f"m{uuid4().hex[:8]}"
    rows = (
        f"1;01/04/2026;{mark};Caneca;20;59,80;\n2;02/04/2026;A2;Prato;1;19,90;\n3;03/04/2026;{mark};Caneca;1;29,90;\n"
    )
    return f"{HEAD};obs_{mark}\n{rows}".encode()


async def send(api: httpx.AsyncClient, body: bytes | None = None, **data: Any) -> httpx.Response:
    fields = {"channels": "shopee,amazon", **data}
    return await api.post(f"{PATH}/upload", files={"file": ("erp.csv", body or sales())}, data=fields)


async def uploaded(gateway: Running, api: httpx.AsyncClient, body: bytes | None = None, **data: Any) -> UUID:
    """A plan that is there for people, whose document's sales name no channel."""
    answer = await send(api, body, anyway="true", **data)
    assert answer.status_code == 202, answer.text
    plan_id = UUID(answer.json()["planId"])
    await seed.add_plan(gateway.pool, plan_id=plan_id, status="awaiting_approval", head=False)
    return plan_id


async def say(api: httpx.AsyncClient, plan_id: UUID, channel: str, **headers: str) -> httpx.Response:
    return await api.post(f"{PATH}/{plan_id}/channels", json={"unnamed": channel}, headers=headers)


async def told_of(api: httpx.AsyncClient, plan_id: UUID) -> Any:
    return (await api.get(f"{PATH}/{plan_id}/figures")).json()["unnamed"]


async def test_one_answer_makes_a_plan_of_them(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await uploaded(gateway, api)
    asked = await told_of(api, plan_id)
    answer = await say(api, plan_id, "shopee")
    assert answer.status_code == 202, answer.text
    made = answer.json()["planId"]

    assert (asked["rows"], asked["revenue"], asked["currency"], asked["channel"]) == (3, 109.6, "BRL", None)
    assert {"shopee", "own_store", "magalu"} <= set(asked["channels"])
    assert (await seed.upload_of(gateway.pool, made))["channels"] == ["shopee"]
    kept = await one_row(gateway.pool, "select facts, channels from decide.document where plan_id = $1", UUID(made))
    facts = orjson.loads(kept["facts"])
    [own] = facts["channels"]
    assert (kept["channels"], own["channel"], facts["unnamed"]) == (["shopee"], "shopee", None)
    assert next(f["value"] for f in own["figures"] if f["metric"] == "revenue") == 109.6
    assert facts["tables"][0]["told_channel"] == "shopee"
    sold = await one_row(gateway.pool, "select channel from decide.channel_sold where plan_id = $1", UUID(made))
    assert sold["channel"] == "shopee"
    told = await told_of(api, plan_id)
    assert (told["channel"], told["madePlanId"]) == ("shopee", made)
    kept = await one_row(gateway.pool, "select answered_at from decide.unnamed_answer where plan_id = $1", plan_id)
    assert asked["answeredAt"] is None
    assert datetime.fromisoformat(told["answeredAt"]) == kept["answered_at"]
    said = await one_row(
        gateway.pool, "select actor, after from audit.entry where plan_id = $1 and action = 'plan.upload'", UUID(made)
    )
    after = orjson.loads(said["after"])
    assert (said["actor"], after["unnamed"], after["of_plan"]) == ("the admin", "shopee", str(plan_id))


async def test_of_answers_at_once_one_counts(gateway: Running, api: httpx.AsyncClient) -> None:
    """The same answer is the same plan; another one is refused, and leads to that plan."""
    plan_id = await uploaded(gateway, api)
    answers = await asyncio.gather(*(say(api, plan_id, one) for one in ("shopee", "amazon", "shopee", "magalu")))

    assert sorted(one.status_code for one in answers) == [202, 409, 409, 409]
    assert len({one.json()["planId"] for one in answers}) == 1
    made = await gateway.pool.fetchval(
        "select count(*) from decide.document d join decide.document o using (sha256) where o.plan_id = $1", plan_id
    )
    assert made == 2  # its own, and one other
    late = await say(api, plan_id, "shein")
    assert (late.status_code, late.json()["type"]) == (409, "/docs#duplicate")
    assert "were said to be of" in late.json()["detail"]


async def test_a_key_gives_the_first_answer_again(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id, key = await uploaded(gateway, api), {"Idempotency-Key": uuid4().hex}
    first, again = [await say(api, plan_id, "shopee", **key) for _ in range(2)]
    other = await say(api, plan_id, "amazon", **key)

    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert (other.status_code, other.json()["type"]) == (422, "/docs#key-reused")


async def test_another_answer_counts_once_the_plan_of_the_first_is_given_up(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    plan_id = await uploaded(gateway, api)
    wrong = UUID((await say(api, plan_id, "shopee")).json()["planId"])
    refused = await say(api, plan_id, "amazon")
    await gateway.pool.execute("update decide.head set status = 'cancelled' where plan_id = $1", wrong)
    open_again = await told_of(api, plan_id)
    right = await say(api, plan_id, "amazon")

    assert (refused.status_code, refused.json()["planId"]) == (409, str(wrong))
    assert open_again["channel"] is None
    assert right.status_code == 202, right.text
    assert (await told_of(api, plan_id))["channel"] == "amazon"


async def test_what_cannot_be_said_is_refused(gateway: Running, api: httpx.AsyncClient) -> None:
    named = f"{HEAD};Canal\n1;01/04/2026;{uuid4().hex[:6]};Caneca;2;59,80;Shopee\n".encode()
    plan_id = await uploaded(gateway, api)
    other = await uploaded(gateway, api, named)
    before = await contents(gateway.pool)

    for body in ({"unnamed": "ebay"}, {"unnamed": "shopee", "channels": ["amazon"]}, {"unnamed": None}, {}):
        assert (await api.post(f"{PATH}/{plan_id}/channels", json=body)).status_code == 422, body
    none = await say(api, other, "amazon")
    assert (none.status_code, none.json()["errors"][0]["path"]) == (422, "unnamed")
    assert (await say(api, uuid4(), "amazon")).status_code == 404
    async with gateway.client("viewer") as viewer:
        assert (await say(viewer, plan_id, "shopee")).status_code == 403
    assert await contents(gateway.pool) == before


async def test_nothing_is_made_of_what_is_erased_meanwhile(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_id = await uploaded(gateway, api)
    await gateway.pool.execute("delete from flow.deadline where plan_id = $1", plan_id)

    async def erased_before(db: Reader, of: UUID) -> str | None:
        answer = await api.post(f"{PATH}/{of}/erasure", json={"reason": "pedido do titular"})
        assert answer.status_code == 202, answer.text
        return await team_of(db, of)

    monkeypatch.setattr("gateway.uploads.other_channels.team_of", erased_before)
    assert (await say(api, plan_id, "shopee")).status_code == 404
    assert not await gateway.pool.fetchval(
        "select exists (select from decide.unnamed_answer where plan_id = $1)", plan_id
    )


async def test_only_who_sees_the_plan_can_say_it(gateway: Running, api: httpx.AsyncClient) -> None:
    """The plan that is made is the team's, as the document is."""
    async with await person(gateway, "ugo") as ugo, await person(gateway, "una") as una:
        mine = await team(api, "Team of Ugo", "ugo")
        await team(api, "Team of Una", "una")
        plan_id = await uploaded(gateway, ugo)
        strange = await say(una, plan_id, "shopee")
        answer = await say(ugo, plan_id, "shopee")
        seen = await told_of(ugo, plan_id)

    assert strange.status_code == 404
    assert answer.status_code == 202, answer.text
    assert seen["madePlanId"] == answer.json()["planId"]
    of = [await team_of(gateway.pool, one) for one in (plan_id, UUID(answer.json()["planId"]))]
    assert of == [mine, mine]
