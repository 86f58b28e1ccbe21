"""Faust as the host of the handlers, and no more: it brings bytes; guard and producer are ours."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import faust
from aiokafka import AIOKafkaConsumer
from faust.auth import OAuthCredentials
from yarl import URL

from schemas.process.broker_login import Login
from schemas.process.kafka import METADATA_MAX_AGE_MS, client_of
from schemas.topics import AGENTS, PLAN_EVENTS, REDELIVER
from streams.broker.records import Incoming
from streams.guard.guard import Guard
from streams.hosts.faust_commit import check_version
from streams.hosts.faust_fetch import QuickTransport
from streams.settings import Settings

#: A group's members may take so long to give their partitions back; handlers are bounded far below it.
REBALANCE_TIMEOUT_S = 20.0
#: How often a host that is paused looks whether it still is.
PAUSED_S: Final = 0.2


class Host(faust.App):
    """A Faust app that keeps nothing on the disk: it has no tables."""

    async def on_first_start(self) -> None:
        """Make no folders for tables, as Faust does where the process was started: a container's may be read-only."""


async def _stay() -> None:
    """Leave nothing: the host is never paused."""


def build(
    settings: Settings,
    guard: Guard,
    paused: Callable[[], bool] = lambda: False,
    leave: Callable[[], Awaitable[None]] = _stay,
) -> faust.App:
    """Return the Faust app whose one agent hands plan events and redelivered records to the guard.

    While `paused` says so, nothing is handed on. Told to stop then, Faust would wait for ever for the record that
    waits here: `leave` is called instead, and ends the process. Nothing that was not done is acknowledged.
    """
    check_version()
    brokers = [URL(f"kafka://{b.strip()}") for b in settings.brokers.servers.split(",")]
    app = Host(
        AGENTS,
        broker=brokers,
        broker_client_id=client_of(AGENTS),
        broker_credentials=_credentials(settings.brokers.login),
        autodiscover=False,
        store="memory://",
        value_serializer="raw",
        key_serializer="raw",
        consumer_auto_offset_reset="earliest",
        consumer_metadata_max_age_ms=METADATA_MAX_AGE_MS,
        broker_session_timeout=settings.session_timeout_s,
        broker_heartbeat_interval=min(1.0, settings.session_timeout_s / 4),
        broker_rebalance_timeout=REBALANCE_TIMEOUT_S,
        broker_request_timeout=max(40.0, REBALANCE_TIMEOUT_S + 5),
        broker_commit_interval=0.5,
        broker_commit_every=5000,
        stream_buffer_maxsize=16384,
        stream_wait_empty=True,
        cython_optimizations=True,
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        web_enabled=False,
        worker_redirect_stdouts=False,
    )
    transport = app.transport = QuickTransport(brokers, app, loop=app.loop)
    transport.concerns = guard.concerns
    transport.wants = guard.wants
    topic = app.topic(
        PLAN_EVENTS, REDELIVER, value_type=bytes, value_serializer="raw", key_type=bytes, key_serializer="raw"
    )

    # noack: a record is acknowledged by the guard, when all that follows from it is in the log. concurrency=1: the
    # records of a partition stay in order.
    @app.agent(topic, concurrency=1, name=AGENTS)
    async def agents(stream: Any) -> None:
        own = stream.noack()
        async for event in own.events():
            while paused():
                if app.should_stop:
                    await leave()
                await asyncio.sleep(PAUSED_S)
            await guard.submit(_incoming(own, event))

    return app


def _credentials(login: Login) -> faust.SSLCredentials | faust.SASLCredentials | OAuthCredentials | None:
    """Return how Faust's own clients speak to the brokers: as ours do."""
    if login.tokens is not None:
        return OAuthCredentials(oauth_cb=login.tokens, ssl_context=login.tls)
    if login.named:
        return faust.SASLCredentials(
            username=login.user, password=login.password, ssl_context=login.tls, mechanism=login.mechanism
        )
    return None if login.tls is None else faust.SSLCredentials(login.tls)


def consumer_of(app: faust.App) -> AIOKafkaConsumer | None:
    """Return the client that fetches for an app; None while there is none."""
    consumer: Any = app._consumer  # noqa: SLF001 - the property would make one
    return None if consumer is None else consumer._thread._consumer  # noqa: SLF001 - Faust has no way to it


def _incoming(stream: Any, event: Any) -> Incoming:
    message = event.message

    def ack() -> None:
        # what Stream.ack does, without its coroutine: the bookkeeping of Faust's sensors included
        if event.ack():
            stream._on_message_out(message.tp, message.offset, message)  # noqa: SLF001

    return Incoming(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        timestamp_ms=int((message.timestamp or 0) * 1000),
        key=message.key,
        value=message.value,
        headers=list(message.headers or ()),
        ack=ack,
    )
