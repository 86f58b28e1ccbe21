"""Somebody is ended and erased, or a document is, while something of them is under way: nothing of it comes back."""

from __future__ import annotations

import asyncio
from uuid import UUID

import httpx
import pytest

from gateway.audit.texts import Writers
from gateway.uploads.upload_team import team_of
from projections.reads.rows import Reader
from schemas.written import ERASED, encrypted
from tests.integration.gateway.gateway_running import Running, contents, one_row
from tests.integration.gateway.test_gateway_erasing_people import erase, key_of, made
from tests.integration.gateway.test_gateway_figures import PATH, document
from tests.integration.gateway.test_gateway_uploads import CHANNEL, END, fresh, part, raw
from tests.support.patience import PATIENCE_S


async def ended_and_erased(api: httpx.AsyncClient, handle: str) -> None:
    assert (await api.delete(f"/api/people/{handle}")).status_code == 204
    assert (await erase(api, handle)).json()["outcome"] == "accepted"


async def test_an_upload_that_arrives_meanwhile_makes_no_plan(gateway: Running, api: httpx.AsyncClient) -> None:
    handle = await made(api)
    key = await key_of(api, handle)
    body = CHANNEL + part("file", fresh(), "Vendas da Ana.csv") + END
    async with raw(gateway.url, key, len(body)) as (reader, writer):
        writer.write(body[:-20])
        await writer.drain()
        used = "select last_used_at is not null from access.api_key k join access.person using (person_id)"
        async with asyncio.timeout(PATIENCE_S):
            while not await gateway.pool.fetchval(f"{used} where handle = $1", handle):
                await asyncio.sleep(0.01)  # the gateway knows who sends
        await ended_and_erased(api, handle)
        before = await contents(gateway.pool)
        writer.write(body[-20:])
        assert (await asyncio.wait_for(reader.readline(), PATIENCE_S)).split()[1] == b"401"

    assert await contents(gateway.pool) == before


async def test_what_a_gateway_that_knows_nothing_of_it_takes_is_read_by_nobody(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    """Another gateway has remembered the sign-in, and not the key of the texts."""
    handle = await made(api)
    await ended_and_erased(api, handle)

    text = encrypted("diz que sim", await Writers(gateway.pool).key(handle))

    assert (await one_row(gateway.pool, "select $1::text as text", text))["text"] == ERASED
    assert not await gateway.pool.fetchval(
        "select exists (select from decide.writer_key where actor = $1 and key is not null)", handle
    )


@pytest.mark.parametrize("what", ["document", "names"])
async def test_no_plan_for_other_channels_is_made_of_what_is_erased_meanwhile(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    plan_id = await document(gateway)
    await gateway.pool.execute("insert into decide.data_key (plan_id, key) values ($1, 'k')", plan_id)

    async def erased_before(db: Reader, of: UUID) -> str | None:
        """The figures and the title have been read by now."""
        if what == "document":
            answer = await api.post(f"{PATH}/{of}/erasure", json={"reason": "pedido do titular"})
            assert answer.status_code == 202, answer.text
        else:
            await gateway.pool.execute(
                "update decide.data_key set key = null, erased_at = now() where plan_id = $1", of
            )
        return await team_of(db, of)

    monkeypatch.setattr("gateway.uploads.other_channels.team_of", erased_before)
    answer = await api.post(f"{PATH}/{plan_id}/channels", json={"channels": ["amazon"]})

    assert answer.status_code == {"document": 404, "names": 503}[what], answer.text
    assert not await gateway.pool.fetchval(
        "select exists (select from decide.document where sha256 = $1 and plan_id <> $2)", plan_id.hex * 2, plan_id
    )
