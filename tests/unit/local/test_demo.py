"""The demo's own sense: it takes up plans from before, and never says OK when something is missing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from gateway.cli.client import PLANS, Client
from gateway.cli.connection import Connection
from gateway.cli.failures import Refused
from local.demo import __main__ as demo
from local.demo import story
from local.demo.report import analysed_by, summary
from local.demo.story import play
from local.demo.system import DemoFailed
from local.samples import Sample, Truth
from tests.support.patience import PATIENCE_S


class Gateway:
    """As much of the API as the demo uses. `known`: the status of the plan that the file has already.

    `tasks`: how many tasks of the three of Phase 1 can be read. `phase1`: whether Phase 1 itself can be.
    """

    def __init__(self, known: str | None = None, *, tasks: int = 3, phase1: bool = True, moves: bool = True) -> None:
        self.plans: dict[str, dict[str, Any]] = {}
        self.again: list[bool] = []
        self.tasks = tasks
        self.phase1: dict[str, Any] | None = {"tasks": [{}, {}, {}]} if phase1 else None
        self.moves = moves
        if known is not None:
            self.add("old", known)

    def add(self, identity: str, status: str) -> None:
        going = status in {"executing", "completed"}
        self.plans[identity] = {
            "planId": identity,
            "status": status,
            "reason": "",
            "phase1": self.phase1 if going else None,
            "tasks": {"total": self.tasks if going else 0},
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == f"{PLANS}/upload":
            again = b'name="again"' in request.read()
            self.again.append(again)
            if self.plans and not again:
                problem = {"title": "known", "planId": "old", "currentStatus": self.plans["old"]["status"]}
                return httpx.Response(409, json=problem)
            self.add("new", "analyzing")
            return httpx.Response(202, json={"planId": "new"})
        if request.url.path == f"{PLANS}/bulk":
            for identity in json.loads(request.content)["ids"]:
                self.add(identity, "executing" if self.moves else "approved")
            return httpx.Response(200, json={"results": []})
        plan = self.plans[request.url.path.rpartition("/")[2]]
        answer = httpx.Response(200, json=plan)
        if plan["status"] == "analyzing":
            plan["status"] = "awaiting_approval"
        return answer


class Clock:
    """The demo's time, which only its own pauses let pass."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, Any]]]:
    monkeypatch.setattr(story, "time", Clock())
    file = tmp_path / "a.csv"
    file.write_text("sku;qtd\n")
    sample = Sample(file, ["shopee"], "T", Truth("plain"))

    def run(handle: Callable[[httpx.Request], httpx.Response], timeout: float = PATIENCE_S) -> list[dict[str, Any]]:
        with Client(Connection("http://gateway", "k", "test"), httpx.MockTransport(handle)) as client:
            return play(client, [sample], timeout, lambda _: None)

    return run


def test_a_document_goes_from_upload_to_tasks(run: Callable[..., list[dict[str, Any]]]) -> None:
    gateway = Gateway()
    assert [(plan["planId"], plan["tasks"]["total"]) for plan in run(gateway)] == [("new", 3)]
    assert gateway.again == [False]


@pytest.mark.parametrize("status", ["executing", "awaiting_approval", "analyzing"])
def test_a_plan_from_before_is_taken_up(run: Callable[..., list[dict[str, Any]]], status: str) -> None:
    gateway = Gateway(status)
    assert [plan["planId"] for plan in run(gateway)] == ["old"]
    assert gateway.again == [False]


@pytest.mark.parametrize("status", ["rejected", "cancelled"])
def test_a_plan_that_was_turned_down_stays_so_and_another_is_made(
    run: Callable[..., list[dict[str, Any]]], status: str
) -> None:
    gateway = Gateway(status)
    assert [plan["planId"] for plan in run(gateway)] == ["new"]
    assert gateway.plans["old"]["status"] == status
    assert gateway.again == [False, True]


@pytest.mark.parametrize(
    "gateway", [Gateway(tasks=0), Gateway(tasks=1), Gateway(tasks=2), Gateway(phase1=False), Gateway(moves=False)]
)
def test_a_plan_without_all_its_tasks_is_a_failure(run: Callable[..., list[dict[str, Any]]], gateway: Gateway) -> None:
    with pytest.raises(DemoFailed, match="without all their tasks when the time was up: new"):
        run(gateway)


def test_one_plan_is_left_for_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several that wait, the one with the most opportunities; the others get their tasks."""
    monkeypatch.setattr(story, "PAUSE_S", 0.001)
    found = {"a": 1, "b": 3, "c": 2}
    approved: list[str] = []

    def gateway(request: httpx.Request) -> httpx.Response:
        if request.url.path == f"{PLANS}/upload":
            identity = next(name for name in found if f'filename="{name}.csv"'.encode() in request.read())
            return httpx.Response(202, json={"planId": identity})
        if request.url.path == f"{PLANS}/bulk":
            approved.extend(json.loads(request.content)["ids"])
            return httpx.Response(200, json={"results": []})
        identity = request.url.path.rpartition("/")[2]
        going = identity in approved
        plan: dict[str, Any] = {
            "planId": identity,
            "title": identity,
            "status": "executing" if going else "awaiting_approval",
            "reason": "",
            "opportunities": [{}] * found[identity],
            "phase1": {"tasks": [{}]} if going else None,
            "tasks": {"total": 1 if going else 0},
        }
        return httpx.Response(200, json=plan)

    for name in found:
        (tmp_path / f"{name}.csv").write_text("sku;qtd\n")
    samples = [Sample(tmp_path / f"{name}.csv", ["shopee"], name, Truth("plain")) for name in found]
    with Client(Connection("http://gateway", "k", "test"), httpx.MockTransport(gateway)) as client:
        plans = play(client, samples, 5.0, lambda _: None)

    left = story.left_waiting(plans)
    assert approved == ["a", "c"]
    assert left is not None
    assert left["planId"] == "b"


def test_a_refused_document_is_a_failure_that_says_why(run: Callable[..., list[dict[str, Any]]]) -> None:
    with pytest.raises(DemoFailed, match=r"a\.csv was refused: Too large\. Send less\."):
        run(lambda _: httpx.Response(413, json={"title": "Too large", "detail": "Send less."}))


def test_samples_of_an_earlier_run_stay_byte_for_byte(tmp_path: Path) -> None:
    first = {sample.path: sample.path.read_bytes() for sample in demo.kept_samples(tmp_path / "s", 20)}
    second = {sample.path: sample.path.read_bytes() for sample in demo.kept_samples(tmp_path / "s", 20)}
    assert first == second
    assert {path.parent for path in first} == {tmp_path / "s"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (DemoFailed("broker: cannot start: no Java"), "DEMO FAILED broker: cannot start: no Java\n"),
        (DemoFailed("migrate: status 1\nthe reason"), "the reason\nDEMO FAILED migrate: status 1\n"),
        (RuntimeError("no free port"), "DEMO FAILED RuntimeError: no free port\n"),
        (asyncpg.TooManyConnectionsError("too many"), "DEMO FAILED TooManyConnectionsError: too many\n"),
        (Refused({"title": "Broken", "detail": "Again."}, 500), "DEMO FAILED Broken: Again.\n"),
    ],
)
def test_a_failure_is_the_last_line_and_the_exit_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, said: str
) -> None:
    def fail(*_: object) -> object:
        raise error

    monkeypatch.setattr(demo, "running", fail)
    assert demo.main(["--exit", "--data", str(tmp_path)]) == 1
    assert capsys.readouterr().out == said


def test_the_table_says_who_analysed() -> None:
    rules = {"model": "", "source": "rules"}
    agent = {"model": "gpt-x", "source": "agent"}
    assert analysed_by({"channelResults": [rules, agent, agent]}) == "gpt-x, rules"
    assert analysed_by({"channelResults": [{"model": "", "source": ""}]}) == "-"


def test_the_table_has_a_line_for_each_plan() -> None:
    plan = {
        "planId": "0b6f2f0e-53c1-4e0c-9a64-7f5f7c1f2a10",
        "title": "Vendas",
        "channels": ["shopee", "amazon"],
        "channelResults": [{"model": "gpt-x", "source": "agent"}],
        "opportunities": [{"worthBrl": 1500.0}, {"worthBrl": None}],
        "phase1Origin": "fallback",
        "tasks": {"total": 3},
    }
    unknown = {**plan, "channelResults": [], "opportunities": [], "phase1Origin": None, "tasks": {"total": 0}}

    columns = [[str(cell) for cell in column.cells] for column in summary([plan, unknown]).columns]

    lines = [list(line[1:]) for line in zip(*columns, strict=True)]
    assert lines == [
        ["Vendas", "Shopee, Amazon", "gpt-x", "2", "R$ 1,500", "fallback", "3"],
        ["Vendas", "Shopee, Amazon", "-", "0", "-", "-", "0"],
    ]
