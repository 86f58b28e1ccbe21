"""Every session that holds a lock for its process ends soon after the process's host vanished."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import pytest

from gateway.outbox import relay
from gateway.running import liveness_of as gateway_liveness
from gateway.settings import Settings as GatewaySettings
from projections.__main__ import liveness_of as projections_liveness
from projections.run.connections import connect
from projections.settings import Settings as ProjectionsSettings
from schemas.process.kafka import Brokers
from schemas.process.liveness import Liveness
from schemas.process.sessions import VANISHED_S
from streams.hosts.liveness import liveness_of as streams_liveness
from streams.settings import Settings as StreamsSettings
from streams.watchdog import watch


def of_gateway(url: str) -> Any:
    settings = GatewaySettings.from_env({"MARKETPLACE_DATABASE_URL": url})
    return _beat(gateway_liveness(settings, cast("Any", SimpleNamespace())))


def of_projections(url: str) -> Any:
    return _beat(projections_liveness(ProjectionsSettings(Brokers(""), "", url), cast("Any", SimpleNamespace())))


def of_streams(url: str) -> Any:
    settings = cast("StreamsSettings", SimpleNamespace(database_url=url, deaf_after_s=15.0))
    return _beat(streams_liveness(settings, "worker", dict))


def _beat(liveness: Liveness) -> Any:
    return liveness._connect()


@pytest.mark.parametrize(
    "open_",
    [relay.connect, lambda url: connect(url, "rm"), watch.connect, of_gateway, of_projections, of_streams],
    ids=["relay", "leases", "watchdog", "gateway", "projections", "streams"],
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
