"""Results find their place in a document, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.chaos.document import put

ROOT = Path(__file__).parents[4]


def test_only_what_stands_between_the_marks_is_replaced(tmp_path: Path) -> None:
    document = tmp_path / "a.md"
    document.write_text("# One\n\n<!-- chaos:begin -->\nold\nolder\n<!-- chaos:end -->\n\nTwo ç\n", "utf-8")

    put(document, "chaos", "new\n\n")
    put(document, "chaos", "newer")

    assert document.read_text("utf-8") == "# One\n\n<!-- chaos:begin -->\nnewer\n<!-- chaos:end -->\n\nTwo ç\n"
    assert list(tmp_path.iterdir()) == [document]


@pytest.mark.parametrize("text", ["", "<!-- chaos:begin -->\n", "<!-- chaos:end -->", "<!-- soak:begin -->\n"])
def test_a_document_without_its_marks_is_left_alone(tmp_path: Path, text: str) -> None:
    document = tmp_path / "a.md"
    document.write_text(text, "utf-8")

    with pytest.raises(LookupError, match="no place for chaos"):
        put(document, "chaos", "new")

    assert document.read_text("utf-8") == text


@pytest.mark.parametrize("name", ["chaos", "soak"])
def test_the_document_of_the_project_has_both_places(tmp_path: Path, name: str) -> None:
    copy = tmp_path / "reliability.md"
    copy.write_text((ROOT / "docs" / "reliability.md").read_text("utf-8"), "utf-8")

    put(copy, name, "RESULT")

    assert "RESULT" in copy.read_text("utf-8")
