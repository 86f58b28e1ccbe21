"""Every version of every event reads every other one: an old consumer meets new events, a new one the whole past."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.catalogue import versions
from tests.contract.transitive import breaks

PLANTED = Path(__file__).parent / "planted"


def planted(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((PLANTED / f"{name}.avsc").read_text("utf-8"))
    return schema


@pytest.mark.parametrize("type_", versions())
def test_all_versions_read_each_other(type_: str) -> None:
    assert breaks([schema.raw for schema in versions()[type_]]) == []


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("new_field_without_default", "v2 cannot read v1: $.assignee"),
        ("removed_field_without_default", "v1 cannot read v2: $.due_at"),
        ("type_changed", "v2 cannot read v1: $.due_at"),
        ("type_widened", "v1 cannot read v2: $.due_at"),
        ("renamed_without_alias", "v2 cannot read v1: $.deadline_at"),
        ("renamed_with_alias", "v1 cannot read v2: $.due_at"),
        ("null_no_longer_allowed", "v2 cannot read v1: $.note"),
        ("nested_field_without_default", "v2 cannot read v1: $.steps[].minutes"),
        ("record_renamed", "v2 cannot read v1: $"),
    ],
)
def test_a_planted_break_is_caught(name: str, says: str) -> None:
    found = breaks([planted("base"), planted(f"break.{name}")])
    assert any(one.startswith(says) for one in found), found


@pytest.mark.parametrize("file", sorted(PLANTED.glob("fine.*.avsc")), ids=lambda file: file.stem)
def test_an_allowed_change_is_allowed(file: Path) -> None:
    assert breaks([planted("base"), planted(file.stem)]) == []


def test_a_break_is_caught_across_two_versions() -> None:
    """Each step is allowed; the way from the first to the last is not: only a transitive check sees it."""
    removed = planted("fine.removed_field_with_default")
    back = planted("base")
    note = next(f for f in back["fields"] if f["name"] == "note")
    note.update(type=["null", "long"])
    assert breaks([planted("base"), removed]) == []
    assert breaks([removed, back]) == []
    assert any("v3 cannot read v1: $.note" in one for one in breaks([planted("base"), removed, back]))


def test_every_planted_file_is_used() -> None:
    names = {file.stem for file in PLANTED.glob("*.avsc")}
    assert {name for name in names if not name.startswith(("break.", "fine."))} == {"base"}
    assert len([name for name in names if name.startswith("break.")]) == 9
