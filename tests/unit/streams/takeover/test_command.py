"""`python -m streams.takeover`: which exit status says what; and what has to be so before anything is changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

import pytest

from schemas.process import start
from streams.takeover import __main__ as command
from streams.takeover import take_over
from streams.takeover.take_over import NotReady, TakenOver
from streams.watchdog.reach import Reach

PLACE = ("plan.events", 3)
SETTINGS = cast("Any", SimpleNamespace(brokers=None))


def to_end_in(monkeypatch: pytest.MonkeyPatch, end: TakenOver | Exception) -> None:
    async def take(_settings: object) -> TakenOver:
        if isinstance(end, Exception):
            raise end
        return end

    monkeypatch.setattr(command, "take_over", take)
    monkeypatch.setattr("sys.argv", ["takeover", command.JSON])


async def test_what_was_done_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    to_end_in(monkeypatch, TakenOver(lacked=3, sent=2, placed=4, since=0.0))

    assert await command._take_over(SETTINGS) == start.DONE
    told = {"ok": True, "lacked": 3, "sent": 2, "placed": 4, "since": "1970-01-01T00:00:00+00:00"}
    assert json.loads(capsys.readouterr().out) == told


@pytest.mark.parametrize(
    ("error", "status", "why"),
    [
        (NotReady("promote it first"), start.FAILED, "promote it first"),
        (ConnectionRefusedError("nobody\n listens"), command.AWAY, "ConnectionRefusedError: nobody listens"),
    ],
)
async def test_what_has_to_be_done_first_is_told_from_a_server_that_is_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, status: int, why: str
) -> None:
    to_end_in(monkeypatch, error)

    assert await command._take_over(SETTINGS) == status
    assert json.loads(capsys.readouterr().out) == {"ok": False, "error": why}


def test_wrong_use_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["takeover", "now"])

    assert command.main() == start.REFUSED
    assert capsys.readouterr().err.startswith("usage: ")


class Database:
    """A database; `standby`: not promoted; `waits`: for a standby of its own; `known`: the last event of the place."""

    def __init__(
        self, *, standby: bool = False, waits: bool = False, roles: tuple[str, ...] = (), known: Any = None
    ) -> None:
        self._answers = {"pg_is_in_recovery": standby, "synchronous_standby_names": waits}
        self._roles, self._known = roles, known

    async def fetchval(self, statement: str) -> bool:
        return next(answer for name, answer in self._answers.items() if name in statement)

    async def fetch(self, _statement: str, _lock: int) -> list[Mapping[str, str]]:
        return [{"role": role} for role in self._roles]

    async def fetchrow(self, _statement: str, *given: Any) -> Any:
        assert given == (*PLACE, 0, 10)
        return self._known


@pytest.mark.parametrize(
    ("database", "why"),
    [
        (Database(standby=True), "promote it first"),
        (Database(waits=True), "empty synchronous_standby_names"),
        (Database(roles=("worker", "gateway")), "at work on this database: gateway, worker. End them first"),
    ],
)
async def test_a_database_that_is_not_ready_is_refused_with_what_to_do(database: Database, why: str) -> None:
    with pytest.raises(NotReady, match=why.replace("(", r"\(")):
        await take_over._demand_quiet(cast("Any", database))


async def test_a_promoted_database_without_processes_is_ready() -> None:
    await take_over._demand_quiet(cast("Any", Database()))


@pytest.mark.parametrize(
    ("offset", "event_id", "fits"), [(9, b"one", True), (8, b"one", False), (9, b"two", False), (9, None, False)]
)
async def test_a_mirror_with_offsets_of_its_own_is_refused(
    monkeypatch: pytest.MonkeyPatch, offset: int, event_id: bytes | None, fits: bool
) -> None:
    async def records_at(_brokers: Any, _name: str, places: Any, _within: float) -> Any:
        assert places == {PLACE: 9}
        headers = [] if event_id is None else [("ce_id", event_id)]
        return {PLACE: SimpleNamespace(offset=offset, headers=headers)}

    monkeypatch.setattr(take_over, "records_at", records_at)
    log = take_over._Log({PLACE: 0}, {PLACE: Reach(7, 10)})
    database = cast("Any", Database(known={"offset": 9, "event_id": "one"}))

    if fits:
        await take_over._demand_same_places(SETTINGS, database, log)
    else:
        with pytest.raises(NotReady, match=r"plan\.events/3 has another record at 9"):
            await take_over._demand_same_places(SETTINGS, database, log)


async def test_what_the_read_models_know_nothing_of_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    async def records_at(_brokers: Any, _name: str, places: Any, _within: float) -> Any:
        assert places == {}
        return {}

    monkeypatch.setattr(take_over, "records_at", records_at)
    log = take_over._Log({PLACE: 0}, {PLACE: Reach(7, 10)})

    await take_over._demand_same_places(SETTINGS, cast("Any", Database()), log)
