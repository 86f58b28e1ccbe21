"""The types of events say what the Avro files say: made from them, and the type checker holds the code to them."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from schemas.catalogue import newest, versions
from schemas.events import ENVELOPE, Event
from schemas.lifecycle import PLAN
from schemas.topics import declared
from schemas.typed import unions
from schemas.typed.__main__ import BY_HAND, HERE, files, write
from tests.contract.golden import golden
from tests.support.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
TYPES = list(versions())
UNIONS = {"plan.events": unions.PlanEvent, "task.events": unions.TaskEvent, "system.events": unions.SystemEvent}
KNOWN = {"plan.events": unions.PLAN_TYPES, "task.events": unions.TASK_TYPES, "system.events": unions.SYSTEM_TYPES}


def typed(type_: str) -> Any:
    """Return the type of an event, such as PlanUploaded."""
    return getattr(import_module(f"schemas.typed.{type_.partition('.')[0]}"), newest(type_).raw["name"])


def data_of(type_: str) -> Any:
    """Return the type of an event's data, such as PlanUploadedData."""
    return get_args(typed(type_))[1]


def fits(value: Any, hint: Any) -> bool:
    """Return whether a value is one of a type."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is list:
        return isinstance(value, list) and all(fits(one, inner[0]) for one in value)
    if origin is dict:
        return isinstance(value, dict) and all(fits(k, inner[0]) and fits(v, inner[1]) for k, v in value.items())
    if origin is UnionType:
        return any(fits(value, branch) for branch in inner)
    if is_typeddict(hint):
        hints = get_type_hints(hint)
        return isinstance(value, dict) and value.keys() == hints.keys() and all(fits(value[k], hints[k]) for k in hints)
    return value is None if hint is NoneType else type(value) is hint


def test_the_types_are_those_that_the_avro_files_make() -> None:
    on_disk = {file.name: file.read_text("utf-8") for file in HERE.glob("*.py") if file.name not in BY_HAND}
    assert on_disk == files(), "run `make events`"


def test_what_is_no_event_any_more_is_deleted(tmp_path: Path) -> None:
    for name in ("old.py", "generator.py", "__init__.py"):
        (tmp_path / name).write_text("kept = 1\n", "utf-8")
    write(tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {"generator.py", "__init__.py", *files()}


@pytest.mark.parametrize("type_", TYPES)
def test_every_event_has_its_type_and_every_field_is_in_it(type_: str) -> None:
    assert get_origin(typed(type_)) is Event
    assert get_args(typed(type_))[0] == Literal[type_]
    own = {field["name"]: field for field in newest(type_).raw["fields"] if field["name"] not in ENVELOPE}
    assert list(get_type_hints(data_of(type_))) == list(own)
    hints = get_type_hints(data_of(type_), include_extras=True)
    optional = {name for name, hint in hints.items() if get_origin(hint) is NotRequired}
    assert optional == {name for name, field in own.items() if "default" in field}


@pytest.mark.parametrize("type_", TYPES)
def test_the_golden_event_is_of_its_type(type_: str) -> None:
    record = golden(type_, newest(type_).version).record
    data = {name: value for name, value in record.items() if name not in ENVELOPE}
    assert fits(data, data_of(type_))
    for name in data:
        assert not fits({**data, name: object()}, data_of(type_)), f"{name} may be anything"


@pytest.mark.parametrize("topic", UNIONS)
def test_a_union_has_the_events_of_its_topic(topic: str) -> None:
    events = set(declared()[topic].events)
    assert {get_args(get_args(event)[0])[0] for event in get_args(UNIONS[topic])} == events == KNOWN[topic]


@pytest.mark.parametrize(
    ("type_", "subject"),
    [
        ("plan.uploaded", "plan"),
        ("task.created", "task"),
        ("worker.started", "system"),
        ("analysis.requested", "analysis"),
        ("plan.paused", None),  # of a version to come
    ],
)
def test_the_guards_know_their_events(type_: str, subject: str | None) -> None:
    event: Event = Event(type_, "e", "s", 1, 1, "c", "p", "ana", {})
    said = {
        "plan": unions.is_plan_event(event),
        "task": unions.is_task_event(event),
        "system": unions.is_system_event(event),
        "analysis": unions.is_analysis_event(event),
    }
    assert [name for name, yes in said.items() if yes] == [subject] * (subject is not None)


def test_decisions_are_what_the_commands_on_plans_make() -> None:
    assert {rule.event for rule in PLAN.rules.values()} == unions.PLAN_DECISIONS
    assert {get_args(get_args(event)[0])[0] for event in get_args(unions.PlanDecision)} == unions.PLAN_DECISIONS


#: file, what stands there, what is planted in its place, what mypy says
PLANTED = [
    ("projections/plans/projection.py", '"title": e.data["title"]', '"title": e.data["titel"]', 'no key "titel"'),
    ("projections/plans/projection.py", '"title": e.data["title"]', '"titel": e.data["title"]', 'Extra key "titel"'),
    (
        "projections/plans/projection.py",
        '"title": e.data["title"]',
        '"title": e.data["size_bytes"]',
        '"title" has type',
    ),
    ("projections/plans/projection.py", 'case "plan.completed":', 'case "plan.compleated":', "assert_never"),
    (
        "projections/recoveries/projection.py",
        "if is_plan_decision(e):",
        'if e.type == "plan.approved":',
        "assert_never",
    ),
    ("projections/tasks/projection.py", 'case "task.retried":', 'case "task.started":', "assert_never"),
    ("projections/recoveries/projection.py", '            | "plan.analyzed"\n', "", "assert_never"),
    ("projections/deadlines/projection.py", '            | "plan.stalled"\n', "", "assert_never"),
    ("projections/dead_letters/projection.py", '            | "command.audited"\n', "", "assert_never"),
    ("streams/hosts/dispatch.py", '            | "plan.analyzed"\n', "", "assert_never"),
    ("streams/hosts/dispatch.py", "request_analysis(event)", "make_phase1(event)", "incompatible type"),
    ("streams/analysis/handler.py", 'event.data["document_id"]', 'event.data["document"]', 'no key "document"'),
    ("streams/phase1/handler.py", '"rule": phase1.rule,', '"regra": phase1.rule,', 'Extra key "regra"'),
    ("schemas/phase_tasks.py", '"phase": phase,', '"fase": phase,', 'Extra key "fase"'),
    ("streams/analysis/merge.py", 'result["data"]["reason"]', 'result["data"]["cause"]', 'no key "cause"'),
]


def test_the_type_checker_sees_what_is_planted_in_mappings_and_handlers(tmp_path: Path) -> None:
    """A misspelt field, a wrong type, a case that is missing: all planted in copies, checked in one run."""
    for n, (file, there, planted, _) in enumerate(PLANTED):
        text = (ROOT / file).read_text("utf-8")
        assert text.count(there) == 1, f"{file} has changed: {there}"
        (tmp_path / f"planted_{n}.py").write_text(text.replace(there, planted), "utf-8")
    for n, file in enumerate({file for file, *_ in PLANTED}):
        (tmp_path / f"as_it_is_{n}.py").write_text((ROOT / file).read_text("utf-8"), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={tmp_path / 'cache'}",
         "--follow-imports=silent", *sorted(file.name for file in tmp_path.glob("*.py"))],
        cwd=tmp_path, env={"MYPYPATH": str(ROOT)}, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    for n, (file, there, planted, says) in enumerate(PLANTED):
        said = [line for line in done.stdout.splitlines() if line.startswith(f"planted_{n}.py:")]
        assert any(says in line for line in said), f"{file}: {there} -> {planted} passed:\n{done.stdout}{done.stderr}"
    assert "as_it_is" not in done.stdout
