"""Describes a table's columns to a person: name, masked samples, assigned field. No buyer's data."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import Final

import polars as pl

from gateway.intake.fields import ADDED_UP, LABELS
from gateway.intake.layouts.content import Profile
from gateway.intake.layouts.guesses import ADDED, SURE, Assignment
from gateway.intake.layouts.matching import concepts, is_known
from gateway.intake.masking import mask
from gateway.intake.quoting import names_people
from gateway.intake.tables import NUMBER_MARK, RawTable
from gateway.intake.words import fold
from schemas.facts import MAX_SAMPLES_OF_COLUMN, ColumnRead

_ID_DIGITS: Final = 16
_MAX_SAMPLE_CHARS: Final = 60
_MAX_HEADER_CHARS: Final = 120
_HIDDEN: Final = ("_person", "_place")
#: Kinds of cells that are nobody's name, whatever the column is called.
_HARMLESS: Final = 0.9
#: Numbers from here on may be telephones or documents.
_LIKE_A_PHONE: Final = 10_000_000
_LETTER: Final = re.compile(r"[^\W\d_]")
_DIGIT: Final = re.compile(r"\d")
_DAY_OR_CENTS: Final = re.compile(r"^\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}\b|^\D{0,4}[\d.,]*\d[.,]\d\d$")


def header_id(headers: list[str]) -> str:
    """Return the digest of the folded header, by which the same export is known again."""
    text = "\x1f".join(fold(header) for header in headers)
    return hashlib.sha256(text.encode()).hexdigest()[:_ID_DIGITS]


def shown_headers(headers: list[str]) -> list[str]:
    """Return the columns' names, each once. A first row that may be data (`Zuleica;Santos;18`) names nothing."""
    filled = [header for header in headers if header]
    known = sum(is_known(header) for header in filled)
    certain = known >= 2 and known * 4 >= len(filled) and not any(_is_data(header) for header in filled)
    seen: Counter[str] = Counter()
    shown = []
    for index, header in enumerate(headers):
        name = mask(header)[:_MAX_HEADER_CHARS] if header and (certain or is_known(header)) else f"coluna {index + 1}"
        seen[name] += 1
        shown.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return shown


def _is_data(header: str) -> bool:
    """Return whether this is what a row of data has, and no name: a day, cents, an address, somebody's number."""
    return bool(_DAY_OR_CENTS.search(header)) or mask(header) != header


def columns_guessed(headers: list[str], frame: pl.DataFrame, assignment: Assignment) -> list[ColumnRead]:
    """Return all columns with their guessed fields, sure or not."""
    fields = {guess.index: name for name, guess in assignment.guesses.items()}
    fields |= {index: ADDED_UP for index, name in assignment.others.items() if name == ADDED}
    reads = []
    for index, shown in enumerate(shown_headers(headers)):
        profile, name = assignment.profiles[index], fields.get(index, "")
        if not headers[index] and not profile.filled:
            continue  # nothing stands in it
        hidden = assignment.others.get(index) in _HIDDEN or (not name and names_people([headers[index]]))
        samples = _samples(frame.to_series(index), profile, is_plain=bool(name) and _sure(assignment, name))
        guess = assignment.guesses.get(name)
        reads.append(
            ColumnRead(shown, [] if hidden else samples, name, guess.confidence, guess.by)
            if guess is not None
            else ColumnRead(shown, [] if hidden else samples)
        )
    return reads


def columns_of_layout(headers: list[str], names: list[str], used: set[int], own: dict[str, str]) -> list[ColumnRead]:
    """Return the columns of a known export: those that were read (`used`), and their fields.

    `names` are the headers as the layout knows them, where `headers` are in another language. `own` is what the
    layout says of columns itself.
    """
    reads = []
    for index, shown in enumerate(shown_headers(headers)):
        if index not in used:
            reads += [ColumnRead(shown)] if headers[index] else []
            continue
        fits = {name: fit for name, fit in concepts(names[index]).items() if name in LABELS}
        best = max(fits, key=lambda name: fits[name], default="")
        name = own.get(names[index], best if fits.get(best, 0.0) >= SURE else "")
        reads.append(ColumnRead(shown, [], name, 1.0, "layout"))
    return reads


def _sure(assignment: Assignment, name: str) -> bool:
    return assignment.confidence(name) >= SURE


def _samples(cells: pl.Series, profile: Profile, *, is_plain: bool) -> list[str]:
    """Return the first different cells; letters are hidden where they might be somebody's."""
    first = cells.drop_nulls().head(200).unique(maintain_order=True).head(MAX_SAMPLES_OF_COLUMN).to_list()
    texts = [" ".join(str(cell).replace(NUMBER_MARK, "").split())[:_MAX_SAMPLE_CHARS] for cell in first]
    if profile.personal > 0:
        return []
    is_amount = profile.number >= _HARMLESS and profile.maximum < _LIKE_A_PHONE
    if is_plain or is_amount or (profile.date >= _HARMLESS and not profile.counted_date):
        return [mask(text) for text in texts]
    return [_DIGIT.sub("9", _LETTER.sub("x", text)) for text in texts]


def titles_above(table: RawTable, row: int) -> list[str]:
    """Return the texts above the header."""
    return [cell for cells in table.top.head(row).rows() for cell in cells if cell]
