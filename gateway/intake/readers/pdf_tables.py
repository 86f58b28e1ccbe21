"""Joins tables that continue over pages of a PDF, and marks those that may be cut."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.intake.layouts.called import CREDIT_NOTES
from gateway.intake.limits import Limits
from gateway.intake.readers.pdf_page import Page, PageTable
from gateway.intake.tables import RawTable, table_from_rows
from gateway.intake.words import fold

#: A line is a page's running head or foot where it stands on so many pages, whatever its numbers are.
_RUNNING_PAGES: Final = 2
_NUMBER: Final = re.compile(r"\d+")
#: Of a head of several lines, and of a foot, so many are looked at.
_RUNNING_LINES: Final = 4
#: A line of a PDF has no style that tells a heading; one of so few words that ends no sentence is taken for one.
_HEADING_WORDS: Final = 3
#: What a program writes between a report's title and its table: of when it is, and who made it when.
_OF_REPORT: Final = re.compile(
    r"^(periodo|gerad[oa]|emitid[oa]|emissao|impress[oa]|data|de \d{1,2}/|filtros?|usuario|hora|period|generated|"
    r"printed|created|from \d|generado|fecha)\b"
)
_SENTENCE_ENDS: Final = (".", ",", ";", "!", "?")
CUT: Final = "a tabela{same} pode continuar na página {page}, que não foi lida: por isso não foi somada."
_SAME: Final = " tem o mesmo cabeçalho de outra, que"


@dataclass(slots=True)
class _Joined:
    """A table over its pages. `start` and `end` are its pieces on the first and the last of them."""

    rows: list[list[str | None]]
    start: PageTable
    end: PageTable
    first: int
    last: int
    cut_at: int = 0
    is_same: bool = False

    @property
    def cut(self) -> str:
        """Return why rows may be missing."""
        return CUT.format(same=_SAME if self.is_same else "", page=self.cut_at) if self.cut_at else ""


def tables_of(pages: Sequence[Page], unread: Collection[int], limits: Limits) -> list[RawTable]:
    """Return the tables. `unread`: numbers of pages whose tables are not known, one after the last included."""
    running = _running(pages)
    joined = _joined(pages, running)
    _mark_cut(joined, unread)
    tables: list[RawTable] = []
    heads = [_headings(page.text.splitlines(), running) for page in pages]
    for one in joined:
        told = f"página {one.first}" if one.last == one.first else f"páginas {one.first} a {one.last}"
        where = f"tabela {len(tables) + 1} ({told})"
        above = (line for line in reversed(one.start.above) if _without_numbers(line) not in running)
        headings = [head for page in heads[: one.first - 1] for head in page] + _headings(one.start.above, running)
        raw = table_from_rows(where, one.rows, limits, _caption(above), one.cut, tuple(headings))
        if raw is not None:
            tables.append(raw)
    return tables


def _caption(above: Iterable[str]) -> str:
    """Return the line above a table; one that tells of the report alone comes with the title above it."""
    lines: list[str] = []
    for line in above:
        lines.insert(0, line)
        if not _OF_REPORT.search(fold(line).strip()):
            break
    return " ".join(lines)


def _joined(pages: Sequence[Page], running: Collection[str]) -> list[_Joined]:
    joined: list[_Joined] = []
    for number, page in enumerate(pages, start=1):
        for table in page.tables:
            last = joined[-1] if joined else None
            if last is not None and last.last == number - 1 and _goes_on(last.end, table, running):
                last.rows += table.rows[1:] if table.rows[0] == last.rows[0] else table.rows
                last.end, last.last = table, number
            else:
                joined.append(_Joined(list(table.rows), table, table, number, number))
    return joined


def _goes_on(end: PageTable, start: PageTable, running: Collection[str]) -> bool:
    """Say whether the second, of the next page, is the rest of the first: only heads and feet stand between them."""
    if not (end.is_last and start.is_first and end.fits(start)):
        return False
    return all(_without_numbers(line) in running for line in (*end.below, *start.above))


def _running(pages: Sequence[Page]) -> frozenset[str]:
    """Return the lines that stand at the top or at the bottom of several pages, their numbers left out."""
    counts: Counter[str] = Counter()
    for page in pages:
        ends = [line for line in page.text.splitlines() if line.strip()]
        counts.update({_without_numbers(line) for line in (*ends[:_RUNNING_LINES], *ends[-_RUNNING_LINES:])})
    return frozenset(line for line, count in counts.items() if count >= _RUNNING_PAGES)


def _headings(lines: Sequence[str], running: Collection[str]) -> list[str]:
    """Return the lines that may be headings: short ones that begin as a sentence does and do not end so.

    A line that ends as a credit note is called says what the document is, whoever's name stands before it.
    """
    return [
        line
        for line in map(str.strip, lines)
        if line[:1].isupper() or line[:1].isdigit()
        if len(line.split()) <= _HEADING_WORDS or re.search(rf"\b({CREDIT_NOTES})$", fold(line))
        if not line.endswith(_SENTENCE_ENDS)
        if _without_numbers(line) not in running
    ]


def _without_numbers(line: str) -> str:
    return _NUMBER.sub("0", " ".join(fold(line).split()))


def _mark_cut(tables: list[_Joined], unread: Collection[int]) -> None:
    """Mark what stands beside a page that was not read, and all tables with the same header: they are one."""
    for table in tables:
        if table.end.is_last and table.last + 1 in unread:
            table.cut_at = table.last + 1
        elif table.start.is_first and table.first - 1 in unread:
            table.cut_at = table.first - 1
    cut = [table for table in tables if table.cut_at]
    for table in tables:
        same = next((one for one in cut if one.rows[0] == table.rows[0]), None)
        if same is not None and not table.cut_at:
            table.cut_at, table.is_same = same.cut_at, True
