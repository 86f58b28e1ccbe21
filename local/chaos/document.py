"""Puts results into a document, between marks that stay for the next time."""

from __future__ import annotations

from pathlib import Path


def put(document: Path, name: str, text: str) -> None:
    """Replace what stands between `<!-- name:begin -->` and `<!-- name:end -->`. Raises LookupError without marks."""
    begin, end = f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->"
    whole = document.read_text("utf-8")
    before, found, rest = whole.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise LookupError(f"{document} has no place for {name}: the lines {begin.strip()} and {end} are missing")
    part = document.with_name(document.name + ".part")
    part.write_text(f"{before}{begin}{text.strip()}\n{end}{after}", "utf-8")
    part.replace(document)
