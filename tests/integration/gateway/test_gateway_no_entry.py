"""While the database lets nobody in, callers are told to come again, and no failure is counted."""

from __future__ import annotations

import asyncpg
import httpx
import pytest

from local.postgres import Postgres

CUT = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1"


@pytest.mark.parametrize(
    ("shut", "open_again"),
    [
        ("alter database {0} allow_connections false", "alter database {0} allow_connections true"),
        ("alter database {0} rename to {1}", "alter database {1} rename to {0}"),
    ],
    ids=["closed", "renamed"],
)
async def test_a_request_is_told_to_come_again(
    api: httpx.AsyncClient, database_url: str, postgres: Postgres, shut: str, open_again: str
) -> None:
    plans = "/api/marketplace/analysis"
    assert (await api.get(plans)).status_code == 200
    name = database_url.rpartition("/")[2].partition("?")[0]
    names = f'"{name}"', f'"{name}_moved"'
    server = await asyncpg.connect(postgres.url)
    try:
        # closed while its connections are cut: the gateway would be back before the next statement
        await server.execute(f'alter database "{name}" allow_connections false')
        await server.fetch(CUT, name)
        await server.execute(f'alter database "{name}" allow_connections true')
        await server.execute(shut.format(*names))
        refused = [await api.get(plans) for _ in range(3)]
        await server.execute(open_again.format(*names))
    finally:
        await server.close()

    assert [(answer.status_code, answer.headers.get("Retry-After")) for answer in refused] == [(503, "2")] * 3
    assert (await api.get(plans)).status_code == 200
