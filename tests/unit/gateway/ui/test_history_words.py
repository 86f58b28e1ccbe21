"""What an event changed, in words: every column of a plan's tables has a name, or is left untold on purpose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.ui import i18n
from gateway.ui.words.history_words import COLUMNS, LONGEST, UNTOLD, called, said
from projections.past.reads import TABLES, Changed

DATABASE = Path(__file__).parents[4] / "schemas" / "database"
_COLUMN = re.compile(r"^ {4}(\w+) +(?:uuid|integer|text|bigint|boolean|jsonb|timestamptz|date)\b", re.MULTILINE)
_ADDED = re.compile(r"add column (?:if not exists )?(\w+)")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


def columns_of(table: str) -> set[str]:
    """The columns that the files of the database give a table of rm."""
    found: set[str] = set()
    for file in sorted([*(DATABASE / "tables").glob("*.sql"), *(DATABASE / "migrations").glob("*.sql")]):
        text = file.read_text("utf-8")
        for made in re.findall(rf"create table rm\.{table} \((.*?)^\);", text, re.MULTILINE | re.DOTALL):
            found |= set(_COLUMN.findall(made))
        for altered in re.findall(rf"alter table rm\.{table}\b(.*?);", text, re.DOTALL):
            found |= set(_ADDED.findall(altered))
    return found


def test_the_tables_are_those_that_are_folded() -> None:
    assert set(COLUMNS) == set(UNTOLD) == set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_each_column_is_called_something_or_left_out_on_purpose(table: str) -> None:
    assert len(columns_of(table)) > 4
    assert {*COLUMNS[table], *UNTOLD[table]} <= columns_of(table)
    assert [column for column in columns_of(table) - {*UNTOLD[table]} if not called(table, column)] == []


def test_a_time_without_a_word_goes_by_its_event() -> None:
    assert called("plan", "rejected_at") == "Plan rejected"
    assert called("plan", "nobody_at") == called("plan", "rejected") == ""


def test_a_move_tells_what_was_and_what_became() -> None:
    row = {"status": "approved", "version": 3, "changed_at": "2026-03-10T13:00:00+00:00", "partial": False}
    was = {"status": "awaiting_approval", "version": 2, "changed_at": "x", "partial": True}
    (change,) = said([Changed("plan", row, was, ("status", "version", "changed_at", "partial"))])

    assert (change.subject, change.new) == ("The plan", False)
    assert [(line.name, line.before, line.after, line.look) for line in change.lines] == [
        ("State", "awaiting_approval", "approved", "plan"),
        ("Version", "2", "3", ""),
        ("Partial", "yes", "no", ""),
    ]


def test_a_new_row_tells_what_it_has_alone_in_portuguese_too() -> None:
    row = {"task_id": "t", "title": "Rever fotos", "note": "", "status": "open", "also_serves": ["a", "b"]}
    row |= {
        "due_on": "2026-04-07",
        "what": "x" * 400,
        "channel": "own_store",
        "created_at": "2026-03-10T13:04:05+00:00",
    }
    i18n.use("pt_BR")
    (change,) = said([Changed("task", row, None, tuple(row))])

    assert (change.subject, change.text, change.new) == ("Tarefa", "Rever fotos", True)
    told = {line.name: line.after for line in change.lines}
    assert told["Prazo"] == "7 de abr. de 2026"
    assert told["Canal"] == "Loja própria"
    assert told["Outras oportunidades"] == "2"
    assert len(told["O que fazer"]) == LONGEST
    assert "Nota" not in told


def test_the_plan_comes_first_and_what_is_not_known_keeps_its_name() -> None:
    comment = Changed("task_comment", {"actor": "system:x", "comment": "ok"}, None, ("actor", "comment"))
    plan = Changed(
        "plan", {"a_column_of_tomorrow": {"code": "c"}}, {"a_column_of_tomorrow": None}, ("a_column_of_tomorrow",)
    )
    later = Changed("table_of_tomorrow", {"x": 1}, None, ("x",))

    first, second, third = said([later, comment, plan])
    assert (first.subject, first.lines[0].name, first.lines[0].after) == ("The plan", "a_column_of_tomorrow", "c")
    assert [line.after for line in second.lines] == ["system: x", "ok"]
    assert third.subject == "table_of_tomorrow"


def test_a_row_of_which_nothing_is_told_is_left_out() -> None:
    assert said([Changed("plan", {"changed_at": "b"}, {"changed_at": "a"}, ("changed_at",))]) == []
