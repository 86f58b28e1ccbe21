"""The languages of messages besides the code's own: their texts come from a catalogue."""

from __future__ import annotations

import gettext
from functools import cache
from typing import Final

from gateway.verdict.compiled import compiled
from gateway.verdict.words.speech import ENGLISH, Speech, span

#: Languages by their name in the settings. English is the code's own.
LANGUAGES: Final = ("en", "pt_BR")
DEFAULT: Final = "en"


class Catalogue:
    """A language whose texts come from a catalogue."""

    def __init__(self, texts: gettext.NullTranslations, locale: str) -> None:
        self._texts = texts
        self._locale = locale

    def text(self, message: str) -> str:
        return self._texts.gettext(message)

    def plural(self, one: str, many: str, count: int) -> str:
        return self._texts.ngettext(one, many, count)

    def number(self, value: float) -> str:
        from babel.numbers import format_decimal  # noqa: PLC0415 - see `compiled`

        return str(format_decimal(value, locale=self._locale))

    def age(self, seconds: float) -> str:
        return span(seconds, self)


@cache
def speech(language: str) -> Speech:
    """Return a language by its name; an unknown one, as of a later version, is English."""
    if language == DEFAULT or language not in LANGUAGES:
        return ENGLISH
    return Catalogue(compiled(language), language)
