"""Sessions that processes keep: they end soon after their host vanished, and plan what they ask once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from gateway.outbox import session
from projections.run.connections import connect
from schemas.process.heartbeat import heartbeat
from schemas.process.sessions import VANISHED_S
from streams.watchdog import watch


def of_heartbeat(url: str) -> Any:
    return heartbeat(url, "worker", dict, deaf_after_s=15.0)._connect()


@pytest.mark.parametrize(
    "open_",
    [session.connect, lambda url: connect(url, "rm"), watch.connect, of_heartbeat],
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


#: Left to itself, Postgres makes a plan of their own for the first rows at least, and for few rows goes on with it.
FEW_ROWS = """
    update flow.deadline d set check_from = v.at from unnest($1::uuid[], $2::timestamptz[]) v (plan_id, at)
     where d.plan_id = v.plan_id"""


@pytest.mark.parametrize(
    ("open_", "anew"),
    [(session.connect, False), (asyncpg.connect, True)],
    ids=["relay", "left to itself"],
)
async def test_what_is_asked_again_and_again_is_planned_once(
    database_url: str, open_: Callable[[str], Any], anew: bool
) -> None:
    connection: asyncpg.Connection = await open_(database_url)
    try:
        statement = await connection.prepare(FEW_ROWS)
        for _ in range(9):
            await statement.fetch([uuid4()], [datetime.now(UTC)])
        found = await connection.fetchval(
            "select custom_plans > 0 from pg_prepared_statements where statement = $1", FEW_ROWS
        )
    finally:
        await connection.close()
    assert found == anew
