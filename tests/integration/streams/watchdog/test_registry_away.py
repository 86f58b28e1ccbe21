"""What watchdogs say of the schema registry: by one that is really there, is stopped, refuses, or has lost its data."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from schemas.process.kafka import Brokers
from schemas.registry import Registry, placements, subject_of
from streams.settings import Settings
from streams.watchdog import registry as watched
from streams.watchdog.registry import RegistryView, asked
from streams.watchdog.settings import Patience
from streams.watchdog.watch import Watch
from tests.support.odd_registry import OddRegistry, odd_registry
from tests.support.patience import until

ALL = json.dumps(sorted({subject_of(topic, type_) for topic, type_ in placements()})).encode()


@pytest.fixture
def site() -> Iterator[OddRegistry]:
    with odd_registry(body=ALL) as made:
        yield made


def test_one_that_has_all_subjects_is_well(site: OddRegistry) -> None:
    assert asked(Registry(site.url)) == ""


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (401, b'{"error_code": 40101, "message": "who are you"}', "who are you (HTTP 401"),
        (503, b"busy", "busy (HTTP 503"),
        (200, b"[]", "is not registered: run `provision apply`"),
        (200, b"<html>", "half an answer, or none of its own"),
    ],
)
def test_one_that_no_process_can_start_with_says_why(site: OddRegistry, status: int, body: bytes, says: str) -> None:
    site.status, site.body = status, body
    assert says in asked(Registry(site.url))


def test_one_that_is_not_there_says_so() -> None:
    assert "refused" in asked(Registry("http://127.0.0.1:1"))


async def test_it_is_away_only_after_a_while_and_each_turn_is_told(
    site: OddRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched, "EVERY_S", 0.02)
    monkeypatch.setattr(watched, "SILENT_S", 0.3)
    view, turns = RegistryView(site.url), []
    view.turned = lambda: turns.append(view.away_s > 0)
    looking = asyncio.create_task(view.run())
    try:
        await until(lambda: len(site.asked) > 2)
        assert (view.away_s, view.error) == (0.0, "")
        site.status = 503

        await until(lambda: turns == [True])
        assert view.away_s >= 0.3
        assert "HTTP 503" in view.error

        site.status = 200
        await until(lambda: turns == [True, False])
        assert (view.away_s, view.error) == (0.0, "")
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking


async def test_without_a_registry_nothing_is_asked() -> None:
    view = RegistryView("")
    await view.run()
    assert view.away_s == 0.0


def test_the_watchdog_tells_it_with_its_beats() -> None:
    pool: Any = None
    told = Watch(Settings(Brokers("127.0.0.1:1"), "http://127.0.0.1:1", "", 6.0, 4, None, None), Patience(), pool)
    assert (told.progress()["registry_away_s"], told.progress()["registry_error"]) == (0.0, "")
