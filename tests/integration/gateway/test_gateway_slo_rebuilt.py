"""What a rebuild does to the objectives: counts come from events alone, the availability from what was seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from projections.rebuild import tables
from tests.integration.gateway.gateway_running import Running

SHADOW, OLD = "rm_of_this_test", "rm_before_this_test"


async def standings(api: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    found = (await api.get("/api/slo")).raise_for_status().json()["objectives"]
    return {one["name"]: one for one in found}


async def test_a_rebuild_counts_anew_from_the_log_and_leaves_the_availability(
    database_url: str, gateway: Running, api: httpx.AsyncClient
) -> None:
    """Here the log is empty, so read models that are made from it count nothing."""
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=2)
    await gateway.pool.execute(
        "insert into rm.slo_hour (hour, measure, partition, le_ms, n, last_at) values ($1, 'phase1', 0, 250, 200, $1)",
        hour,
    )
    await gateway.pool.execute(
        "insert into flow.marketplace_metrics (step, at, seen_s, down_s) values ('hour', $1, 3600, 36)", hour
    )
    before = await standings(api)
    assert (before["phase1"]["spent"]["total"], before["availability"]["spent"]) == (200, {"total": 3600, "bad": 36})
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await tables.create(connection, "rm", SHADOW)
        await tables.swap(connection, "rm", SHADOW, OLD)
    try:
        after = await standings(api)
    finally:
        async with connection.transaction():
            await tables.exchange(connection, "rm", OLD, SHADOW)
            await tables.drop(connection, OLD)
        await connection.close()
    assert (after["phase1"]["spent"]["total"], after["phase1"]["state"]) == (0, "unknown")
    assert after["availability"] == before["availability"]
    for name, one in before.items():
        assert ("rebuild leaves them" in one["measured"]) is (name == "availability")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("Only when the system could be used is measured by the alert engine", "a rebuild leaves them as they")),
        ("pt-BR", ("é medido pelo motor de alertas", "uma reconstrução os deixa como estão")),
    ],
)
async def test_the_page_says_what_the_availability_is_measured_from(
    gateway: Running, language: str, told: tuple[str, str]
) -> None:
    async with gateway.client(None, **{"accept-language": language}) as page:
        await page.post("/login", data={"key": gateway.keys["viewer"]})
        shown = (await page.get("/slo")).text
    assert [words for words in told if words not in shown] == []
