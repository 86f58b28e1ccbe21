"""`export`: whole files that spreadsheets and calendars read, in which no text is a formula."""

from __future__ import annotations

import csv
import json
import os
import stat
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from gateway.cli.client import PLANS, TASKS
from gateway.cli.exports import calendar, columns
from gateway.shapes.plans import EventShape, PlanRow
from gateway.shapes.slo import ObjectiveShape
from gateway.shapes.tasks import TaskShape
from tests.support.command_line import Run, answered_by

PLAN = "3f2b8c1e-5d4a-4e0b-9a57-1f0c2d3e4b5a"
FORMULA = '=HYPERLINK("http://x","y")'


def task(n: int, **more: Any) -> dict[str, Any]:
    made = {
        "taskId": f"00000000-0000-4000-8000-{n:012d}", "planId": PLAN, "planTitle": "Março", "version": n, "phase": 1,
        "title": f"Tarefa {n}", "what": "Rever fotos", "channel": "shopee", "priority": "high", "status": "open",
        "assignee": "", "dueOn": None, "overdue": False, "opportunityTitle": "", "worthBrl": None, "note": "",
        "attempt": 1, "createdAt": "2026-03-01T10:00:00Z", "startedAt": None, "endedAt": None,
    }  # fmt: skip
    return made | more


def plan(**more: Any) -> dict[str, Any]:
    made = {
        "planId": PLAN, "status": "executing", "title": FORMULA, "filename": "-1.csv", "channels": ["shopee", "amazon"],
        "priority": "high", "partial": True, "opportunityCount": 3, "worthBrl": 1200.5, "phase1Origin": "agent",
        "tasks": {"total": 2, "byStatus": {"completed": 1}, "overdue": 1}, "reason": "", "uploadedBy": "ana",
        "decidedBy": "@rui", "uploadedAt": "2026-03-01T10:00:00Z", "analyzedAt": None, "decidedAt": None,
        "endedAt": None,
    }  # fmt: skip
    return made | more


@pytest.fixture
def asked() -> list[httpx.URL]:
    return []


@pytest.fixture
def run(asked: list[httpx.URL]) -> Run:
    tasks = [task(1, dueOn="2026-04-07", assignee="ana"), task(2), task(3, dueOn="2026-02-28", status="cancelled")]
    event = {"recordedAt": "t", "occurredAt": "t", "type": "plan.uploaded", "actor": "+x", "stream": "s", "version": 1}
    event |= {"eventId": "e", "causationId": "c", "traceId": None, "topic": "plan.events", "partition": 1, "offset": 2}
    objective = {"title": "Phase 1", "state": "met", "share": 0.99, "good": 1.0, "spent": {"total": 9, "bad": 0}}
    answers: dict[str, Any] = {
        PLANS: {"items": [plan()], "nextCursor": None},
        TASKS: {"items": tasks, "nextCursor": None},
        f"{PLANS}/{PLAN}/events": {"items": [{**event, "data": {"title": "ação"}}], "nextCursor": None},
        "/api/slo": {"objectives": [{**objective, "atMostMs": 500, "budgetLeft": 1.0, "why": ""}]},
    }

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(200, json=answers[request.url.path])

    return answered_by(answer)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.lstrip("\ufeff"))))


def test_a_csv_has_every_column_and_no_formula(run: Run, tmp_path: Path, asked: list[httpx.URL]) -> None:
    file = tmp_path / "plans.csv"
    done = run("export", "plans", str(file), "--status", "executing", "--json")
    assert json.loads(done.stdout) == {"file": str(file), "format": "csv", "rows": 1}
    assert asked[0].params["status"] == "executing"
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    (row,) = rows(file.read_text("utf-8"))
    assert list(row) == list(columns.PLANS)
    assert (row["title"], row["file"], row["decided_by"]) == (f"'{FORMULA}", "'-1.csv", "'@rui")
    assert (row["channels"], row["partial"], row["worth_brl_a_month"]) == ("shopee, amazon", "yes", "1200.5")


def test_a_workbook_has_texts_as_texts_and_numbers_as_numbers(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "plans.XLSX"
    assert run("export", "plans", str(file)).exit_code == 0
    sheet = load_workbook(BytesIO(file.read_bytes())).active
    assert sheet is not None
    head, row = list(sheet.iter_rows())
    cells = dict(zip([cell.value for cell in head], row, strict=True))
    assert (cells["title"].value, cells["title"].data_type, cells["title"].quotePrefix) == (FORMULA, "s", True)
    assert (cells["worth_brl_a_month"].value, cells["tasks"].value) == (1200.5, 2)
    assert b"<f>" not in file.read_bytes()


def test_what_no_cell_can_hold_is_left_out(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "cells", lambda _columns, _row: ["a\x00\x0bb", "x" * 40_000, None, 1])
    file = tmp_path / "tasks.xlsx"
    assert run("export", "tasks", str(file)).exit_code == 0
    sheet = load_workbook(BytesIO(file.read_bytes())).active
    assert sheet is not None
    first = [cell.value for cell in list(sheet.iter_rows())[1]]
    assert first[0] == "ab"
    assert len(str(first[1])) == 32_767


def test_events_and_the_month(run: Run, tmp_path: Path, asked: list[httpx.URL]) -> None:
    done = run("export", "events", "-", "--format", "csv", "--plan", PLAN)
    (row,) = rows(done.stdout)
    assert (row["actor"], row["place"], row["data"]) == ("'+x", "plan.events/1/2", '{"title": "ação"}')
    assert run("export", "month", str(tmp_path / "m.csv"), "--month", "2026-03").exit_code == 0
    assert asked[-1].params["month"] == "2026-03"
    (row,) = rows((tmp_path / "m.csv").read_text("utf-8"))
    assert (row["objective"], row["good"], row["measured"]) == ("Phase 1", "1.0", "9")


def test_tasks_with_a_day_become_a_calendar(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "tasks.ics"
    done = run("export", "tasks", str(file), "--json")
    assert json.loads(done.stdout) == {"file": str(file), "format": "ics", "rows": 2, "withoutDay": 1}
    lines = file.read_bytes().decode().split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    assert lines.count("BEGIN:VEVENT") == 2
    assert "DTSTART;VALUE=DATE:20260407" in lines
    assert "DTEND;VALUE=DATE:20260301" in lines, "28 February is followed by 1 March"
    assert "UID:00000000-0000-4000-8000-000000000001@marketplace" in lines
    assert "STATUS:CANCELLED" in lines
    assert "1 tasks without a day" in run("export", "tasks", str(tmp_path / "b.ics")).stderr


def test_no_text_ends_a_line_of_a_calendar_or_is_a_sign_of_it() -> None:
    to = BytesIO()
    hostile = task(1, dueOn="2026-04-07", title="a\r\nEND:VEVENT\r\nX:ç" * 30, what="b;c,d\\e\x07")
    calendar.write_ics(to, [hostile], "http://pages", datetime(2026, 1, 1, tzinfo=UTC))
    text = to.getvalue()
    assert max(map(len, text.split(b"\r\n"))) <= 75
    unfolded = text.decode().replace("\r\n ", "")
    assert unfolded.count("\r\nEND:VEVENT") == 1
    assert "\\nEND:VEVENT\\nX:ç" in unfolded
    assert "b\\;c\\,d\\\\e" in unfolded
    assert "\x07" not in unfolded


def test_a_file_that_is_there_is_kept(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "plans.csv"
    file.write_text("mine")
    done = run("export", "plans", str(file))
    assert (done.exit_code, file.read_text()) == (1, "mine")
    assert "--force" in done.stderr
    assert run("export", "plans", str(file), "--force").exit_code == 0
    assert file.read_text("utf-8") != "mine"
    assert [one.name for one in tmp_path.iterdir()] == ["plans.csv"]


def test_what_fails_half_way_leaves_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gateway.cli.exports.tables.write_csv", fails)
    done = run("export", "plans", str(tmp_path / "plans.csv"))
    assert done.exit_code == 1
    assert "No space left" in done.stderr
    assert list(tmp_path.iterdir()) == []
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


class Nested(dict[str, Any]):
    """Stands for any object of an answer."""

    def __missing__(self, _name: str) -> Any:
        return Nested()

    def __int__(self) -> int:
        return 0


class Row(Nested):
    """Remembers what is read of it."""

    def __init__(self) -> None:
        super().__init__()
        self.read: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.read.add(name)
        return default

    def __missing__(self, name: str) -> Any:
        self.read.add(name)
        return Nested()


def test_columns_are_members_of_what_the_api_gives() -> None:
    """Each column reads a member that there is: a renamed one would be empty for ever."""
    for wanted, shape in (
        (columns.PLANS, PlanRow), (columns.TASKS, TaskShape), (columns.EVENTS, EventShape),
        (columns.OBJECTIVES, ObjectiveShape),
    ):  # fmt: skip
        members = {field.alias or name for name, field in shape.model_fields.items()}
        row = Row()
        columns.cells(wanted, row)
        assert row.read
        assert row.read <= members, shape


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
    def half(to: Any, *_: Any) -> int:
        to.write(b"half of it")
        seen.append([one.name for one in tmp_path.iterdir()])
        raise OSError(28, "No space left on device")

    seen: list[list[str]] = []
    monkeypatch.setattr("gateway.cli.exports.tables.write_csv", half)
    done = run("export", "tasks", str(tmp_path / "tasks.csv"))
    assert done.exit_code == 1
    assert "No space left on device" in done.stderr
    assert list(tmp_path.iterdir()) == []
    if hasattr(os, "O_TMPFILE"):
        assert seen == [[]], "even a process that is killed now leaves nothing"
