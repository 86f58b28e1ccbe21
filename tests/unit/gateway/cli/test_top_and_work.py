"""`top` with its rates, `work` on many tasks, `completion` for shells."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import httpx
import pytest
from rich.console import Console

from gateway.cli.client import TASKS
from gateway.cli.commands import top
from gateway.cli.views import operations
from gateway.cli.views import top as view
from schemas.lifecycle import TASK, TaskAction
from tests.support.command_line import Run, answered_by
from tests.support.patience import PATIENCE_S

PLAN = "3f2b8c1e-5d4a-4e0b-9a57-1f0c2d3e4b5a"


def process(source: str, handled: Any, **more: Any) -> dict[str, Any]:
    made = {"source": source, "role": "worker", "pid": 7, "well": True, "connected": True, "silentSeconds": 0.1}
    return {**made, "progress": {} if handled is None else {"handled": handled}, **more}


def report(*processes: dict[str, Any]) -> dict[str, Any]:
    return {
        "status": "degraded", "headline": "1 plan is stalled.", "findings": [f"finding {n}" for n in range(9)],
        "notices": [], "groups": [], "breakers": [], "plans": {"analyzing": {"count": 3, "oldestSeconds": 1.0}},
        "tasks": {}, "broker": {"outboxWaiting": 4}, "projection": None, "processes": list(processes),
    }  # fmt: skip


def test_a_rate_is_what_was_handled_between_two_looks() -> None:
    told = [
        report(process("a", 100), process("b", None), process("c", 50)),
        report(process("a", 130), process("b", None), process("c", 3), process("d", 9)),
    ]
    clock = iter([10.0, 12.0])
    look = top.looking(lambda: told.pop(0), lambda: next(clock))
    assert [p["perSecond"] for p in look()["processes"]] == [None, None, None]
    second = {p["source"]: p["perSecond"] for p in look()["processes"]}
    assert second == {"a": 15.0, "b": None, "c": 0.0, "d": None}, "c began anew: it is never below 0"


def test_a_screen_has_what_is_wrong_who_works_and_what_waits() -> None:
    rows = [{**process("a", 100, progress={"handled": 100, "holds": {"plan.events": [0, 1, 2]}}), "perSecond": 1234.5}]
    rows += [{**process("b", None, well=False, silentSeconds=9.0), "perSecond": None}]
    console = Console(width=160)
    with console.capture() as capture:
        console.print(view.top({**report(), "processes": rows}))
    text = " ".join(capture.get().split())
    assert "The system is degraded. 1 plan is stalled." in text
    assert "and 3 more: marketplace doctor" in text
    assert "plans 3 analyzing; outbox 4; read models unknown" in text
    assert "worker well 7 1,234.5 100 -" in text
    assert "worker silent for 9 s 7 ? - -" in text


def test_of_two_engines_of_alerts_it_is_said_which_one_decides() -> None:
    rows = [process(one, 1, role="alerts", startedAt=None, host="h") for one in ("a", "b")]
    for row, state in zip(rows, ("active", "standby"), strict=True):
        row["progress"]["state"] = state
    console = Console(width=160)
    with console.capture() as capture:
        console.print(operations.processes(rows))
    text = " ".join(capture.get().split())
    assert "alerts well, active " in text
    assert "alerts well, standby " in text


def test_a_process_takes_one_line_of_a_terminal_of_eighty_columns() -> None:
    """A live screen that is higher than the terminal is cut off at its end."""
    reads = {f"a.topic.{n}": list(range(12)) for n in range(6)}
    row = {**process("a", 1_000_000, progress={"handled": 1_000_000, "holds": reads}), "perSecond": 1234.5}
    console = Console(width=80)
    with console.capture() as capture:
        console.print(view.top({**report(), "findings": [], "processes": [row]}))
    (line,) = [text for text in capture.get().splitlines() if "1,234.5" in text]
    before, after = capture.get().split(line)
    assert (before.count("\n"), after.count("\n")) == (5, 2)


@pytest.fixture
def sent() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def run(sent: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(top, "PAUSE_S", 0.0)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == f"{TASKS}/bulk":
            sent.append(json.loads(request.content))
            results = [{"taskId": one, "outcome": "accepted", "status": "x", "version": 2} for one in sent[-1]["ids"]]
            if "refused" in sent[-1].get("reason", ""):
                results[0] |= {"outcome": "wrong_status", "problem": {"detail": "It has ended."}}
            return httpx.Response(200, json={"results": results})
        if request.url.path == "/api/system/health":
            return httpx.Response(200, json=report(process("a", 1)))
        assert request.url.params["plan"] == PLAN
        statuses = ["open", "started", "completed", "failed"]
        row: dict[str, Any] = {
            "title": "t",
            "channel": "shopee",
            "priority": "high",
            "assignee": "",
            "planId": PLAN,
            "createdAt": None,
        }
        row |= {"dueOn": None, "overdue": False}
        items = [{"taskId": f"00000000-0000-4000-8000-{n:012d}", "status": s, **row} for n, s in enumerate(statuses)]
        return httpx.Response(200, json={"items": items, "nextCursor": None})

    return answered_by(answer)


def test_many_tasks_are_worked_on_at_once_each_once(run: Run, sent: list[dict[str, Any]]) -> None:
    ids = [f"00000000-0000-4000-8000-{n:012d}" for n in (1, 2, 1)]
    done = run("work", "assign", *ids, "--text", "ana", "--json")
    assert sent == [{"action": "assign", "assignee": "ana", "ids": ids[:2]}]
    assert [one["outcome"] for one in json.loads(done.stdout)["results"]] == ["accepted", "accepted"]


@pytest.mark.parametrize("action", list(TaskAction))
def test_of_a_plan_those_that_the_action_fits(run: Run, sent: list[dict[str, Any]], action: TaskAction) -> None:
    text = ["--text", "2026-12-01" if action is TaskAction.RESCHEDULE else "x"] if TASK.rules[action].field else []
    assert run("work", action, "--plan", PLAN, "--yes", *text).exit_code == 0
    statuses = ["open", "started", "completed", "failed"]
    wanted = [n for n, status in enumerate(statuses) if status in TASK.rules[action].needs]
    assert [int(one[-2:]) for one in (sent[0]["ids"] if sent else [])] == wanted


def test_a_refusal_is_told_and_is_the_exit_status(run: Run) -> None:
    done = run("work", "fail", "00000000-0000-4000-8000-000000000001", "--text", "refused")
    assert done.exit_code == 1
    assert "It has ended." in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [["start"], ["start", "00000000", "--plan", PLAN], ["assign", "00000000"], ["start", "00000000", "-t", "x"],
     ["start", "--plan", PLAN]],
    ids=["none", "both", "no text", "a text", "nobody to ask"],
)  # fmt: skip
def test_wrong_usage(run: Run, arguments: list[str], sent: list[dict[str, Any]]) -> None:
    assert run("work", *arguments).exit_code == 2
    assert sent == []


def test_top_once_is_a_document(run: Run) -> None:
    told = json.loads(run("top", "--json").stdout)
    assert told["processes"][0]["perSecond"] == 0.0
    assert "The system is degraded" in run("top", "--once").stdout
    done = run("top")
    assert done.exit_code == 2, "live is for a terminal"
    assert "marketplace top --once" in done.output + done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_told_how_to_complete(run: Run, shell: str) -> None:
    script = run("completion", shell).stdout
    assert "_MARKETPLACE_COMPLETE=" in script
    assert json.loads(run("completion", shell, "--json").stdout)["script"].strip() == script.strip()


def test_bash_completes_commands_and_options() -> None:
    """Bash reads the completion script, and the command that the script calls answers."""
    asked = {"_MARKETPLACE_COMPLETE": "complete_bash", "COMP_WORDS": "marketplace ex", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "gateway.cli"], env={**os.environ, **asked}, capture_output=True, text=True,
        timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.stdout.split() == ["export"], done.stderr
