"""Uploads that arrive have so much room at a time, in all and for each caller; what has none changes nothing."""

from __future__ import annotations

import httpx

from gateway.access.limits import parse_limits
from gateway.settings import Settings
from tests.integration.gateway.gateway_running import OFF, Running, contents, serving
from tests.integration.gateway.test_gateway_uploads import CHANNEL, part, raw, send
from tests.support.patience import PATIENCE_S, until

ROOM = 40_000


async def test_uploads_under_way_leave_room_for_others_and_are_refused_beyond_it(
    gateway: Running, database_url: str
) -> None:
    settings = Settings(
        database_url=database_url,
        limits=OFF,
        max_upload_bytes=100_000,
        upload_bytes_at_once=2 * ROOM - 10_000,
        upload_bytes_of_one=ROOM,
    )
    begun = CHANNEL + part("file", b"a;b\n" * 7_500, "a.csv")  # 30,000 bytes, and more would follow
    keys = gateway.keys
    async with serving(settings) as (url, app), httpx.AsyncClient(base_url=url, timeout=PATIENCE_S) as client:
        before = await contents(gateway.pool)

        async def sent(role: str, size: int) -> httpx.Response:
            client.headers["authorization"] = f"Bearer {keys[role]}"
            return await send(client, b"x;y\n" * (size // 4))

        async with raw(url, keys["analyst"], 90_000 // 3 + 9_000) as (_, one):
            one.write(begun)
            await until(lambda: app.state.services.uploads.taken >= 30_000)
            own = await sent("analyst", 20_000)
            assert (own.status_code, own.json()["limit"], own.json()["code"]) == (
                429,
                "upload-bytes",
                "upload-bytes-of-one",
            )
            assert int(own.headers["retry-after"]) > 0
            async with raw(url, keys["operator"], None) as (_, other):
                other.write(f"{len(begun):x}\r\n".encode() + begun + b"\r\n")
                await until(lambda: app.state.services.uploads.taken >= 60_000)
                third = await sent("admin", 20_000)
                assert (third.status_code, third.json()["code"]) == (503, "upload-bytes")
                assert int(third.headers["retry-after"]) > 0
        await until(lambda: app.state.services.uploads.taken == 0)
        assert await contents(gateway.pool) == before
        client.headers["authorization"] = f"Bearer {keys['analyst']}"
        assert (await send(client)).status_code == 202
    assert app.state.services.uploads.taken == 0


async def test_who_goes_on_and_on_beyond_his_room_is_limited_soon(gateway: Running, database_url: str) -> None:
    """What is sent of a refused upload costs others time, so each counts as five of the limit of uploads."""
    limits = parse_limits("uploads=0.001/8")
    settings = Settings(database_url=database_url, limits=limits, max_upload_bytes=100_000, upload_bytes_of_one=ROOM)
    async with serving(settings) as (url, _), httpx.AsyncClient(base_url=url, timeout=PATIENCE_S) as client:
        client.headers["authorization"] = f"Bearer {gateway.keys['analyst']}"
        told = [(await send(client, b"x;y\n" * 12_000)).json()["limit"] for _ in range(5)]
    assert (told[0], told[-1]) == ("upload-bytes", "uploads")


async def test_what_grows_beyond_its_room_is_refused_as_it_arrives(gateway: Running, database_url: str) -> None:
    settings = Settings(database_url=database_url, limits=OFF, max_upload_bytes=100_000, upload_bytes_of_one=ROOM)
    async with serving(settings) as (url, app), raw(url, gateway.keys["analyst"], None) as (reader, writer):
        body = CHANNEL + part("file", b"1;2\n" * 15_000, "a.csv")  # of no announced length
        writer.write(f"{len(body):x}\r\n".encode() + body + b"\r\n")
        await writer.drain()
        assert (await reader.readline()).split()[1] == b"429"
        await until(lambda: app.state.services.uploads.taken == 0)
