"""A process that ended counts as noticed when the system has said so, not when one could have seen it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest

from local.chaos.signs import Signs
from schemas.process.liveness import GONE
from tests.support.patience import PATIENCE_S


async def test_only_what_the_watchdog_has_said_counts_as_a_sign_that_a_process_is_gone(
    new_migrated: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await new_migrated()
    stack: Any = SimpleNamespace(env={"MARKETPLACE_DATABASE_URL": url}, state=SimpleNamespace(processes={}))
    signs = Signs(stack, "key")
    connection = await asyncpg.connect(url)
    looking = None
    try:
        await signs.arm()
        # nobody holds the lock of this one: anyone could see that, and nobody has said it
        killed, ended = [
            await connection.fetchval("select flow.worker_start($1, $1, 'h', 1, 0, 'v')", role)
            for role in ("projections", "runner")
        ]
        await connection.execute("update flow.worker set beat_at = now() - interval '1 minute'")
        await connection.execute("select flow.worker_stop($1, 'told to stop')", ended)
        looks: list[asyncpg.Record] = []
        read = signs._read

        def counted(row: asyncpg.Record, asked_at: float) -> None:
            read(row, asked_at)
            looks.append(row)

        monkeypatch.setattr(signs, "_read", counted)
        looking = asyncio.create_task(signs._database())
        async with asyncio.timeout(PATIENCE_S):
            while len(looks) < 3:
                await asyncio.sleep(0.02)
        assert signs.first == {}

        await connection.execute("select flow.worker_stop($1, $2)", killed, GONE)

        async with asyncio.timeout(PATIENCE_S):
            while not signs.first:
                await asyncio.sleep(0.02)
        assert list(signs.first) == ["watchdog: projections gone"]
    finally:
        if looking is not None:
            looking.cancel()
        await connection.close()
