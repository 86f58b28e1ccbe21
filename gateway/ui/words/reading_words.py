"""Say what the reader of documents wrote, its places and remarks, in the language of the page."""

from __future__ import annotations

from gateway.ui import i18n
from gateway.uploads.reading_words import place_in_english, remark_in_english


def place(stored: str) -> str:
    """Say where in a document something stands."""
    return stored if i18n.current() == "pt_BR" else place_in_english(stored)


def remark(stored: str) -> str:
    """Say what was remarked when a table was read."""
    return stored if i18n.current() == "pt_BR" else remark_in_english(stored)
