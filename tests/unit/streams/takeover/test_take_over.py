"""What a take-over demands of the mirror, and from when on it lets the outbox send and groups read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from streams.broker.leaders import Place
from streams.takeover import take_over
from streams.takeover.take_over import NotReady
from streams.watchdog.reach import UNNOTED_S, Reach

EVENTS = "plan.events"
NOTED = datetime(2026, 11, 28, 9, tzinfo=UTC)
LATER = NOTED + timedelta(hours=2)


class Log:
    """A consumer of a mirror that is empty since long ago."""

    def __init__(self) -> None:
        self.asked_s: set[float] = set()

    async def end_offsets(self, partitions: list[Any]) -> dict[Any, int]:
        return dict.fromkeys(partitions, 10)

    async def beginning_offsets(self, partitions: list[Any]) -> dict[Any, int]:
        return dict.fromkeys(partitions, 0)

    async def offsets_for_times(self, times: dict[Any, int]) -> dict[Any, Any]:
        self.asked_s |= {at / 1000 for at in times.values()}
        return dict.fromkeys(times, SimpleNamespace(offset=4))

    async def list_consumer_group_offsets(self, _group: str, *, partitions: list[Any]) -> dict[Any, Any]:
        return {}


class Notes:
    """A database in which the log was last noted at NOTED; what is noted now is noted at LATER."""

    def __init__(self) -> None:
        self.seen_at = NOTED
        self.mended: tuple[Any, ...] = ()

    async def execute(self, statement: str, *_: Any) -> str:
        if statement == take_over._NOTE:
            self.seen_at = LATER
        return "UPDATE 0"

    async def fetchval(self, _statement: str) -> float:
        return self.seen_at.timestamp()

    async def fetch(self, _statement: str) -> list[dict[str, Any]]:
        return [{"topic": EVENTS, "partition": 0, "epoch": 1, "next_offset": 10}]

    async def fetchrow(self, _statement: str, *given: Any) -> dict[str, int]:
        self.mended = given
        return {"lost": 0, "sent": 0}


def led_by(monkeypatch: pytest.MonkeyPatch, *places: Place) -> None:
    async def leaders_of(_admin: Any) -> dict[Place, tuple[int, int]]:
        return dict.fromkeys(places, (1, 7))

    monkeypatch.setattr(take_over, "leaders_of", leaders_of)


async def test_a_partition_without_a_leader_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Left out, it would be mended by nobody: the read models would stand beyond the end of its log."""
    led_by(monkeypatch, (EVENTS, 0))
    log = cast("Any", Log())

    with pytest.raises(NotReady, match=rf"no leader of {EVENTS}/1"):
        await take_over._seen(log, log, {(EVENTS, 0): 10, (EVENTS, 1): 3})
    assert (await take_over._seen(log, log, {(EVENTS, 0): 10})).reach == {(EVENTS, 0): Reach(7, 10)}


async def test_a_group_goes_on_an_hour_before_the_log_ended_however_late_it_is_taken_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    placed: dict[str, Any] = {}

    async def place_groups(_brokers: Any, places: dict[str, Any]) -> None:
        placed.update(places)

    led_by(monkeypatch, (EVENTS, 0))
    monkeypatch.setattr(take_over, "place_groups", place_groups)
    log, settings = Log(), cast("Any", SimpleNamespace(brokers=None))

    moved = await take_over._place_groups(settings, cast("Any", log), cast("Any", log), 1000.0)
    assert (moved, log.asked_s) == (len(placed), {1000.0})
    assert set(placed.values()) == {((EVENTS, 0, 4),)}


async def test_what_was_published_since_the_last_note_is_sent_again_not_since_the_taking_over() -> None:
    database, settings = Notes(), cast("Any", SimpleNamespace(brokers=None))
    log = take_over._Log({(EVENTS, 0): 0}, {(EVENTS, 0): Reach(7, 10)})

    taken = await take_over._fit(settings, cast("Any", database), log, 0)
    assert taken.since == NOTED.timestamp() - UNNOTED_S
    assert database.mended[6] == NOTED - timedelta(seconds=UNNOTED_S)


class Database:
    """Stands in for a connection to a Postgres of which these things are true."""

    def __init__(self, *, standby: bool = False, waits: bool = False, at_work: tuple[str, ...] = ()) -> None:
        self.standby, self.waits, self.at_work = standby, waits, at_work

    async def fetchval(self, statement: str) -> bool:
        return self.standby if "pg_is_in_recovery" in statement else self.waits

    async def fetch(self, _statement: str, _lock: int) -> list[dict[str, str]]:
        return [{"role": role} for role in self.at_work]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Database(standby=True), "promote it first"),
        (Database(waits=True), "empty synchronous_standby_names"),
        (Database(at_work=("worker", "gateway")), "at work on this database: gateway, worker. End them first"),
    ],
)
async def test_a_database_that_is_not_at_rest_is_left_as_it_is(found: Any, said: str) -> None:
    with pytest.raises(NotReady, match=said):
        await take_over._demand_quiet(found)


async def test_a_database_at_rest_is_taken_over() -> None:
    resting: Any = Database()
    await take_over._demand_quiet(resting)
