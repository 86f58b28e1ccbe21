"""Each cause is documented, and has a section in the runbook and a recommendation."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from schemas.causes import ACTIONS, CAUSES, RECOMMENDATIONS, Action, Cause

DOCS = Path(__file__).parents[4] / "docs" / "resilience.md"


RUNBOOK = DOCS.parent / "runbooks" / "something-is-stuck.md"


def test_each_cause_has_a_recommendation() -> None:
    assert set(RECOMMENDATIONS) == set(CAUSES) == set(get_args(Cause))
    assert set(ACTIONS) == set(get_args(Action))


def test_each_cause_is_documented_and_no_other() -> None:
    documented = re.findall(r"^\| `([a-z]+-[a-z0-9]+)` \|", _section("Causes"), re.MULTILINE)
    assert sorted(documented) == sorted(get_args(Cause))


def _section(title: str) -> str:
    return DOCS.read_text("utf-8").split(f"## {title}\n")[1].split("\n## ")[0]


def test_the_runbook_has_every_cause_with_what_to_see_to_look_at_to_do_and_what_happens_by_itself() -> None:
    sections = re.split(r"^#{2,3} ", RUNBOOK.read_text("utf-8"), flags=re.MULTILINE)
    of_causes = {s.split("`")[1]: s for s in sections if s.startswith("`")}
    assert sorted(of_causes) == sorted(get_args(Cause))
    for cause, section in of_causes.items():
        assert re.findall(r"^- \*\*(.+?):\*\*", section, re.MULTILINE) == ["You see", "Look", "Act", "By itself"], cause
        look = section.partition("**Look:**")[2].partition("**Act:**")[0]
        assert "`marketplace " in look, f"{cause}: a command to look with"
