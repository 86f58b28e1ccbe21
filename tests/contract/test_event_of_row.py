"""An event is made of a row of the outbox in one place: a second place for it is found, whoever plants it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields

import pytest

from schemas.events import Event
from tests.contract.test_one_place import name_of
from tests.support.sources import mentioning

PLACE = "schemas/process/outbox_seals.py"
FIELDS = {field.name for field in fields(Event)}
#: So many fields of a row make a copy. A phase that is made again to tell its tasks takes three.
MANY = 4
#: Takes rows whose seal was checked, and rows of the history, which have none.
CHECKED_BEFORE = {"streams/watchdog/outbox_events.py"}


def read_of_a_row(call: ast.Call) -> set[str]:
    """Return the fields of an event that the arguments of a call take from a row: `row["stream"]`."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    parts = [part for value in given for part in ast.walk(value) if isinstance(part, ast.Subscript)]
    return FIELDS & {part.slice.value for part in parts if isinstance(part.slice, ast.Constant)}


def events_of_rows(tree: ast.AST) -> Iterator[int]:
    """Yield the lines that make an event of a row, column by column or of all that it has."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or name_of(node.func) != Event.__name__:
            continue
        if {keyword.arg for keyword in node.keywords} - FIELDS - {None}:
            continue  # another class of this name, such as the event that pages show
        whole = any(isinstance(part, ast.Starred) for part in node.args) or any(k.arg is None for k in node.keywords)
        if whole or len(read_of_a_row(node)) >= MANY:
            yield node.lineno


def unchecked(tree: ast.AST) -> Iterator[int]:
    """Yield the lines that import what makes an event of a row without a look at its seal."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "schemas.process.outbox_seals":
            yield from (node.lineno for alias in node.names if alias.name == "event_of")


def test_an_event_is_made_of_a_row_in_one_place() -> None:
    found = {file: len(list(events_of_rows(tree))) for file, tree in mentioning({Event.__name__})}
    assert {file: count for file, count in found.items() if count} == {PLACE: 1}


def test_who_makes_an_event_of_a_row_checks_its_seal() -> None:
    assert {file for file, tree in mentioning({"event_of"}) if list(unchecked(tree))} == CHECKED_BEFORE


@pytest.mark.parametrize(
    "planted",
    [
        'Event(row["type"], row["event_id"], row["stream"], row["version"], 0, "", plan, "", data)',
        'events.Event(type=row["type"], event_id=str(row["event_id"]), stream=row["stream"], data=loads(row["data"]))',
        "Event(**{name: row[name] for name in ENVELOPE})",
        "Event(*row)",
    ],
)
def test_another_place_is_found(planted: str) -> None:
    assert list(events_of_rows(ast.parse(planted)))


@pytest.mark.parametrize(
    "harmless",
    [
        'Event("plan.stalled", derive_id(stream, "watchdog", n), stream, n, now, row["kind"], row["plan_id"], ME, {})',
        'Event(row["of_type"], row["causation_id"], f"plan-{plan}", 1, 0, "", plan, row["actor"], data)',
        'Event(event_id=row["event_id"], plan_id=row["plan_id"], type=row["type"], stream=row["stream"], n=0)',
        "asyncio.Event()",
    ],
)
def test_what_is_no_row_of_the_outbox_is_let_be(harmless: str) -> None:
    assert list(events_of_rows(ast.parse(harmless))) == []


def test_an_import_that_skips_the_seal_is_found() -> None:
    assert list(unchecked(ast.parse("from schemas.process.outbox_seals import COLUMNS, event_of")))
    assert list(unchecked(ast.parse("from schemas.process.outbox_seals import COLUMNS, Seals"))) == []
