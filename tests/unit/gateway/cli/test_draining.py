"""`drain` shows what is under way, has nothing more taken in, and waits until that has ended."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from gateway.cli.commands import draining
from gateway.cli.commands.operations import FLAGS
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
