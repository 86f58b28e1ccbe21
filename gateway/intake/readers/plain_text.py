"""Reads TXT and Markdown: the text, and Markdown's pipe tables as tables."""

from __future__ import annotations

import re
from typing import Final

from gateway.intake.limits import Limits
from gateway.intake.readers.decoding import decode
from gateway.intake.readers.delimited import read_text_table
from gateway.intake.readers.headings import Headings
from gateway.intake.tables import RawDocument, RawTable, table_from_rows

_RULE: Final = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)+\|?\s*$")
_HEADING: Final = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)[\s#]*")
_BAR: Final = re.compile(r"(?<!\\)\|")


def read_text(data: bytes, limits: Limits) -> RawDocument:
    """Read a text file. One that looks like a table (tab-separated TXT) is handed on as both.

    If the table turns out to be none that is known, the text is prose, or has rows that are taken out of it.
    """
    table = read_text_table(data, limits)
    return RawDocument([] if table is None else table.tables, decode(data).strip())


def read_markdown(data: bytes, limits: Limits) -> RawDocument:
    """Read Markdown; its tables leave the text and become tables."""
    lines = decode(data).splitlines()
    kept: list[str] = []
    tables: list[RawTable] = []
    headings = Headings()
    index = 0
    while index < len(lines):
        if index + 1 < len(lines) and "|" in lines[index] and _RULE.match(lines[index + 1]):
            end = index + 2
            while end < len(lines) and "|" in lines[end]:
                end += 1
            rows = [_cells(line) for line in (lines[index], *lines[index + 2 : end])]
            above = next((line for line in reversed(kept) if line.strip()), "")
            where = f"tabela {len(tables) + 1} do texto"
            raw = table_from_rows(where, rows, limits, above, headings=headings.above())
            if raw is not None:
                tables.append(raw)
            index = end
            continue
        if heading := _HEADING.fullmatch(lines[index]):
            headings.begin(len(heading[1]), heading[2])
        kept.append(lines[index])
        index += 1
    return RawDocument(tables, "\n".join(kept).strip())


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.replace("\\|", "|").strip().strip("*`") for cell in _BAR.split(inner)]
