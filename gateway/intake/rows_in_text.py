"""Removes rows of tables from running text, so that names in them do not pass for prose.

A row names people, a sentence seldom does, and masking knows no names. So lines that look like rows are taken for rows:
a table that is understood gives figures, any other one goes through `quote`, or is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from gateway.intake.labelled_rows import with_labels
from gateway.intake.limits import Limits
from gateway.intake.quoting import names_people
from gateway.intake.readers.delimited import parse
from gateway.intake.tables import RawTable

#: Columns set apart by blanks, as in a printed list.
GAPS: Final = "   "
#: Separators that a sentence hardly has twice in a row; the comma comes last, with stricter rules.
_STRONG: Final = ("\t", ";", "|", "^", "~", GAPS)
_SPOKEN: Final = {"\t": "tabulação", GAPS: "espaços"}
_QUOTED: Final = re.compile(r'"[^"]*"')
_GAP: Final = re.compile(r"(?<![.!?:])\s{3,}")
_LOOSE_GAP: Final = re.compile(r"\s{2,}")
#: A decimal comma is no separator.
_COMMA: Final = re.compile(r"(?<!\d),|,(?!\d)")
#: `~10%` means "about".
_TILDE: Final = re.compile(r"(?<=\S)~|~(?!\d)")
_BULLET: Final = re.compile(r"\s*([-*+•]|\d{1,3}[.)])\s")
_SENTENCE_END: Final = (".", "!", "?", ":")
#: Fields of a row with commas are short; parts of a sentence need not be.
_FIELD_WORDS: Final = 6
#: A line that only parts others, as printed lists have below their header.
_RULE: Final = re.compile(r"[\s+|]*([-=_*])(?:\1|[\s+|]){4,}")
#: A field with a line break in it, or a row of one field, does not end a table.
_BRIDGE_LINES: Final = 3
_BRIDGE_CHARS: Final = 80


@dataclass(frozen=True, slots=True)
class Lifted:
    """A text without its rows, and the rows. `is_cut`: the prose was cut at the limit; the rows are complete."""

    text: str
    tables: list[RawTable]
    is_cut: bool = False


def lift_rows(text: str, limits: Limits) -> Lifted:
    """Separate what looks like rows of a table from the text; keep at most `limits.max_text_chars` of prose."""
    lines = ["" if _RULE.fullmatch(line) else line for line in text.splitlines()]
    kept: list[str] = []
    tables: list[RawTable] = []
    index = length = 0
    above, is_cut = "", False
    while index < len(lines):
        separator = _starts(lines, index)
        if separator is None:
            above = lines[index] if lines[index].strip() else above
            if length > limits.max_text_chars:
                is_cut = True
            else:
                kept.append(lines[index])
            length += len(lines[index]) + 1
            index += 1
            continue
        end = _end(lines, index, separator)
        tables.append(replace(_table(lines[index:end], index + 1, separator, limits), caption=above))
        index = end
    return Lifted("\n".join(kept).strip(), tables, is_cut)


def _starts(lines: list[str], index: int) -> str | None:
    """Return the separator of the table that begins in this line; None if none does."""
    line = lines[index]
    if not line.strip():
        return None
    following: str | None = None
    for separator in _STRONG:
        if len(_filled(line, separator)) < 2 or _is_sentence(line, separator):
            continue
        if _is_tight(line, separator):
            return separator
        following = next(_after(lines, index), "") if following is None else following
        if len(_filled(following, separator)) >= 2 and not _is_sentence(following, separator):
            return separator
    return "," if _starts_with_commas(lines, index) else None


def _starts_with_commas(lines: list[str], index: int) -> bool:
    """Say whether rows with commas begin here: prose has commas too, but not like this."""
    fields = _fields(lines[index], ",")
    if len(fields) < 2 or not _is_row_of_commas(lines[index]):
        return False
    others = _after(lines, index)
    second, third = next(others, ""), next(others, "")
    if not _is_row_of_commas(second):
        return False
    if names_people(fields) or (len(fields) >= 3 and _has_no_blanks(lines[index]) and _has_no_blanks(second)):
        return True
    return _is_row_of_commas(third) and len(fields) == len(_fields(second, ",")) == len(_fields(third, ","))


def _is_row_of_commas(line: str) -> bool:
    fields = _fields(line, ",")
    if len(fields) < 2 or _BULLET.match(line) or line.rstrip().endswith(_SENTENCE_END):
        return False
    return all(len(field.split()) <= _FIELD_WORDS for field in fields)


def _end(lines: list[str], start: int, separator: str) -> int:
    """Return the index after the table's last row. Blank lines between rows, and short ones, belong to it."""
    end = index = start + 1
    bridged = 0
    while index < len(lines):
        line = lines[index]
        if _goes_on(line, separator):
            index += 1
            end, bridged = index, 0
            continue
        if line.strip():
            bridged += 1
            if bridged > _BRIDGE_LINES or len(line) > _BRIDGE_CHARS or line.rstrip().endswith(_SENTENCE_END):
                break
        elif bridged:
            break
        index += 1
    return end


def _goes_on(line: str, separator: str) -> bool:
    if separator == ",":
        return len(_fields(line, ",")) >= 2 and not line.rstrip().endswith(_SENTENCE_END)
    if separator == GAPS:
        return bool(_LOOSE_GAP.search(line.strip()))
    return separator in line and not _is_sentence(line, separator)


def _is_sentence(line: str, separator: str) -> bool:
    """Say whether a line ends as a sentence does, and has its semicolons where a sentence has them (`so; and`)."""
    return separator == ";" and line.rstrip().endswith(_SENTENCE_END) and "; " in line and " ;" not in line


def _after(lines: list[str], index: int) -> Iterator[str]:
    return (lines[i] for i in range(index + 1, min(index + 8, len(lines))) if lines[i].strip())


def _fields(line: str, separator: str) -> list[str]:
    if separator == GAPS:
        return _GAP.split(line.strip())
    pattern = {",": _COMMA, "~": _TILDE}.get(separator)
    bare = _unquoted(line).strip()
    return bare.split(separator) if pattern is None else pattern.split(bare)


def _unquoted(line: str) -> str:
    return _QUOTED.sub("x", line) if '"' in line else line


def _filled(line: str, separator: str) -> list[str]:
    if separator != GAPS and separator not in line:
        return []
    return [field for field in _fields(line, separator) if field.strip()]


def _is_tight(line: str, separator: str) -> bool:
    """Say whether one line alone is a row: three fields at least, and no blank beside a separator."""
    if separator == GAPS:
        return False
    fields = line.strip().split(separator)
    return len(fields) >= 3 and all(field == field.strip() for field in fields) and sum(map(bool, fields)) >= 3


def _has_no_blanks(line: str) -> bool:
    return not re.search(r"\s,|,\s", _unquoted(line).strip())


def _table(lines: list[str], first: int, separator: str, limits: Limits) -> RawTable:
    where = f"linhas {first} a {first + len(lines) - 1} do texto, separadas por “{_SPOKEN.get(separator, separator)}”"
    rows = [line.strip(" ") for line in lines if line.strip()]
    if separator == GAPS:
        rows = [_LOOSE_GAP.sub("\t", line.strip().replace("\t", " ")) for line in rows]
        separator = "\t"
    if max(line.count(separator) for line in rows) >= limits.max_columns:
        return RawTable(where, pl.DataFrame({"0": rows}), free=True)  # no table of sales is so wide: left out
    return RawTable(where, with_labels(parse("\n".join(rows), separator, limits)), free=True)
