"""What a registry does not tell is unknown, never good; one that is away says so and nothing else."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest

from schemas.registry import RegistryError, placements, subject_of
from streams.cluster import ask_others
from streams.cluster.ask_others import ask_database, ask_registry

OURS = sorted({subject_of(topic, type_) for topic, type_ in placements()})
THEN, THEN_S = "Sun, 06 Nov 1994 08:49:37 GMT", 784111777.0


class FakeRegistry:
    """A registry that knows all subjects and these paths; `error`: what it raises when it is asked for subjects."""

    def __init__(self, paths: dict[str, Any], *, date: str | None = None, error: Exception | None = None) -> None:
        self._paths, self._error = paths, error
        self.date = date

    def subjects(self) -> list[str]:
        if self._error is not None:
            raise self._error
        return [*OURS, "another"]

    def call(self, _method: str, path: str) -> Any:
        if path not in self._paths:
            raise RegistryError(404, 404, "no such path")
        return self._paths[path]


def asking(
    monkeypatch: pytest.MonkeyPatch, paths: dict[str, Any], *, load: Exception | None = None, **other: Any
) -> Any:
    def load_codec(_registry: object) -> None:
        if load is not None:
            raise load

    monkeypatch.setattr(ask_others, "Registry", lambda _url: FakeRegistry(paths, **other))
    monkeypatch.setattr(ask_others, "load_codec", load_codec)
    return ask_registry("http://registry")


def test_a_registry_that_is_away_says_only_that(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = asking(monkeypatch, {}, error=ConnectionRefusedError("nobody listens"))
    assert facts.away == "it cannot be asked: nobody listens"
    assert (facts.types, facts.mode, facts.levels, facts.ahead_s) == (None, None, None, None)


def test_what_it_tells_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    levels = {f"/config/{subject}": {"compatibilityLevel": "FULL_TRANSITIVE"} for subject in OURS[1:]}
    levels[f"/config/{OURS[0]}"] = {}
    facts = asking(monkeypatch, {"/schemas/types": ["AVRO", "JSON"], "/mode": {"mode": "READWRITE"}, **levels})

    assert (facts.types, facts.mode) == (frozenset({"AVRO", "JSON"}), "READWRITE")
    assert facts.levels == {OURS[0]: "not told"} | dict.fromkeys(OURS[1:], "FULL_TRANSITIVE")
    assert (facts.away, facts.refused, facts.missing) == ("", "", False)


@pytest.mark.parametrize("paths", [{}, {"/schemas/types": {}, "/mode": []}])
def test_what_it_does_not_tell_is_unknown(monkeypatch: pytest.MonkeyPatch, paths: dict[str, Any]) -> None:
    facts = asking(monkeypatch, paths)
    assert (facts.types, facts.mode) == (None, None)
    assert set(facts.levels.values()) == {"not told"}


@pytest.mark.parametrize(
    ("error", "missing", "refused"),
    [
        (RegistryError(404, 40401, "not registered"), True, ""),
        (RegistryError(403, 40301, "no"), False, "schema registry: no (HTTP 403, error 40301)"),
        (TimeoutError("it took long"), False, "it took long"),
    ],
)
def test_schemas_that_are_missing_are_told_from_schemas_that_it_does_not_give(
    monkeypatch: pytest.MonkeyPatch, error: Exception, missing: bool, refused: str
) -> None:
    facts = asking(monkeypatch, {}, load=error)
    assert (facts.missing, facts.refused) == (missing, refused)


@pytest.mark.parametrize(("date", "ahead_s"), [(None, None), ("soon", None), (THEN, 0.5 - 90.0)])
def test_its_clock_is_compared_where_it_tells_the_time(
    monkeypatch: pytest.MonkeyPatch, date: str | None, ahead_s: float | None
) -> None:
    monkeypatch.setattr(ask_others, "time", SimpleNamespace(time=lambda: THEN_S + 90.0))
    assert asking(monkeypatch, {}, date=date).ahead_s == ahead_s  # a date has whole seconds: half of one is usual


class FakeDatabase:
    """A Postgres whose answer is this; `error`: what it raises once it is connected."""

    def __init__(self, tables: list[dict[str, Any]], *, error: Exception | None = None) -> None:
        self._tables, self._error = tables, error
        self.closed = False

    async def fetchrow(self, _statement: str) -> dict[str, Any]:
        if self._error is not None:
            raise self._error
        about = dict.fromkeys(("superuser", "tls", "standby", "may_create"), False)
        return about | {"version": 180000, "name": "marketplace", "encoding": "UTF8", "clock": time.time()}

    async def fetch(self, statement: str, _names: object) -> list[dict[str, Any]]:
        return [{"name": "fsync", "setting": "on"}] if "pg_settings" in statement else self._tables

    async def close(self, *, timeout: float) -> None:
        self.closed = True
        raise TimeoutError(f"not within {timeout} s")


def asking_database(monkeypatch: pytest.MonkeyPatch, found: FakeDatabase | Exception) -> None:
    async def connect(_url: str, _name: str) -> FakeDatabase:
        if isinstance(found, Exception):
            raise found
        return found

    async def noted_in(_connection: object) -> str:
        return "eu."

    monkeypatch.setattr("streams.cluster.ask_others.database.connect", connect)
    monkeypatch.setattr("streams.cluster.ask_others.log_home.noted_in", noted_in)


async def test_a_database_that_is_away_or_breaks_off_says_only_that(monkeypatch: pytest.MonkeyPatch) -> None:
    asking_database(monkeypatch, OSError("connection refused"))
    assert (await ask_database("postgresql://x")).away == "it cannot be asked: OSError: connection refused"
    broken = FakeDatabase([], error=OSError("it went away"))
    asking_database(monkeypatch, broken)
    found = await ask_database("postgresql://x")
    assert found.away == "it does not answer: OSError: it went away"
    assert broken.closed


async def test_tables_that_may_not_be_written_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    database = FakeDatabase([{"name": "decide.plan", "open": True}, {"name": "rm.plan", "open": False}])
    asking_database(monkeypatch, database)
    found = await ask_database("postgresql://x")
    assert found.away == ""
    assert (found.migrated, found.closed, found.settings, found.log_prefix) == (
        True,
        ("rm.plan",),
        {"fsync": "on"},
        "eu.",
    )
    assert database.closed
    asking_database(monkeypatch, FakeDatabase([]))
    assert not (await ask_database("postgresql://x")).migrated
