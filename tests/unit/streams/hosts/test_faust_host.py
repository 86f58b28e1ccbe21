"""Faust as a host: it starts where nothing can be written, hands each record on once, and waits while it is paused."""

from __future__ import annotations

import asyncio
import errno
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import faust
import pytest
from aiokafka import TopicPartition
from faust.auth import OAuthCredentials

from schemas.process.broker_login import Login
from schemas.process.kafka import Brokers
from schemas.topics import AGENTS, PLAN_EVENTS, REDELIVER
from streams.broker.records import Incoming
from streams.guard.portion import Wants
from streams.hosts import faust_host
from streams.hosts.faust_host import Host, build, consumer_of
from streams.settings import Settings
from tests.support.patience import PATIENCE_S


@pytest.fixture
def read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every new folder, as a read-only file system does to anybody."""

    def refuse(self: Path, *_: Any, **__: Any) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)


@pytest.mark.usefixtures("read_only")
async def test_it_makes_no_folder() -> None:
    await Host("a", broker="memory://", store="memory://", web_enabled=False).on_first_start()


@pytest.mark.usefixtures("read_only")
async def test_faust_alone_would_not_begin() -> None:
    with pytest.raises(OSError, match="Read-only"):
        await faust.App("a", broker="memory://", store="memory://", web_enabled=False).on_first_start()


class Guard:
    """Takes records."""

    def __init__(self) -> None:
        self.got: list[Incoming] = []

    def wants(self) -> Wants:
        return "all"

    def concerns(self, headers: Any) -> bool:
        return True

    async def submit(self, incoming: Incoming) -> None:
        self.got.append(incoming)


class Event:
    """A record as Faust gives it to an agent. The second acknowledgement is none."""

    def __init__(self, offset: int, **said: Any) -> None:
        self.message = SimpleNamespace(
            **{
                "tp": TopicPartition(PLAN_EVENTS, 1),
                "topic": PLAN_EVENTS,
                "partition": 1,
                "offset": offset,
                "timestamp": 1.5,
                "key": b"plan",
                "value": b"v",
                "headers": [("ce_type", b"plan.approved")],
                **said,
            }
        )
        self._acked = False

    def ack(self) -> bool:
        first, self._acked = not self._acked, True
        return first


class Stream:
    """The stream of an agent, whose records nobody acknowledges by himself."""

    def __init__(self, *events: Event) -> None:
        self._events = events
        self.out: list[tuple[TopicPartition, int]] = []

    def noack(self) -> Stream:
        return self

    async def events(self) -> AsyncIterator[Event]:
        for event in self._events:
            yield event

    def _on_message_out(self, tp: TopicPartition, offset: int, message: Any) -> None:
        self.out.append((tp, offset))


class Left(Exception):  # noqa: N818 - what ends the process
    """The process has been left."""


async def leave() -> None:
    raise Left


class Hosted:
    """The app of a worker with the function of its one agent; `paused` as it is told."""

    def __init__(self, login: Login | None = None) -> None:
        self.guard, self.paused = Guard(), False
        self.settings = Settings(
            Brokers("one:1, two:2", login or Login()), "http://registry", "postgresql://", 8.0, 1, None, None
        )
        self.app = build(self.settings, self.guard, lambda: self.paused, leave)  # type: ignore[arg-type] # what is asked of one
        [agent] = [agent for name, agent in self.app.agents.items() if name == AGENTS]
        self.agent = agent

    async def work(self, stream: Stream) -> None:
        await self.agent.fun(stream)


async def test_the_guard_gets_each_record_and_acknowledges_it_once() -> None:
    hosted, stream = Hosted(), Stream(Event(4), Event(5, timestamp=None, headers=None, key=None))
    await hosted.work(stream)

    first, second = hosted.guard.got
    assert (first.topic, first.partition, first.offset, first.timestamp_ms) == (PLAN_EVENTS, 1, 4, 1500)
    assert (first.key, first.value, first.headers) == (b"plan", b"v", [("ce_type", b"plan.approved")])
    assert (second.key, second.timestamp_ms, second.headers) == (None, 0, [])
    assert stream.out == []
    for _ in range(2):
        second.ack()
    assert stream.out == [(TopicPartition(PLAN_EVENTS, 1), 5)]


async def test_while_it_is_paused_nothing_is_handed_on_and_then_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faust_host, "PAUSED_S", 0.001)
    hosted = Hosted()
    hosted.paused = True
    working = asyncio.create_task(hosted.work(Stream(Event(4), Event(5))))
    await asyncio.sleep(0.02)
    assert hosted.guard.got == []
    hosted.paused = False
    await asyncio.wait_for(working, PATIENCE_S)
    assert [incoming.offset for incoming in hosted.guard.got] == [4, 5]


async def test_one_that_is_told_to_stop_while_it_is_paused_leaves_and_hands_nothing_on() -> None:
    hosted = Hosted()
    hosted.paused = True
    hosted.app._stopped.set()
    with pytest.raises(Left):
        await asyncio.wait_for(hosted.work(Stream(Event(4))), PATIENCE_S)
    assert hosted.guard.got == []


def test_it_reads_its_topics_in_order_from_all_brokers_by_its_settings() -> None:
    hosted = Hosted()
    conf = hosted.app.conf
    assert [str(url) for url in conf.broker] == ["kafka://one:1", "kafka://two:2"]
    assert hosted.agent.concurrency == 1, "records of a partition stay in order"
    assert set(hosted.agent.get_topic_names()) == {PLAN_EVENTS, REDELIVER}
    assert (conf.broker_session_timeout, conf.broker_heartbeat_interval) == (8.0, 1.0)
    transport: Any = hosted.app.transport
    assert transport.concerns == hosted.guard.concerns
    assert consumer_of(hosted.app) is None, "it has not begun"


def test_the_client_that_fetches_is_found() -> None:
    client, app = object(), cast("Any", Hosted().app)
    app._consumer = SimpleNamespace(_thread=SimpleNamespace(_consumer=client))
    assert consumer_of(app) is client


def test_it_speaks_to_the_brokers_as_it_is_told() -> None:
    tls = ssl.create_default_context()
    assert Hosted().app.conf.broker_credentials is None
    encrypted = Hosted(Login("SSL", tls=tls)).app.conf.broker_credentials
    assert isinstance(encrypted, faust.SSLCredentials)
    assert encrypted.context is tls
    named = Hosted(Login("SASL_SSL", "SCRAM-SHA-512", "worker", "secret", tls)).app.conf.broker_credentials
    assert isinstance(named, faust.SASLCredentials)
    assert (named.username, named.password, named.ssl_context) == ("worker", "secret", tls)
    assert getattr(named.mechanism, "value", named.mechanism) == "SCRAM-SHA-512"
    tokens: Any = object()
    by_token = Hosted(Login("SASL_SSL", "OAUTHBEARER", tls=tls, tokens=tokens)).app.conf.broker_credentials
    assert isinstance(by_token, OAuthCredentials)
    assert (by_token.oauth_cb, by_token.ssl_context) == (tokens, tls)
