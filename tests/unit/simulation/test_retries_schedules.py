"""Guard and pump under thousands of schedules, each killed at any await: nothing is lost, early or out of order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from streams.broker.records import Incoming
from streams.guard.guard import Guard
from tests.support.schedules import found_in, holds
from tests.unit.simulation.retries_world import World

COMMITTED = "nothing_is_committed_that_led_to_nothing"


class AcknowledgesFirst(Guard):
    """Commits before the effect."""

    async def see_through(self, batch: Sequence[Incoming]) -> None:
        for record in batch:
            record.ack()
        await super().see_through([replace(record, ack=lambda: None) for record in batch])


def test_all_that_was_taken_is_seen_through(monkeypatch: pytest.MonkeyPatch) -> None:
    holds(World(monkeypatch).live)


def test_an_acknowledgement_before_the_effect_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert COMMITTED in found_in(World(monkeypatch, AcknowledgesFirst).live)


def test_an_acknowledgement_that_nobody_waits_for_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert COMMITTED in found_in(World(monkeypatch, hasty=True).live)


def test_a_pump_whose_client_commits_what_it_hands_out_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A record is lost between two topics: nothing ever follows from it."""
    assert "virtual time exceeded" in found_in(World(monkeypatch, eager=True).live)
