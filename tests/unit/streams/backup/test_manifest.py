"""What a manifest says is what was written, or it says why it cannot be used."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from streams.backup.manifest import Kept, Manifest, NotRestorable, Table, Topic, from_text, to_text, why_not_here

MANIFEST = Manifest(
    made_at=1.5,
    version="0.3.0",
    set=7,
    set_digest="d",
    changes={"tables/flow.sql": "a", "0011_pre_x.sql": "b"},
    tables=(Table("decide.head", ("stream", "kind"), Kept("table-decide.head.gz", 10, "s", 4)),),
    sequences={"decide.outbox_seq_seq": 12},
    topics=(Topic("plan.events", (0, 3), (5, 3), Kept("topic-plan.events.gz", 20, "t", 5)),),
    positions={"agents": (("plan.events", 0, 4),)},
    schemas=Kept("schemas.gz", 30, "u", 2),
)


def test_it_is_read_as_it_was_written() -> None:
    assert from_text(to_text(MANIFEST)) == MANIFEST
    assert [kept.name for kept in MANIFEST.files] == ["table-decide.head.gz", "topic-plan.events.gz", "schemas.gz"]
    assert (MANIFEST.rows, MANIFEST.records) == (4, 5)


@pytest.mark.parametrize("format_", [1, 3, "2"])
def test_another_format_is_refused_with_the_version_that_can(format_: object) -> None:
    text = json.dumps({"format": format_, "version": "9.9.9", "whatever": "it holds"})
    with pytest.raises(NotRestorable, match=r"format .* restores format 2 alone: restore it with version 9\.9\.9"):
        from_text(text)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", to_text(MANIFEST)[:-9]])
def test_half_a_manifest_is_none(text: str) -> None:
    with pytest.raises(NotRestorable, match=r"manifest\.json is damaged"):
        from_text(text)


def test_a_figure_that_was_changed_is_found() -> None:
    changed = to_text(MANIFEST).replace('"rows": 4', '"rows": 5')
    assert changed != to_text(MANIFEST)
    with pytest.raises(NotRestorable, match="does not fit its own checksum"):
        from_text(changed)


def test_it_goes_where_it_came_from_alone() -> None:
    changes = dict(MANIFEST.changes)
    assert why_not_here(MANIFEST, changes, 7, "d") == ""
    assert "of newer functions than set 6 " in why_not_here(MANIFEST, changes, 6, "c")
    assert "of older functions than set 8 " in why_not_here(MANIFEST, changes, 8, "e")
    assert "of another functions than set 7 " in why_not_here(MANIFEST, changes, 7, "other")
    assert "restore it with version 0.3.0" in why_not_here(MANIFEST, changes, 8, "e")
    assert "of other tables (0012_pre_y.sql)" in why_not_here(MANIFEST, {**changes, "0012_pre_y.sql": "c"}, 7, "d")
    assert "0011_pre_x.sql" in why_not_here(replace(MANIFEST, changes={}), changes, 7, "d")
