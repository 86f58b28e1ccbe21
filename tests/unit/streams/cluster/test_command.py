"""`python -m streams.cluster`: what the servers are held to, the table that is printed, and the exit status."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.process import start
from schemas.process.settings import SettingsError
from schemas.rights import PROCESSES
from schemas.topics import defaults
from streams.cluster import __main__ as command
from streams.cluster.__main__ import Given, lines
from streams.cluster.check import Check, Fit

ENV = {
    "MARKETPLACE_BROKERS": "127.0.0.1:9092",
    "MARKETPLACE_REGISTRY_URL": "http://localhost:8081",
    "MARKETPLACE_DATABASE_URL": "postgresql://localhost/marketplace",
}


def given(monkeypatch: pytest.MonkeyPatch, *words: str, **other: str) -> Given:
    monkeypatch.setattr("sys.argv", ["cluster", *words])
    return Given.from_env(ENV | other)


def test_without_a_word_all_processes_and_the_declared_copies_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = given(monkeypatch, command.JSON).asked
    assert asked.processes == PROCESSES
    assert (asked.replication, asked.min_insync) == (defaults()["replication"], defaults()["min_insync_replicas"])
    assert asked.says_min_insync is False


def test_the_environment_and_the_words_say_what_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    copies = {"MARKETPLACE_REPLICATION": "3", "MARKETPLACE_MIN_INSYNC": "2"}
    asked = given(monkeypatch, "worker", "pump", **copies).asked
    assert (asked.processes, asked.replication, asked.min_insync) == (("worker", "pump"), 3, 2)
    assert asked.says_min_insync is True


def test_a_process_that_there_is_not_is_refused_with_those_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match=r"no process is called waiter: give some of .*worker"):
        given(monkeypatch, "worker", "waiter")


@pytest.mark.parametrize(
    ("name", "value", "near"),
    [
        ("MARKETPLACE_BROKERS", "127.0.0.1:9092,localhost:9093", True),
        ("MARKETPLACE_BROKERS", "[::1]:9092", True),
        ("MARKETPLACE_BROKERS", "127.0.0.1:9092,broker.example:9092", False),
        ("MARKETPLACE_BROKERS", "10.0.0.3:9092", False),
        ("MARKETPLACE_REGISTRY_URL", "https://registry.example", False),
        ("MARKETPLACE_DATABASE_URL", "postgresql://db.example/m", False),
        ("MARKETPLACE_DATABASE_URL", "", True),
    ],
)
def test_servers_are_near_if_every_one_is_on_this_machine(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, near: bool
) -> None:
    assert given(monkeypatch, **{name: value}).asked.near is near


@pytest.mark.parametrize(("url", "clear"), [("http://localhost:8081", True), ("https://localhost:8081", False)])
def test_a_registry_without_tls_is_asked_in_the_clear(monkeypatch: pytest.MonkeyPatch, url: str, clear: bool) -> None:
    assert given(monkeypatch, MARKETPLACE_REGISTRY_URL=url).asked.registry_in_the_clear is clear


GOOD = Check("broker.version", Fit.FITS, "3.7", "")
COULD_BE = Check("broker.copies", Fit.BETTER, "one copy", "set MARKETPLACE_REPLICATION=3")
WRONG = Check("database.version", Fit.NOT, "12", "upgrade it")


def test_the_table_has_what_to_do_below_what_was_seen_and_counts_at_its_end() -> None:
    first, second, todo, last = lines([GOOD, COULD_BE])
    assert first.split() == [Fit.FITS, GOOD.id, "3.7"]
    assert second.split() == [*Fit.BETTER.split(), COULD_BE.id, "one", "copy"]
    assert todo.strip() == "-> set MARKETPLACE_REPLICATION=3"
    assert todo.index("->") == second.index("one copy")
    assert last == f"1 {Fit.FITS}; 1 {Fit.BETTER}"


def answering(monkeypatch: pytest.MonkeyPatch, checks: list[Check] | Exception) -> None:
    async def check(_given: Given) -> list[Check]:
        if isinstance(checks, Exception):
            raise checks
        return checks

    monkeypatch.setattr(command, "check", check)


@pytest.mark.parametrize(
    ("checks", "status"), [([GOOD, COULD_BE], start.DONE), ([GOOD, WRONG], start.FAILED), ([], start.DONE)]
)
async def test_only_what_does_not_fit_fails(monkeypatch: pytest.MonkeyPatch, checks: list[Check], status: int) -> None:
    answering(monkeypatch, checks)
    assert await command._run(given(monkeypatch)) == status


async def test_as_json_each_check_has_its_id(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(monkeypatch, [GOOD, WRONG])

    await command._run(given(monkeypatch, command.JSON))

    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert [one["id"] for one in told["checks"]] == [GOOD.id, WRONG.id]
    assert told["checks"][1]["todo"] == "upgrade it"


@pytest.mark.parametrize("words", [[], [command.JSON]])
async def test_a_broker_that_is_away_is_no_verdict(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    answering(monkeypatch, ConnectionRefusedError("nobody listens"))

    assert await command._run(given(monkeypatch, *words)) == command.AWAY
    assert "no broker can be reached: ConnectionRefusedError: nobody listens" in capsys.readouterr().out
