"""How old a message is, and when it goes again, is judged by the database's clock, however wrong this machine's is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from uuid import UUID

import asyncpg
import orjson
import pytest

from gateway.alerts import sender as sending
from gateway.alerts.breaker import Breaker
from gateway.alerts.message import Message
from gateway.alerts.notifiers.base import Failed, NotTried
from gateway.alerts.queue import PostgresQueue
from gateway.alerts.sender import NOT_TRIED_S, PUT_OFF_S, Sender
from tests.integration.alerts.driving import PAGES

ID = UUID(int=1)


class TwoDaysAhead(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> TwoDaysAhead:
        return super().now(tz) + timedelta(days=2)


class Refuses:
    """A receiver that cannot be tried, or that is away."""

    gathers, acknowledges, secrets = True, False, ()

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def send(self, message: Message) -> str:
        raise self.error


async def tried(pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch, error: Exception) -> tuple[str, float, float]:
    """Try a message on a machine whose clock is off; return its state, and in how many seconds after that it goes.

    By the clock of Postgres, counted from the end and from the beginning of the attempt: at least, and at most.
    """
    monkeypatch.setattr(sending, "datetime", TwoDaysAhead, raising=False)
    assert datetime.now(UTC) < TwoDaysAhead.now(UTC)
    body = orjson.dumps(Message(str(ID), "a title", "warning").to_json()).decode()
    await pool.execute(
        "insert into flow.alert_message (message_id, notifier, body, due_at) values ($1, 'slack', $2, now())", ID, body
    )
    began = await pool.fetchval("select clock_timestamp()")
    assert await Sender("slack", Refuses(error), Breaker(pool, "slack"), list).once(PostgresQueue(pool, PAGES))
    row = await pool.fetchrow(
        "select state, extract(epoch from due_at - clock_timestamp())::float8 as least,"
        " extract(epoch from due_at - $1)::float8 as most from flow.alert_message",
        began,
    )
    assert row is not None
    return row["state"], row["least"], row["most"]


async def test_what_could_not_be_tried_goes_in_moments(pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    state, least, most = await tried(pool, monkeypatch, NotTried("no thread"))
    assert state == "waiting"
    assert least <= NOT_TRIED_S <= most


async def test_what_a_breaker_holds_is_asked_for_again(pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    await pool.execute("select flow.breaker_trip('notify:slack', 'a test', null, 'test')")
    state, least, most = await tried(pool, monkeypatch, Failed("HTTP 503"))
    assert state == "waiting", "it is not two days old"
    assert least <= PUT_OFF_S <= most


async def test_what_did_not_arrive_is_not_given_up_as_too_old(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, least, _ = await tried(pool, monkeypatch, Failed("HTTP 503"))
    assert state == "waiting"
    assert least < NOT_TRIED_S
