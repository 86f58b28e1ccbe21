"""`approve --wait` ends when every task can be read, not with the first one."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from gateway.cli.client import PLANS, Client
from gateway.cli.commands import decisions, watching
from gateway.cli.connection import Connection
from gateway.cli.failures import Failure
from gateway.cli.terminal import Terminal

STAGES: list[dict[str, Any]] = [
    {"status": "approved", "phase1": None, "tasks": {"total": 0}},
    {"status": "approved", "phase1": None, "tasks": {"total": 1}},  # a task comes before Phase 1
    {"status": "executing", "phase1": {"tasks": [{}, {}]}, "tasks": {"total": 1}},
    {"status": "executing", "phase1": {"tasks": [{}, {}]}, "tasks": {"total": 2}},
]


def terminal(stages: list[dict[str, Any]], asked: list[int]) -> Terminal:
    """A terminal whose gateway shows the plan's next stage at each request, and the last one from then on."""

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path == f"{PLANS}/p"
        stage = min(len(asked), len(stages) - 1)
        asked.append(stage)
        return httpx.Response(200, json={"planId": "p", "version": stage, **stages[stage]})

    made = Terminal(env={}, as_json=True)
    made.__dict__["client"] = Client(Connection("http://gateway", "k", "test"), httpx.MockTransport(answer))
    return made


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "PAUSE_S", 0.001)


def test_waits_for_every_task() -> None:
    asked: list[int] = []
    result = {"planId": "p", "outcome": "accepted"}
    decisions._wait_for_tasks(terminal(STAGES, asked), [result], 10.0)

    assert asked == [0, 1, 2, 3]
    assert json.dumps(result) == '{"planId": "p", "outcome": "accepted", "status": "executing", "version": 3}'


def test_a_task_that_does_not_come_is_told() -> None:
    with pytest.raises(Failure, match="1 plans do not have all their tasks after 0 s"):
        decisions._wait_for_tasks(terminal(STAGES[:3], []), [{"planId": "p", "outcome": "accepted"}], 0.05)


def test_what_waits_is_approved_as_it_was_listed() -> None:
    """The version of each plan in the list goes with it, so that one that changed since is refused."""
    sent: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            rows = [{"planId": "p", "version": 4}, {"planId": "q", "version": 2}]
            return httpx.Response(200, json={"items": rows, "nextCursor": None})
        sent.append(json.loads(request.content))
        return httpx.Response(200, json={"results": [{"planId": one} for one in sent[-1]["ids"]]})

    made = Terminal(env={}, as_json=True)
    made.__dict__["client"] = Client(Connection("http://gateway", "k", "test"), httpx.MockTransport(answer))
    results = decisions._approve_waiting(made, "sim", yes=True)

    assert results == [{"planId": "p"}, {"planId": "q"}]
    assert sent == [{"action": "approve", "ids": ["p", "q"], "reason": "sim", "versions": {"p": 4, "q": 2}}]


@pytest.mark.parametrize("status", ["rejected", "cancelled"])
def test_a_plan_that_was_ended_meanwhile_is_not_waited_for(status: str) -> None:
    result: dict[str, Any] = {"planId": "p", "outcome": "unchanged"}
    ended = {"status": status, "phase1": None, "tasks": {"total": 0}}
    decisions._wait_for_tasks(terminal([ended], []), [result], 10.0)

    assert result["status"] == status
