"""Two relays and one outbox under thousands of schedules: all is in the log, in order, and marked only then."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.outbox.relay import Relay
from tests.support.schedules import found_in, holds
from tests.unit.simulation.outbox_world import World


class AsksNobody(Relay):
    """Skips the acknowledgements."""

    async def _send(self, prepared: Any) -> Any:
        _, spans = await super()._send(prepared)
        return [], spans


class MarksFirst(Relay):
    """Commits before the effect."""

    async def _publish(self, connection: Any, rows: Any) -> None:
        await connection.execute("update decide.outbox set published_at", [row["seq"] for row in rows])
        await super()._publish(connection, rows)


class TakesWhatIsVoid(Relay):
    """Publishes what a decision found for it, whatever it has published itself meanwhile."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._looks.void = lambda: None  # type: ignore[method-assign] # the bug


class ForgetsWhatItSent(Relay):
    """Has a decision look for rows that it has sent, and not marked yet."""

    def lend(self) -> Any:
        look = super().lend()
        if look is not None:
            look.known = []
        return look


class ForgetsWhatIsUnderWay(Relay):
    """Looks for rows that a go beside this one is publishing."""

    async def _carry(self, session: Any, rows: Any) -> int:
        self._pending.ended(rows)
        return await super()._carry(session, rows)


def test_a_takeover_loses_nothing_and_changes_no_order(monkeypatch: pytest.MonkeyPatch) -> None:
    holds(World(monkeypatch).live)


def test_what_nothing_disturbs_is_sent_once(monkeypatch: pytest.MonkeyPatch) -> None:
    holds(World(monkeypatch, faults=False).live)


@pytest.mark.parametrize("bug", [AsksNobody, MarksFirst])
def test_a_mark_that_comes_too_early_is_found(bug: type[Relay], monkeypatch: pytest.MonkeyPatch) -> None:
    found = found_in(World(monkeypatch, bug).live)

    assert "nothing_is_marked_that_is_not_in_the_log" in found
    assert "DETANGLE_REPLAY=dt1-" in found


def test_a_lock_that_two_hold_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "was sent twice" in found_in(World(monkeypatch, faults=False, shared=True).live)


@pytest.mark.parametrize("bug", [TakesWhatIsVoid, ForgetsWhatItSent, ForgetsWhatIsUnderWay])
def test_a_look_that_finds_what_was_sent_is_found(bug: type[Relay], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "was sent twice" in found_in(World(monkeypatch, bug, faults=False).live)
