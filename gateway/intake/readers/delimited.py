"""Reads CSV with any separator, and text files that are tables."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Final

import polars as pl

from gateway.intake.limits import Limits
from gateway.intake.readers.decoding import decode
from gateway.intake.tables import RawDocument, RawTable, check_shape

SEPARATORS: Final = (";", ",", "\t", "|", "^", "~")
#: Lines that are looked at to find the separator and the width (titles above the header are narrower).
SAMPLE_LINES: Final = 200
#: Prose has commas too: a text file is a table only where this share of its lines has the same width.
TABLE_SHARE: Final = 0.8
#: More columns than this make no separator likelier.
_WIDE: Final = 12
_MAX_FIELD_CHARS: Final = 100_000


def read_csv(data: bytes, limits: Limits) -> RawDocument:
    """Read a file that its name calls a table. One column only is still a table of one column."""
    text = decode(data)
    separator, _ = separator_of(text, limits)
    return _document(text, separator or ",", limits)


def read_text_table(data: bytes, limits: Limits) -> RawDocument | None:
    """Read a text file as a table if it is one (Amazon's tab-separated TXT), else None."""
    text = decode(data)
    separator, share = separator_of(text, limits)
    if separator is None or share < TABLE_SHARE:
        return None
    return _document(text, separator, limits)


def _document(text: str, separator: str, limits: Limits) -> RawDocument:
    frame = parse(text, separator, limits)
    return RawDocument([RawTable(f"arquivo separado por “{name_of(separator)}”", frame)])


def name_of(separator: str) -> str:
    """Return a separator as a person calls it."""
    return "tabulação" if separator == "\t" else separator


def parse(text: str, separator: str, limits: Limits) -> pl.DataFrame:
    """Return all rows as text; short rows are filled with nulls. Raises `Refused` past the limits."""
    width = width_of(text, separator)
    check_shape(width, text.count("\n"), limits)
    header = separator.join(str(index) for index in range(width))
    data = f"{header}\n{text}".encode()
    try:
        frame = pl.read_csv(data, separator=separator, infer_schema=False, truncate_ragged_lines=True, null_values=[""])
    except pl.exceptions.ComputeError:
        frame = _parse_leniently(text, separator, width)
    check_shape(frame.width, frame.height, limits)
    return frame


def _parse_leniently(text: str, separator: str, width: int) -> pl.DataFrame:
    """Read text whose quotes do not match, with quotes as plain characters where Python's csv cannot read it."""
    csv.field_size_limit(_MAX_FIELD_CHARS)
    try:
        rows = _rows(list(io.StringIO(text, newline="")), separator)
    except csv.Error:
        rows = [line.split(separator) for line in text.splitlines()]
    columns = {
        str(index): [(row[index].strip(' "') or None) if index < len(row) else None for row in rows]
        for index in range(width)
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def _rows(lines: list[str], separator: str) -> list[list[str]]:
    """Return rows as Python's csv reads them, and line by line those that it lets vanish. Raises csv.Error."""
    [(between, _)] = Counter(line.count(separator) for line in lines).most_common(1)
    reader = csv.reader(lines, delimiter=separator)
    found: list[list[str]] = []
    begin = 0
    for row in reader:
        taken = lines[begin : reader.line_num]
        is_open = len(taken) > 1 and "".join(taken).count('"') % 2 > 0  # to the end of the text
        if is_open or any(_has_swallowed(cell, separator, between) for cell in row):
            found += [_alone(line.rstrip("\r\n"), separator) for line in taken]
        else:
            found.append(row)
        begin = reader.line_num
    return found


def _has_swallowed(cell: str, separator: str, between: int) -> bool:
    """Return whether a cell goes over whole rows: a quote that means inches was closed by that of a later row.

    It has as many separators then as the rows that it goes over, `between` each; a text of several lines has not.
    """
    lines = cell.count("\n")
    return lines > 0 and between > 1 and cell.count(separator) == lines * between


def _alone(line: str, separator: str) -> list[str]:
    """Return the fields of a line that is a row by itself; where its quotes do not match they are plain characters."""
    if line.count('"') % 2:
        return line.split(separator)
    return next(csv.reader([line], delimiter=separator), [])


def _sample(text: str) -> list[str]:
    lines: list[str] = []
    start = 0
    while len(lines) < SAMPLE_LINES and start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        lines.append(text[start:end])
        start = end + 1
    return lines


def width_of(text: str, separator: str) -> int:
    """Return the number of columns, by the widest of the first lines."""
    return max((width for width, _ in _widths(_sample(text), separator)), default=1)


def _widths(lines: list[str], separator: str) -> list[tuple[int, int]]:
    """Return each row's number of fields, and of lines: a text in quotes may go over many."""
    csv.field_size_limit(_MAX_FIELD_CHARS)
    try:
        reader = csv.reader(lines, delimiter=separator)
        ends = [(len(row), reader.line_num) for row in reader]
    except csv.Error:
        return [(line.count(separator) + 1, 1) for line in lines if line.strip()]
    begins = [0, *(end for _, end in ends)]
    filled = [
        sum(1 for line in lines[begin:end] if line.strip()) for begin, (_, end) in zip(begins, ends, strict=False)
    ]
    return [(width, taken) for (width, _), taken in zip(ends, filled, strict=True) if width]


def separator_of(text: str, limits: Limits) -> tuple[str | None, float]:
    """Return the separator that cuts most lines into the same number of fields, and the share of such lines."""
    lines = _sample(text)
    best: tuple[float, str | None, float] = (0.0, None, 0.0)
    for separator in SEPARATORS:
        if max((line.count(separator) for line in lines), default=0) > limits.max_columns * 4:
            check_shape(limits.max_columns + 1, 0, limits)
        widths = [(width, taken) for width, taken in _widths(lines, separator) if width > 1]
        if len(widths) < 2:
            continue
        width, _ = Counter(width for width, _ in widths).most_common(1)[0]
        covered = sum(taken for own, taken in widths if own == width)
        share = covered / max(1, sum(1 for line in lines if line.strip()))
        score = share * min(width, _WIDE)
        if share >= TABLE_SHARE and any(taken > 1 for own, taken in widths if own == width):
            score += _WIDE  # by no other one do the quotes open and close where rows begin and end
        if score > best[0]:
            best = (score, separator, share)
    return best[1], best[2]
