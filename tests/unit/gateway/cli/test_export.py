"""`export` and `audit --file`: whole files that the gateway makes, which tells in the audit that they left."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.cli.client import Client
from tests.support.command_line import Run, answered_by

PLAN = "3f2b8c1e-5d4a-4e0b-9a57-1f0c2d3e4b5a"
EVENTS = ("--plan", PLAN)


@pytest.fixture
def asked() -> list[httpx.URL]:
    return []


@pytest.fixture
def run(asked: list[httpx.URL]) -> Run:
    headers = {"X-Export-Rows": "2", "X-Export-More": "false"}

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        what = request.url.path.rpartition("/")[2]
        more = {"X-Export-Without-Day": "1"} if request.url.params["form"] == "ics" else {}
        more |= {"X-Export-More": "true"} if request.url.params.get("q") == "many" else {}
        return httpx.Response(200, content=f"the {what}".encode(), headers={**headers, **more})

    return answered_by(answer)


def test_the_gateway_makes_the_file_of_plans_with_their_filter(
    run: Run, tmp_path: Path, asked: list[httpx.URL]
) -> None:
    file = tmp_path / "plans.XLSX"
    done = run("export", "plans", str(file), "--status", "executing,completed", "--channel", "shopee", "--json")
    assert json.loads(done.stdout) == {"file": str(file), "format": "xlsx", "rows": 2, "more": False}
    assert file.read_bytes() == b"the plans"
    assert asked[0].path == "/api/exports/plans"
    assert asked[0].params.multi_items() == [
        ("status", "executing"), ("status", "completed"), ("channel", "shopee"), ("form", "xlsx")
    ]  # fmt: skip
    assert "more fit than a file takes" in run("export", "plans", str(tmp_path / "b.csv"), "-q", "many").stderr


def test_tasks_as_a_calendar_say_how_many_have_no_day(run: Run, tmp_path: Path, asked: list[httpx.URL]) -> None:
    file = tmp_path / "tasks.ics"
    done = run("export", "tasks", str(file), "--plan", PLAN, "--json")
    assert json.loads(done.stdout) == {
        "file": str(file), "format": "ics", "rows": 2, "more": False, "withoutDay": 1
    }  # fmt: skip
    assert asked[0].params["plan"] == PLAN
    assert "1 tasks without a day" in run("export", "tasks", str(tmp_path / "b.ics")).stderr


def test_the_audit_is_taken_away_with_its_filter(run: Run, tmp_path: Path, asked: list[httpx.URL]) -> None:
    file = tmp_path / "audit.csv"
    done = run("audit", "--actor", "ana", "--day", "2026-11-30", "--file", str(file))
    assert (done.exit_code, file.read_bytes()) == (0, b"the audit")
    assert "2 rows in" in done.stderr
    assert asked[0].path == "/api/exports/audit"
    assert asked[0].params.multi_items() == [("actor", "ana"), ("day", "2026-11-30"), ("form", "csv")]
    assert run("audit", "--file", str(file)).exit_code == 1, "it is there already"
    assert run("audit", "--file", str(tmp_path / "a.ics")).exit_code == 2


def test_attempts_are_taken_away_with_their_filter(run: Run, tmp_path: Path, asked: list[httpx.URL]) -> None:
    file = tmp_path / "attempts.xlsx"
    day = ("--since", "2026-11-30T00:00:00Z")
    done = run("attempts", "--outcome", "dead", "--job", "analysis,task", "-c", "shopee", *day, "--file", str(file))
    assert (done.exit_code, file.read_bytes()) == (0, b"the attempts")
    assert asked[0].path == "/api/exports/attempts"
    assert asked[0].params.multi_items() == [
        ("outcome", "dead"), ("job", "analysis"), ("job", "task"), ("channel", "shopee"),
        ("since", "2026-11-30T00:00:00+00:00"), ("form", "xlsx"),
    ]  # fmt: skip
    assert run("attempts", PLAN, "--file", str(tmp_path / "b.csv")).exit_code == 0
    assert asked[-1].params["plan"] == PLAN


@pytest.mark.parametrize("refused", [True, False])
def test_of_a_file_that_does_not_come_whole_nothing_is_left(tmp_path: Path, refused: bool) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half of it"
        raise httpx.RemoteProtocolError("closed")

    def answer(_request: httpx.Request) -> httpx.Response:
        if refused:
            return httpx.Response(403, json={"title": "Not allowed", "status": 403, "type": "x"})
        return httpx.Response(200, content=pieces(), headers={"X-Export-Rows": "9", "X-Export-More": "false"})

    done = answered_by(answer)("export", "plans", str(tmp_path / "plans.csv"))
    assert done.exit_code not in {0, 2}
    assert list(tmp_path.iterdir()) == []


def test_events_and_the_month_are_taken_away_by_the_gateway_too(
    run: Run, tmp_path: Path, asked: list[httpx.URL]
) -> None:
    """Every download is in the audit, so only the gateway, which writes the audit, makes exports."""
    done = run("export", "events", "-", "--format", "csv", *EVENTS)
    assert done.stdout == "the events"
    assert asked[-1].path == "/api/exports/events"
    assert asked[-1].params.multi_items() == [("plan", PLAN), ("form", "csv")]
    done = run("export", "month", str(tmp_path / "m.xlsx"), "--month", "2026-03", "--json")
    assert (json.loads(done.stdout)["rows"], (tmp_path / "m.xlsx").read_bytes()) == (2, b"the month")
    assert asked[-1].path == "/api/exports/month"
    assert asked[-1].params.multi_items() == [("month", "2026-03"), ("form", "xlsx")]
    run("export", "proposals", str(tmp_path / "p.xlsx"), "--plan", PLAN)
    assert asked[-1].path == "/api/exports/proposals"
    assert asked[-1].params.multi_items() == [("plan", PLAN), ("form", "xlsx")]
    run("export", "month", "-", "--format", "csv")
    assert asked[-1].params.multi_items() == [("form", "csv")]


@pytest.mark.parametrize(("status", "title"), [(429, "Too many requests"), (503, "Not available now")])
def test_a_place_that_is_not_free_yet_is_waited_for(tmp_path: Path, status: int, title: str) -> None:
    answers = iter([status, status, 200, status, status, status])

    def answer(_request: httpx.Request) -> httpx.Response:
        if (now := next(answers)) == 200:
            return httpx.Response(200, content=b"all", headers={"X-Export-Rows": "1", "X-Export-More": "false"})
        told = {"title": title, "status": now, "type": "x", "detail": "2 of your downloads are still on their way."}
        return httpx.Response(now, json=told, headers={"Retry-After": "0"})

    run = answered_by(answer)
    assert run("export", "plans", str(tmp_path / "a.csv")).exit_code == 0
    assert (tmp_path / "a.csv").read_bytes() == b"all"
    done = run("export", "plans", str(tmp_path / "b.csv"))
    assert (done.exit_code != 0, "2 of your downloads" in done.stderr) == (True, True)
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]
    assert list(answers) == [], "it asked three times"


def test_a_file_that_is_there_is_kept(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "plans.csv"
    file.write_text("mine")
    done = run("export", "plans", str(file))
    assert (done.exit_code, file.read_text()) == (1, "mine")
    assert "--force" in done.stderr
    assert run("export", "plans", str(file), "--force").exit_code == 0
    assert file.read_text("utf-8") != "mine"
    assert [one.name for one in tmp_path.iterdir()] == ["plans.csv"]


def test_where_a_file_cannot_be_there_is_said(run: Run, tmp_path: Path) -> None:
    assert run("export", "plans", str(tmp_path / "no" / "plans.csv")).exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["plans", "plans.txt"],
        ["plans", "plans.ics"],
        ["month", "m.ics"],
        ["events", "e.csv"],
        ["plans", "-"],
        ["plans", "-", "--format", "csv", "--json"],
        ["nothing", "a.csv"],
    ],
    ids=" ".join,
)
def test_wrong_usage(run: Run, arguments: list[str]) -> None:
    assert run("export", *arguments).exit_code == 2


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
@pytest.mark.parametrize("nameless", [True, False])
def test_the_umask_says_who_may_read_a_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mask: int, mode: int, nameless: bool
) -> None:
    if not nameless:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    file = tmp_path / "tasks.csv"
    before = os.umask(mask)
    try:
        assert run("export", "tasks", str(file)).exit_code == 0
        assert run("export", "tasks", str(file), "--force").exit_code == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert [one.name for one in tmp_path.iterdir()] == ["tasks.csv"]


def test_of_a_file_that_could_not_be_made_whole_nothing_is_left(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(_client: Any, _path: str, _params: Any, to: Any) -> Any:
        to.write(b"half of it")
        seen.append([one.name for one in tmp_path.iterdir()])
        raise OSError(28, "No space left on device")

    seen: list[list[str]] = []
    monkeypatch.setattr(Client, "download", half)
    done = run("export", "month", str(tmp_path / "month.csv"))
    assert done.exit_code == 1
    assert "No space left on device" in done.stderr
    assert list(tmp_path.iterdir()) == []
    if hasattr(os, "O_TMPFILE"):
        assert seen == [[]], "even a process that is killed now leaves nothing"
