"""Say in English what the reader of documents wrote in Portuguese: places in a document, and remarks on its tables.

A reading is stored with its words. In English, the sentences known here are said with the same values, of old readings
too. A sentence that is not known stays as it was stored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from string import Formatter
from typing import Final

from gateway.uploads.reading_words_amounts import AMOUNTS
from gateway.uploads.reading_words_channels import CHANNELS
from gateway.uploads.reading_words_own import OWN
from gateway.uploads.reading_words_rows import ROWS
from gateway.uploads.reading_words_shown import SHOWN
from gateway.uploads.reading_words_tables import TABLES
from gateway.uploads.reading_words_values import VALUES

#: A value that is a place in the document.
_PLACE: Final = "place"
#: A value that is an amount or a share of the reader's own, and one of texts with amounts behind them: `Saque: -9,90`.
_SUM: Final = "sum"
_SUMS: Final = "sums"
_AMOUNT: Final = r"-?\d{1,3}(?:\.\d{3})*,\d+"
_OTHERWISE: Final = str.maketrans(",.", ".,")
#: As a reader writes it, and in English. `{}` is a value of the document: the first stays the first. `{:sum}` is an
#: amount; `{:more}` is one of the reader's own texts, which `VALUES` has under `more`.
PLACES: Final[Mapping[str, str]] = {
    "{:place}, cabeçalho na linha {}": "{}, header in row {}",
    "arquivo separado por “{:separator}”": "file separated by “{}”",
    "planilha “{}”": "sheet “{}”",
    "tabela {} do documento": "table {} of the document",
    "tabela {} do texto": "table {} of the text",
    "tabela {} da página": "table {} of the page",
    "tabela {} ({:place})": "table {} ({})",
    "página {}": "page {}",
    "páginas {} a {}": "pages {} to {}",
    "parágrafo {}": "paragraph {}",
    "linhas {} a {} do texto, separadas por “{:separator}”": "lines {} to {} of the text, separated by “{}”",
}
REMARKS: Final[Mapping[str, str]] = {**TABLES, **ROWS, **AMOUNTS, **SHOWN, **CHANNELS, **OWN}


def place_in_english(stored: str) -> str:
    """Say in English where in a document something stands."""
    return _said(stored, PLACES) or stored


def remark_in_english(stored: str) -> str:
    """Say in English what was remarked when a table was read."""
    return _with_place(stored) or _said(stored, REMARKS) or _two(stored) or stored


def _with_place(stored: str) -> str:
    """Say a remark behind the place that it is of; "" where no place stands before it."""
    for found in re.finditer(": ", stored):
        if where := _said(stored[: found.start()], PLACES):
            return f"{where}: {remark_in_english(stored[found.end() :])}"
    return ""


def _two(stored: str) -> str:
    """Say two remarks that stand in one text; "" where they are not known."""
    for found in re.finditer(r"\. ", stored):
        first, second = stored[: found.start() + 1], stored[found.end() :]
        if (said := _said(first, REMARKS)) and (rest := _said(second, REMARKS)):
            return f"{said} {rest}"
    return ""


def _said(stored: str, words: Mapping[str, str]) -> str:
    """Say a text by the first of these that it is one of; "" where it is none."""
    for written, english in words.items():
        if found := _pattern(written).fullmatch(stored):
            return english.format(*map(_value, _kinds(written), found.groups()))
    return ""


def _value(kind: str, value: str) -> str:
    """Say a value that is words of the reader; what the document says itself stays as it is."""
    if kind == _PLACE:
        return place_in_english(value)
    if kind in (_SUM, _SUMS):
        return re.sub(_AMOUNT, lambda found: found[0].translate(_OTHERWISE), value)
    return _said(value, VALUES[kind]) if kind else value


@cache
def _kinds(written: str) -> tuple[str, ...]:
    return tuple(kind or "" for _, field, kind, _ in Formatter().parse(written) if field is not None)


@cache
def _pattern(written: str) -> re.Pattern[str]:
    return re.compile(_expression(written, "("), re.DOTALL)


def _expression(written: str, opening: str) -> str:
    """Return the expression of a text; each of its values stands in a group that opens so."""
    parts = Formatter().parse(written)
    return "".join(
        re.escape(text) + ("" if field is None else f"{opening}{_alternatives(kind)})")
        for text, field, kind, _ in parts
    )


def _alternatives(kind: str | None) -> str:
    if kind == _SUM:
        return rf"(?:[^\d\s“”]{{1,4}} ?)?{_AMOUNT}"
    return "|".join(_expression(one, "(?:") for one in VALUES[kind]) if kind and kind in VALUES else ".*?"
