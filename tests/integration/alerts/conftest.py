"""A database of its own for each test, receivers, and senders that can be driven one message at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.integration.alerts.running import Engines
from tests.support.receivers import HttpReceiver, SmtpReceiver, http_receiver, smtp_receiver
from tests.support.webhooks import History


@pytest.fixture
async def url(new_migrated: Any) -> str:
    made: str = await new_migrated()
    return made


@pytest.fixture
async def pool(url: str) -> AsyncIterator[asyncpg.Pool]:
    async with asyncpg.create_pool(url, min_size=0, max_size=8) as made:
        yield made


@pytest.fixture
def slack() -> Iterator[HttpReceiver]:
    with http_receiver() as made:
        yield made


@pytest.fixture
def pager() -> Iterator[HttpReceiver]:
    with http_receiver() as made:
        made.answers = [(202, '{"status":"success"}')]
        yield made


@pytest.fixture
def mail() -> Iterator[SmtpReceiver]:
    with smtp_receiver() as made:
        yield made


@pytest.fixture
def history(pool: asyncpg.Pool) -> History:
    return History(pool)


@pytest.fixture
def engines(url: str, hook: HttpReceiver, tmp_path: Path) -> Iterator[Engines]:
    with ExitStack() as stack:
        yield Engines(url, hook, tmp_path, stack)
