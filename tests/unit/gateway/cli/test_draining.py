"""`drain` shows what is under way, has nothing more taken in, and waits until that has ended."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from gateway.cli.commands import draining
from gateway.cli.commands.operations import FLAGS
from gateway.cli.failures import Exit
from gateway.cli.terminal import Terminal
from tests.support.command_line import Run, answered_by

WORKER = {"source": "worker-1", "role": "worker", "host": "h", "pid": 7}


def told(state: str, records: int | None) -> dict[str, Any]:
    off = {"since": None, "by": "", "reason": ""}
    if state != "taking":
        off = {"since": "2026-05-04T12:00:00Z", "by": "Ana", "reason": "a move"}
    return {"state": state, **off, "inHand": [{**WORKER, "records": records}]}


class Gateway:
    def __init__(self, *looks: dict[str, Any]) -> None:
        self.looks = list(looks)
        self.switched: list[Any] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == FLAGS:
            self.switched.append(json.loads(request.content))
            return httpx.Response(200, json={"name": "queue_processing", "outcome": "accepted"})
        look = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        return httpx.Response(200, json={"draining": look})

    @property
    def run(self) -> Run:
        return answered_by(self)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draining, "LOOK_S", 0.0)


def test_without_a_reason_it_only_looks() -> None:
    gateway = Gateway(told("taking", 3))
    shown = gateway.run("drain")
    assert (shown.exit_code, gateway.switched) == (0, [])
    assert "Workers and runners take from the queues." in shown.stdout
    assert "worker" in shown.stdout


def test_with_a_reason_nothing_more_is_taken_and_the_end_is_waited_for() -> None:
    gateway = Gateway(told("draining", 3), told("draining", 1), told("drained", 0))
    shown = gateway.run("drain", "--reason", "a move", "--wait", "600", "--json")
    assert shown.exit_code == 0
    assert json.loads(shown.stdout)["state"] == "drained"
    assert gateway.switched == [{"name": "queue_processing", "enabled": False, "reason": "a move"}]


@pytest.mark.parametrize(("state", "records"), [("unknown", None), ("draining", 2), ("taking", 1)])
def test_who_waits_for_what_does_not_end_is_told(state: str, records: int | None) -> None:
    shown = Gateway(told(state, records)).run("drain", "--wait", "0.01")
    assert shown.exit_code == 1
    assert ("unknown" in shown.stdout) is (records is None)


class Running:
    """A gateway that lists processes; one that was asked to end is gone after `looks` more requests."""

    def __init__(self, *names: str, looks: int = 1) -> None:
        self.names = list(names)
        self.looks = looks
        self.asked: list[Any] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PATCH":
            assert request.url.path == draining.PROCESSES
            self.asked.append(json.loads(request.content))
            return httpx.Response(200, json={"name": self.asked[-1]["name"], "outcome": "accepted"})
        if self.asked:
            self.looks -= 1
        gone = [one["name"] for one in self.asked] if self.looks <= 0 else []
        told = [{**WORKER, "source": name, "connected": name not in gone} for name in self.names]
        return httpx.Response(200, json={"processes": told})

    @property
    def run(self) -> Run:
        return answered_by(self)


def test_one_process_is_asked_to_end_and_waited_for() -> None:
    gateway = Running("worker-1a", "worker-2b", looks=3)
    shown = gateway.run("drain", "--process", "worker-1", "--reason", "a new disk", "--wait", "600", "--yes", "--json")
    assert shown.exit_code == 0
    assert json.loads(shown.stdout) == {"name": "worker-1a", "outcome": "accepted", "ended": True}
    assert gateway.asked == [{"name": "worker-1a", "action": "end", "reason": "a new disk"}]


def test_it_is_asked_before_and_whoever_does_not_wait_hears_that_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    gateway, said = Running("worker-1a"), list[str]()
    command = ("drain", "--process", "worker", "--reason", "x")
    assert gateway.run(*command).exit_code == Exit.USAGE, "nobody is there to answer"
    monkeypatch.setattr(Terminal, "confirm", lambda _terminal, question: said.append(question))
    assert gateway.run(*command).exit_code == Exit.REFUSED
    assert (gateway.asked, said) == ([], ["Have worker 7 on h end? Its supervisor starts it again."])
    monkeypatch.setattr(Terminal, "confirm", lambda _terminal, _question: True)
    shown = gateway.run(*command)
    assert (shown.exit_code, len(gateway.asked)) == (0, 1)
    assert "worker 7 on h ends what it has begun" in shown.stderr


def test_one_that_does_not_end_in_time_is_told() -> None:
    gateway = Running("worker-1a", looks=10**9)
    shown = gateway.run("drain", "--process", "worker", "--reason", "x", "--wait", "0.01", "--yes", "--json")
    assert (shown.exit_code, json.loads(shown.stdout)["ended"]) == (Exit.REFUSED, False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--process", "worker"), "Say why"),
        (("--process", "worker", "--reason", "x"), "2 processes are called so"),
        (("--process", "pump", "--reason", "x"), "No process is called pump"),
    ],
)
def test_wrong_usage_changes_nothing(arguments: tuple[str, ...], said: str) -> None:
    gateway = Running("worker-1a", "worker-2b")
    shown = gateway.run("drain", *arguments, "--yes")
    assert (shown.exit_code, gateway.asked) == (Exit.USAGE, [])
    assert said in shown.stderr
