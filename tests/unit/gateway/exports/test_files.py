"""Lists as files that spreadsheets and calendars read, in which no text is a formula."""

from __future__ import annotations

import csv
import tempfile
import zipfile
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook

from gateway.exports import columns
from gateway.exports.calendar import Calendar
from gateway.exports.columns import Columns
from gateway.exports.workbook import LONGEST
from gateway.exports.writing import Form, Writer, writer
from gateway.shapes.attempts import TriedShape
from gateway.shapes.audit import AuditShape
from gateway.shapes.plans import EventShape, PlanRow
from gateway.shapes.slo import ObjectiveShape
from gateway.shapes.tasks import TaskShape

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


def whole(way: Writer, *rows: dict[str, Any]) -> bytes:
    return way.begin() + b"".join(way.rows([row]) for row in rows) + way.end()


def file_of(form: Form, shown: Columns, *rows: dict[str, Any]) -> bytes:
    return whole(writer(form, shown, list(shown)), *rows)


def sheet_of(file: bytes) -> Any:
    return load_workbook(BytesIO(file)).active


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_text_of_a_table_begins_as_a_formula(begins: str) -> None:
    text = f"{begins}1+1"
    file = file_of(Form.CSV, columns.PLANS, plan(title=text))
    (row,) = csv.DictReader(StringIO(file.decode("utf-8-sig"), newline=""))
    assert row["title"] == f"'{text}"
    cell = list(sheet_of(file_of(Form.XLSX, columns.PLANS, plan(title=text))).iter_rows())[1][2]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


@pytest.mark.parametrize("other", [";", "\t", ","])
@pytest.mark.parametrize("sign", ["=", "@", "-", "+", "＝"])
@pytest.mark.parametrize("text", ["a{o}{s}1+1", "a{o}{s}1+1{o}b", 'a{o}"{s}1+1{o}"b', "a\n{s}cmd|' /C calc'!A0"])
def test_nor_does_a_part_of_one_that_is_read_with_another_delimiter(text: str, sign: str, other: str) -> None:
    """As a spreadsheet does whose country has another one than the file."""
    hostile = text.format(o=other, s=sign)
    lines = file_of(Form.CSV, columns.PLANS, plan(title=hostile)).decode("utf-8-sig")
    for delimiter in (";", ",", "\t"):
        cells = [cell for row in csv.reader(StringIO(lines, newline=""), delimiter=delimiter) for cell in row]
        assert [cell for cell in cells if cell.startswith(sign)] == []


@pytest.mark.parametrize("text", ["1.000,- BRL", "[1,-2,3]", "a, -b; =c", "frete,-5%", "lista:\n- um\n- dois"])
def test_numbers_and_lists_stay_as_they_are(text: str) -> None:
    (row,) = csv.DictReader(
        StringIO(file_of(Form.CSV, columns.PLANS, plan(title=text)).decode("utf-8-sig"), newline="")
    )
    assert row["title"] == text


def test_a_csv_has_every_column_and_no_formula() -> None:
    file = file_of(Form.CSV, columns.PLANS, plan())
    assert file.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(StringIO(file.decode("utf-8-sig"), newline=""))
    assert list(row) == list(columns.PLANS)
    assert (row["title"], row["file"], row["decided_by"]) == (f"'{FORMULA}", "'-1.csv", "'@rui")
    assert (row["channels"], row["partial"], row["worth_brl_a_month"]) == ("shopee, amazon", "yes", "1200.5")


def test_a_workbook_has_texts_as_texts_and_numbers_as_numbers() -> None:
    file = file_of(Form.XLSX, columns.PLANS, plan())
    head, row = list(sheet_of(file).iter_rows())
    cells = dict(zip([cell.value for cell in head], row, strict=True))
    assert list(cells) == list(columns.PLANS)
    assert (cells["title"].value, cells["title"].data_type, cells["title"].quotePrefix) == (FORMULA, "s", True)
    assert (cells["status"].value, cells["status"].quotePrefix) == ("executing", False)
    assert (cells["worth_brl_a_month"].value, cells["tasks"].value, cells["ended_at"].value) == (1200.5, 2, None)
    assert head[0].font.b
    assert sheet_of(file).freeze_panes == "A2"


def test_each_part_of_a_workbook_is_xml_and_none_has_a_formula() -> None:
    with zipfile.ZipFile(BytesIO(file_of(Form.XLSX, columns.PLANS, plan()))) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            found = {element.tag.rpartition("}")[2] for element in ET.fromstring(archive.read(name)).iter()}
            assert "f" not in found, name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00\x0bb\ud800", "ab"),
        ("x" * 40_000, "x" * (LONGEST - 1) + "…"),
        ('  <b>&amp; "ç" ]]> ', '  <b>&amp; "ç" ]]> '),
        ("two\nlines\ttab", "two\nlines\ttab"),
        ("#N/A", "#N/A"),
    ],
)
def test_a_cell_holds_what_it_can_and_nothing_of_it_is_markup(text: str, shown: str) -> None:
    file = file_of(Form.XLSX, {"text": lambda _row: text}, {})
    assert sheet_of(file)["A2"].value == shown


def test_a_text_that_looks_like_a_coded_character_stays_as_it_is() -> None:
    with zipfile.ZipFile(BytesIO(file_of(Form.XLSX, {"text": lambda _row: "_x0041_ _x1_"}, {}))) as archive:
        assert b"_x005F_x0041_ _x1_<" in archive.read("xl/worksheets/sheet1.xml")


def test_a_workbook_has_the_rows_of_every_piece() -> None:
    way = writer(Form.XLSX, {"n": lambda row: row["n"]}, ["n"])
    pieces = [way.begin(), *(way.rows([{"n": n} for n in range(at, at + 200)]) for at in range(0, 1000, 200))]
    shown = sheet_of(b"".join(pieces) + way.end()).iter_rows(min_row=2, values_only=True)
    assert [n for (n,) in shown] == list(range(1000))


@pytest.mark.parametrize("whole", [True, False])
def test_a_workbook_leaves_no_file_behind(whole: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    way = writer(Form.XLSX, columns.TASKS, list(columns.TASKS))
    way.begin()
    way.rows([task(1)])
    assert list(tmp_path.iterdir())
    if whole:
        way.end()
    way.close()
    assert list(tmp_path.iterdir()) == []


def test_tasks_with_a_day_become_a_calendar() -> None:
    some = [task(1, dueOn="2026-04-07", assignee="ana"), task(2), task(3, dueOn="2026-02-28", status="cancelled")]
    lines = file_of(Form.ICS, columns.TASKS, *some).decode().split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    assert lines.count("BEGIN:VEVENT") == 2
    assert "DTSTART;VALUE=DATE:20260407" in lines
    assert "DTEND;VALUE=DATE:20260301" in lines, "28 February is followed by 1 March"
    assert "UID:00000000-0000-4000-8000-000000000001@marketplace" in lines
    assert "STATUS:CANCELLED" in lines


def test_no_text_ends_a_line_of_a_calendar_or_is_a_sign_of_it() -> None:
    hostile = task(1, dueOn="2026-04-07", title="a\r\nEND:VEVENT\r\nX:ç" * 30, what="b;c,d\\e\x07")
    text = whole(Calendar("http://pages", datetime(2026, 1, 1, tzinfo=UTC)), hostile)
    assert max(map(len, text.split(b"\r\n"))) <= 75
    unfolded = text.decode().replace("\r\n ", "")
    assert unfolded.count("\r\nEND:VEVENT") == 1
    assert "\\nEND:VEVENT\\nX:ç" in unfolded
    assert "b\\;c\\,d\\\\e" in unfolded
    assert "\x07" not in unfolded


def test_the_first_and_the_last_day_there_are_break_no_calendar() -> None:
    """Whoever works on tasks gives one any day, and everybody takes the calendar."""
    some = [task(1, dueOn="9999-12-31"), task(2, dueOn="0001-01-01")]
    lines = file_of(Form.ICS, columns.TASKS, *some).decode().split("\r\n")
    days = [line for line in lines if line.startswith("DT") and "VALUE=DATE" in line]
    assert days == ["DTSTART;VALUE=DATE:99991231", "DTSTART;VALUE=DATE:00010101", "DTEND;VALUE=DATE:00010102"]


class Nested(dict[str, Any]):
    """An object with the members that exports read."""

    def __missing__(self, _name: str) -> Any:
        return Nested()

    def __int__(self) -> int:
        return 0


class Row(Nested):
    """A row that remembers which of its members were read."""

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
    """Each column reads a member that exists; after a renaming it would be empty for ever."""
    for wanted, shape in (
        (columns.PLANS, PlanRow), (columns.TASKS, TaskShape), (columns.EVENTS, EventShape),
        (columns.OBJECTIVES, ObjectiveShape), (columns.AUDIT, AuditShape),
        (columns.ATTEMPTS, TriedShape),
    ):  # fmt: skip
        members = {field.alias or name for name, field in shape.model_fields.items()}
        row = Row()
        columns.cells(wanted, row)
        assert row.read
        assert row.read <= members | {"team"}, shape  # whose the plan is, is told beside each row
