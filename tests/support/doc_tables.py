"""The tables of a document, as rows of cells."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def rows(document: str, *head: str) -> list[list[str]]:
    """Return the rows below this head of a document in docs/, all tables with it together. Fails where none has it."""
    text = (DOCS / document).read_text("utf-8")
    begin = re.escape(f"| {' | '.join(head)} |") + r"\n\|[-|]+\|\n((?:\|.*\|\n)+)"
    found = re.findall(begin, text)
    assert found, f"docs/{document} has no table with the head {head}"
    return [cells(line) for table in found for line in table.splitlines()]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def names(text: str) -> list[str]:
    """Return what stands in backticks."""
    return re.findall(r"`([^`]+)`", text)
