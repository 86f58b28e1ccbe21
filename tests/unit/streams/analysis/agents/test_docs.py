"""docs/agents.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from streams.analysis.agents import shape
from streams.analysis.agents.errors import REASONS
from streams.analysis.agents.repairs import REPAIR_LIMIT, Action, Problem

DOC = (Path(__file__).parents[5] / "docs" / "agents.md").read_text()
SOURCE = Path(shape.__file__).parent


def section(title: str) -> list[str]:
    found = re.search(rf"### {title}\n\n(.*?)\n\n", DOC, re.DOTALL)
    assert found is not None
    return [line.removeprefix("- ") for line in found.group(1).splitlines()]


def test_every_phrase_of_a_repair_is_listed() -> None:
    assert section("Problems") == list(Problem)
    assert section("Actions") == list(Action)


def test_every_phrase_is_used() -> None:
    code = "".join(path.read_text() for path in SOURCE.glob("*.py"))
    unused = [p.name for p in Problem if f"Problem.{p.name}" not in code]
    unused += [a.name for a in Action if f"Action.{a.name}" not in code]
    assert unused == []


def test_no_phrase_hides_the_mark_behind_which_it_varies() -> None:
    assert not [phrase for phrase in (*Problem, *Action) if ": " in phrase]


def test_the_limits_are_the_documented_ones() -> None:
    assert f"| summary, what | {shape.SUMMARY_LIMIT:,} characters |" in DOC
    assert shape.SUMMARY_LIMIT == shape.WHAT_LIMIT
    assert f"| title | {shape.TITLE_LIMIT} characters |" in DOC
    texts = (shape.NAME_LIMIT, shape.WEEKS_LIMIT, shape.INVESTMENT_LIMIT, shape.IMPACT_LIMIT)
    assert f"| {' / '.join(map(str, texts))} characters |" in DOC
    lists = (shape.OPPORTUNITIES_LIMIT, shape.PHASES_LIMIT, shape.TASKS_LIMIT)
    assert f"| {' / '.join(map(str, lists))} |" in DOC
    assert f"| {shape.EVIDENCE_LIMIT} / {shape.SKUS_LIMIT} / {shape.LIMITS_LIMIT} |" in DOC
    assert f"after {REPAIR_LIMIT}, the rest is counted" in DOC
    assert all(f"`{reason}`" in DOC for reason in REASONS)
