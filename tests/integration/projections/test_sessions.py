"""Every session that holds a lock for its process ends soon after the process's host vanished."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from gateway.outbox import relay
from projections.run.connections import connect
from schemas.process.heartbeat import heartbeat
from schemas.process.sessions import VANISHED_S
from streams.watchdog import watch


def of_heartbeat(url: str) -> Any:
    return heartbeat(url, "worker", dict, deaf_after_s=15.0)._connect()


@pytest.mark.parametrize(
    "open_",
    [relay.connect, lambda url: connect(url, "rm"), watch.connect, of_heartbeat],
    ids=["relay", "leases", "watchdog", "heartbeat"],
)
async def test_a_vanished_host_keeps_its_locks_for_seconds(postgres_url: str, open_: Callable[[str], Any]) -> None:
    connection: asyncpg.Connection = await open_(postgres_url)
    try:
        names = ("idle", "interval", "count")
        idle, interval, count = [int(await connection.fetchval(f"show tcp_keepalives_{name}")) for name in names]
        unanswered = await connection.fetchval("select setting::int from pg_settings where name = 'tcp_user_timeout'")
    finally:
        await connection.close()

    assert 0 < idle + interval * count == VANISHED_S <= 15
    assert unanswered == VANISHED_S * 1000
